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

for (const [scheme, make] of Object.entries(CONNECTIONS)) {
  test(`a side that is ended leaves the other open over ${scheme}`, async (t) => {
    const stream = await upgraded(closing(t, make()));
    await stream.write(Buffer.from('more'));
    await stream.shutdown();
    let received = '';
    for await (const bytes of stream) received += text(bytes);
    assert.equal(received, 'WELCOMEMORE');
  });
}

test('a stream that is closed ends the read that waits', async (t) => {
  const stream = await upgraded(closing(t, CONNECTIONS.HTTP()));
  await stream.read();
  const ended = assert.rejects(stream.read(), NotConnected);
  await stream.close();
  await ended;
});

test('what is large goes both ways at once', async (t) => {
  const stream = await upgraded(closing(t, CONNECTIONS.HTTPS()));
  await stream.read();
  const data = Buffer.alloc(2 ** 22, 'a');
  const sent = stream.write(data);
  let length = 0;
  while (length < data.length) length += (await stream.read()).length;
  await sent;
  assert.equal(length, data.length);
});

test('a response that switched to nothing has no stream', async (t) => {
  const connection = closing(t, CONNECTIONS.HTTP());
  await connection.request('GET', '/hello');
  await assert.rejects((await connection.getResponse()).upgrade(), NotConnected);
});
