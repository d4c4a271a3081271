/** A `tls-context` of settings. */

import type { Httplib } from './generated/httplib.js';
import type { TlsContext } from './generated/interfaces/httplib-http-client.js';
import type { Pem, TLSSettings } from './settings.js';
import { dispose } from './wasi/dispose.js';

/** Makes something with a context of these settings; with none where there are none, for the component's default. */
export function withContext<T>(
  client: Httplib['client'],
  settings: TLSSettings | undefined,
  make: (context: TlsContext | undefined) => T,
): T {
  if (settings === undefined) return make(undefined);
  const context = tlsContext(client, settings);
  try {
    return make(context);
  } finally {
    dispose(context);
  }
}

function tlsContext(client: Httplib['client'], settings: TLSSettings): TlsContext {
  const context = client.TlsContext.createBare();
  if (settings.defaultAuthorities) context.loadDefaultCerts();
  // Names before modes, as `cert-none` with a check of names is refused.
  if (settings.checkHostname !== undefined) context.setCheckHostname(settings.checkHostname);
  if (settings.verifyMode !== undefined) context.setVerifyMode(settings.verifyMode);
  if (settings.minimumVersion !== undefined) context.setMinimumVersion(settings.minimumVersion);
  if (settings.cipherSuites !== undefined) context.setCipherSuites(settings.cipherSuites);
  if (settings.alpn !== undefined) context.setAlpnProtocols(settings.alpn);
  for (const ca of settings.ca) context.loadVerifyLocations(source(ca));
  for (const crl of settings.crls) context.loadCrls(source(crl));
  for (const pin of settings.pins) context.addPin(pin);
  const { chain } = settings;
  if (chain !== undefined) context.loadCertChain(source(chain.certificate), chain.key && source(chain.key));
  return context;
}

function source(contents: Pem): { tag: 'bytes'; val: Uint8Array } {
  return { tag: 'bytes', val: contents };
}
