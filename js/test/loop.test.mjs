/** What connections leave to the rest of the process: its thread. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { HTTPConnection, request } from '@httplib/http';

import { ca, closing, origin, ports, secureOrigin } from './support/site.mjs';

const SIZE = 2 ** 26;

/** How often the event loop turns while the work is done. */
async function turns(work) {
  let count = 0;
  let turn = setImmediate(function again() {
    count += 1;
    turn = setImmediate(again);
  });
  await work();
  clearImmediate(turn);
  return count;
}

async function iterated(url, options) {
  for await (const _ of await request('GET', url, options));
}

async function* pieces() {
  for (let sent = 0; sent < SIZE; sent += 65_536) yield new Uint8Array(65_536);
}

const post = (body) => request('POST', `${origin}/echo`, { body });

const WORK = {
  'a body is iterated': () => iterated(`${origin}/big?size=${SIZE}`),
  'a body is iterated over TLS': () => iterated(`${secureOrigin}/big?size=${SIZE}`, { tls: { ca } }),
  'a body is read at once': async () => (await request('GET', `${origin}/big?size=${SIZE}`)).bytes(),
  'a body is sent at once': async () => (await post(new Uint8Array(SIZE))).bytes(),
  'a body is sent over TLS': async () =>
    (await request('POST', `${secureOrigin}/echo`, { body: new Uint8Array(SIZE), tls: { ca } })).bytes(),
  'a body is sent in pieces': async () => (await post(pieces())).bytes(),
};

for (const [what, work] of Object.entries(WORK)) {
  test(`the event loop turns with each MiB while ${what}`, async () => {
    const count = await turns(work);
    assert.ok(count >= SIZE / 2 ** 20, `${count} turns`);
  });
}

const THREADS = '/proc/self/task';

test('connections have no threads', { skip: !existsSync(THREADS) }, async (t) => {
  const threads = () => readdirSync(THREADS).length;
  await (await request('GET', `${origin}/hello`)).text();
  const before = threads();
  const connections = Array.from({ length: 50 }, () => closing(t, new HTTPConnection('127.0.0.1', ports.plain)));
  const texts = connections.map(async (connection) => {
    await connection.request('GET', '/together?count=50');
    return (await connection.getResponse()).text();
  });
  assert.deepEqual(new Set(await Promise.all(texts)), new Set(['all']));
  assert.equal(threads(), before);
});
