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

import { WASIShim } from '@bytecodealliance/preview2-shim/instantiation';

import type { Httplib, ImportObject } from './generated/httplib.js';
import { compileSync, instantiated } from './instantiate.js';
import { getDirectories } from './wasi/files.js';

export type * as Client from './generated/interfaces/httplib-http-client.js';
export type * as Status from './generated/interfaces/httplib-http-status.js';

const preopens = Object.fromEntries(getDirectories().map(([, name]) => [name, name]));
// The generated module asks for interfaces without their versions, which its declarations have.
const imports = new WASIShim({ sandbox: { preopens } }).getImportObject() as unknown as ImportObject;
const httplib: Httplib = instantiated(compileSync(), imports);

/** `httplib:http/client`: connections, responses, errors. */
export const client: Httplib['client'] = httplib.client;

/** `httplib:http/status`: default ports, status codes and reason phrases. */
export const status: Httplib['status'] = httplib.status;
