/** Connections that become something else. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HTTPConnection, HTTPSConnection, NotConnected } from '@httplib/http';

import { ca, closing, ports } from './support/site.mjs';

const text = (bytes) => Buffer.from(bytes).toString();

async function upgraded(connection) {
  await connection.request('GET', '/', { headers: { Connection: 'upgrade', Upgrade: 'loud' } });
  const response = await connection.getResponse();
  assert.equal(response.status, 101);
  return response.upgrade();
}

const CONNECTIONS = {
  HTTP: () => new HTTPConnection('127.0.0.1', ports.plain),
  HTTPS: () => new HTTPSConnection('localhost', ports.secure, { tls: { ca } }),
};

for (const [scheme, make] of Object.entries(CONNECTIONS)) {
  test(`the stream behind 101 goes both ways over ${scheme}`, async (t) => {
    const stream = await upgraded(closing(t, make()));
    assert.equal(text(await stream.read()), 'WELCOME');
    await stream.write(Buffer.from('more'));
    assert.equal(text(await stream.read()), 'MORE');
    await stream.close();
  });
}

test('a read that waits does not hold up a write', async (t) => {
  const stream = await upgraded(closing(t, CONNECTIONS.HTTP()));
  await stream.read();
  const read = stream.read();
  await stream.write(Buffer.from('now'));
  assert.equal(text(await read), 'NOW');
  await stream.close();
});

test('a response that switched to nothing has no stream', async (t) => {
  const connection = closing(t, CONNECTIONS.HTTP());
  await connection.request('GET', '/hello');
  await assert.rejects((await connection.getResponse()).upgrade(), NotConnected);
});
