/** One request in one call. */

import { HTTPConnection, HTTPSConnection, type RequestOptions } from './connection.js';
import { InvalidURL } from './errors.js';
import type { HTTPSConnectionOptions, TLSOptions } from './options.js';
import type { HTTPResponse } from './response.js';

/** The options of a request and of its connection. */
export interface OneRequestOptions extends RequestOptions, HTTPSConnectionOptions {
  /** The proxy to go through, as {@link HTTPConnection.setProxy} takes it. */
  proxy?: string;
  /** What to trust where the proxy itself is reached over TLS. */
  proxyTLS?: TLSOptions;
}

/**
 * `request` and `getResponse` on a connection of their own, which is closed when the body is read or given up.
 *
 * `url` is absolute, `http:` or `https:`, without user information. A fragment is not sent, no redirect is followed,
 * and no proxy is asked unless one is given.
 */
export async function request(method: string, url: string, options: OneRequestOptions = {}): Promise<HTTPResponse> {
  const { proxy, proxyTLS } = options;
  const { isHTTPS, host, target } = parse(url);
  const connection = isHTTPS ? new HTTPSConnection(host, options) : new HTTPConnection(host, options);
  connection.closeWithResponse();
  try {
    if (proxy !== undefined) await connection.setProxy(proxy, proxyTLS);
    await connection.request(method, target, options);
    return await connection.getResponse();
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The parts; what is in them is checked by the connection. */
function parse(url: string): { isHTTPS: boolean; host: string; target: string } {
  const { scheme, host, path } = /^(?<scheme>https?):\/\/(?<host>[^/?#]*)(?<path>[^#]*)/i.exec(url)?.groups ?? {};
  if (scheme === undefined || host === undefined || path === undefined) {
    const cause = { tag: 'http', val: { tag: 'invalid-url', val: url } };
    throw new InvalidURL('invalid-url', `no absolute http: or https: URL: ${url}`, { cause });
  }
  return { isHTTPS: scheme.toLowerCase() === 'https', host, target: path.startsWith('/') ? path : `/${path}` };
}
