/** One request in one call. */

import { HTTPConnection, HTTPSConnection, type RequestOptions } from './connection.js';
import { InvalidURL } from './errors.js';
import type { HTTPSConnectionOptions, TLSOptions } from './options.js';
import type { HTTPResponse } from './response.js';

/** The options of a request and of its connection. */
export interface OneRequestOptions extends RequestOptions, HTTPSConnectionOptions {
  /** The proxy to go through, as {@link HTTPConnection.setProxy} takes it. */
  proxy?: string;
  /** What to trust if the proxy itself is reached over TLS. */
  proxyTLS?: TLSOptions;
}

/**
 * `request` and `getResponse` on a connection of their own, which is closed when the body is read or given up.
 *
 * `url` is absolute, `http:` or `https:`, without user information, and is read as by `new URL`. A fragment is not
 * sent, no redirect is followed, and no proxy is used unless one is given.
 */
export async function request(
  method: string,
  url: string | URL,
  options: OneRequestOptions = {},
): Promise<HTTPResponse> {
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

/** The parts of the URL; the connection checks what is in them. */
function parse(url: string | URL): { isHTTPS: boolean; host: string; target: string } {
  const text = String(url);
  if (!URL.canParse(text)) throw invalid(`not an absolute URL: ${text}`);
  const { protocol, username, password, host, pathname, search } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') throw invalid(`neither http: nor https: ${text}`);
  if (username !== '' || password !== '') throw invalid('user information in a URL');
  return { isHTTPS: protocol === 'https:', host, target: pathname + search };
}

function invalid(text: string): InvalidURL {
  return new InvalidURL('invalid-url', text, { cause: { tag: 'http', val: { tag: 'invalid-url', val: text } } });
}
