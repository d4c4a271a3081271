/**
 * `node fetch.mjs HOST PORT CA`: fetches `/` over HTTPS, trusting the certificate authorities in the
 * PEM file `CA` as well, and prints the status and the body.
 *
 * It ends with 1 and a line on standard error when that failed.
 */

import { readFileSync } from 'node:fs';

import { ClientError, HTTPSConnection } from '@httplib/http';

async function fetchPage(host, port, ca) {
  const connection = new HTTPSConnection(host, port, { timeout: 10_000, tls: { ca } });
  await connection.request('GET', '/');
  const response = await connection.getResponse();
  console.log(response.status, response.reason);
  process.stdout.write(await response.bytes());
  await connection.close();
}

const [host, port, ca] = process.argv.slice(2);
if (ca === undefined) {
  console.error('usage: node fetch.mjs HOST PORT CA');
  process.exit(1);
}
try {
  await fetchPage(host, Number(port), readFileSync(ca));
} catch (error) {
  // Anything else is not ours to explain.
  if (!(error instanceof ClientError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
