/**
 * `node fetch.mjs HOST PORT CA`: fetches `/` over HTTPS, trusting the certificate authorities in the
 * PEM file `CA` as well, and prints the status and the body.
 *
 * It ends with 1 and a line on standard error when that failed.
 */

import { readFileSync } from 'node:fs';

import { client } from './httplib/httplib.js';

const { HttpConnection, TlsContext, describe } = client;

/** Nanoseconds that each step of a request may take. */
const TIMEOUT = 10_000_000_000n;

function fetchPage(host, port, ca) {
  const context = TlsContext.createDefault();
  context.loadVerifyLocations({ tag: 'bytes', val: readFileSync(ca) });
  const connection = HttpConnection.https(host, port, { context, timeout: TIMEOUT });
  connection.request('GET', '/', undefined, []);
  const response = connection.getResponse();
  console.log(response.status(), response.reason());
  process.stdout.write(response.read());
}

/** What to say of a WIT error. */
function explain(error) {
  if (error.tag === 'tls' && error.val.tag === 'hostname-mismatch') {
    return `hostname-mismatch: ${error.val.val}`;
  }
  return describe(error);
}

const [host, port, ca] = process.argv.slice(2);
if (ca === undefined) {
  console.error('usage: node fetch.mjs HOST PORT CA');
  process.exit(1);
}
try {
  fetchPage(host, Number(port), ca);
} catch (error) {
  // A WIT error is the payload of what is thrown; anything else is not ours to explain.
  if (error.payload === undefined) throw error;
  console.error(explain(error.payload));
  process.exitCode = 1;
}
