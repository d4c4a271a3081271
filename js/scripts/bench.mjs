/**
 * `npm run bench`: start-up, requests, and large bodies, beside Node.js's own client.
 *
 * The servers are another process on this machine. The two clients take turns; figures are medians, and so are the
 * ratios of a turn to the one of Node.js beside it. `--json` prints a line of JSON for each figure of each client.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';

import { HTTPConnection, HTTPSConnection } from '@httplib/http';

const SIZE = 256 * 2 ** 20;
const RUNS = 9;
const REQUESTS = 500;
const JSON_LINES = process.argv.includes('--json');

const server = fork(new URL('bench-server.mjs', import.meta.url));
const [{ ports, ca }] = await once(server, 'message');

/** Our client and Node.js's own: how each downloads a path, the body thrown away. */
const CLIENTS = {
  http: [
    ours(new HTTPConnection('127.0.0.1', ports.plain)),
    theirs(http, { port: ports.plain, agent: new http.Agent({ keepAlive: true }) }),
  ],
  https: [
    ours(new HTTPSConnection('localhost', ports.secure, { tls: { ca } })),
    theirs(https, { port: ports.secure, agent: new https.Agent({ keepAlive: true, ca }) }),
  ],
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

/** Says it to a reader, or the values to a program. */
function report(text, name, unit, values) {
  if (!JSON_LINES) return console.log(text);
  for (const [client, value] of Object.entries(values)) console.log(JSON.stringify({ name, client, unit, value }));
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** What both reach at this work, in turns. */
async function compare(name, unit, amount, work) {
  const reached = [];
  // The first turn is for the compilers.
  for (let run = 0; run <= RUNS; run += 1) {
    const [us, them] = [await seconds(() => work(0)), await seconds(() => work(1))];
    if (run > 0) reached.push([amount / us, amount / them]);
  }
  const [us, them] = [0, 1].map((which) => median(reached.map((it) => it[which])));
  const ratio = median(reached.map(([us, them]) => us / them)).toFixed(2);
  const text = `${name}: ${us.toFixed(0)} ${unit}, Node.js ${them.toFixed(0)}; ${ratio}`;
  report(text, name, unit, { '@httplib/http': us, 'Node.js': them });
}

/** From nothing to an open connection: the first one of the process, and one beside it. */
for (const which of ['first', 'next']) {
  const connection = new HTTPConnection('127.0.0.1', ports.plain);
  const ms = 1000 * (await seconds(() => connection.connect()));
  report(`${which} connection: ${ms.toFixed(0)} ms`, `${which} connection`, 'ms', { '@httplib/http': ms });
}

for (const [name, clients] of Object.entries(CLIENTS)) {
  await compare(`${name} bodies`, 'MB/s', SIZE / 1e6, async (which) => {
    if ((await clients[which](`/${SIZE}`)) !== SIZE) throw new Error(`${name}: a body of another size`);
  });
  await compare(`${name} requests`, 'requests/s', REQUESTS, async (which) => {
    for (let count = 0; count < REQUESTS; count += 1) await clients[which]('/100');
  });
}
server.disconnect();
process.exit();
