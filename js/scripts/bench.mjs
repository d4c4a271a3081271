/**
 * `npm run bench`: start-up, requests, and large bodies, beside Node.js's own client in the same run.
 *
 * The servers are another process on this machine; each figure is the best of some runs.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';

import { HTTPConnection, HTTPSConnection } from '@httplib/http';

const SIZE = 256 * 2 ** 20;
const RUNS = 5;
const REQUESTS = 500;

const server = fork(new URL('bench-server.mjs', import.meta.url));
const [{ ports, ca }] = await once(server, 'message');

/** A client: how it downloads a path, the body thrown away. */
const CLIENTS = {
  'http, @httplib/http': ours(new HTTPConnection('127.0.0.1', ports.plain)),
  'http, node:http': theirs(http, { port: ports.plain, agent: new http.Agent({ keepAlive: true }) }),
  'https, @httplib/http': ours(new HTTPSConnection('localhost', ports.secure, { tls: { ca } })),
  'https, node:https': theirs(https, { port: ports.secure, agent: new https.Agent({ keepAlive: true, ca }) }),
};

function ours(connection) {
  return async (path) => {
    await connection.request('GET', path);
    let length = 0;
    for await (const block of await connection.getResponse()) length += block.length;
    return length;
  };
}

function theirs(module, options) {
  return async (path) => {
    const [response] = await once(module.get({ host: 'localhost', path, ...options }), 'response');
    let length = 0;
    for await (const block of response) length += block.length;
    return length;
  };
}

async function seconds(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

async function best(work) {
  let fastest = Infinity;
  for (let run = 0; run < RUNS; run += 1) fastest = Math.min(fastest, await seconds(work));
  return fastest;
}

/** From nothing to an open connection: the first one of the process, and one beside it. */
for (const which of ['first', 'next']) {
  const connection = new HTTPConnection('127.0.0.1', ports.plain);
  console.log(`${which} connection: ${(1000 * (await seconds(() => connection.connect()))).toFixed(0)} ms`);
}

for (const [name, get] of Object.entries(CLIENTS)) {
  const download = await best(async () => {
    if ((await get(`/${SIZE}`)) !== SIZE) throw new Error(`${name}: a body of another size`);
  });
  const requests = await best(async () => {
    for (let count = 0; count < REQUESTS; count += 1) await get('/100');
  });
  const speed = `${(SIZE / 1e6 / download).toFixed(0)} MB/s`;
  console.log(`${name}: ${speed}, ${(REQUESTS / requests).toFixed(0)} requests/s`);
}
server.disconnect();
process.exit();
