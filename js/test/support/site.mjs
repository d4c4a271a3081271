/** The servers of `server.mjs`, as a test file sees them. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after } from 'node:test';

const process = fork(new URL('server.mjs', import.meta.url));
const [told] = await once(process, 'message');
after(() => process.disconnect());

/** Where each server listens, on 127.0.0.1. */
export const ports = told.ports;

/** PEM: the authority's certificate, a list that revokes the server's, the server's public key. */
export const { ca, crl, serverKey } = told;

/** PEM: `cert` and `key` of a client that the server `friends` lets in. */
export const client = told.client;

/** Where `http:` URLs begin. */
export const origin = `http://127.0.0.1:${ports.plain}`;

/** Where `https:` URLs begin; the authority is the tests' own. */
export const secureOrigin = `https://localhost:${ports.secure}`;

/** The connection, closed when the test is over. */
export function closing(test, connection) {
  test.after(() => connection.close());
  return connection;
}
