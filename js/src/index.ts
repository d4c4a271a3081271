/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Python's `httplib` for Node.js.
 *
 * ```js
 * import { HTTPSConnection } from '@httplib/http';
 *
 * const connection = new HTTPSConnection('www.python.org');
 * await connection.request('GET', '/');
 * const response = await connection.getResponse();
 * console.log(response.status, response.reason);
 * console.log(await response.text());
 * ```
 */

export type { BodyInput } from './body.js';
export { HTTPConnection, HTTPSConnection, type RequestOptions, type TLSSession } from './connection.js';
export * from './errors.js';
export { HTTPMessage } from './message.js';
export type { ConnectionOptions, HeadersInput, HTTPSConnectionOptions, PEM, TLSOptions } from './options.js';
export { request, type OneRequestOptions } from './request.js';
export { HTTPResponse, type InterimResponse } from './response.js';
export { UpgradedStream } from './upgrade.js';
