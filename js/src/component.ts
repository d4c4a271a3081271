/**
 * `@httplib/http/component`: the component itself, with the interfaces of its WIT.
 *
 * Its calls are synchronous and block the thread. Errors are thrown as an `Error` whose `payload` is the WIT value,
 * which `client.describe` puts into words.
 *
 * ```js
 * import { client } from '@httplib/http/component';
 *
 * const connection = client.HttpConnection.https('www.python.org', undefined, undefined, undefined);
 * connection.request('GET', '/', undefined, []);
 * const response = connection.getResponse();
 * ```
 */

import type { Httplib } from './generated/httplib.js';
import { compileSync, instance } from './instantiate.js';

export type * as Client from './generated/interfaces/httplib-http-client.js';
export type * as Status from './generated/interfaces/httplib-http-status.js';

const httplib: Httplib = instance(compileSync());

/** `httplib:http/client`: connections, responses, errors. */
export const client: Httplib['client'] = httplib.client;

/** `httplib:http/status`: default ports, status codes and reason phrases. */
export const status: Httplib['status'] = httplib.status;
