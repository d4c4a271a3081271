/** Bodies in pieces, both ways. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { HTTPConnection, HTTPSConnection, IncompleteRead, request, ValueError } from '@httplib/http';

import { ca, closing, origin, ports, secureOrigin } from './support/site.mjs';

const LARGE = 64 * 2 ** 20 + 17;

async function* pieces(size, hash) {
  const block = Buffer.alloc(100_000, 'httplib');
  for (let left = size, count = 0; left > 0; left -= block.length, count += 1) {
    block.writeUInt32BE(count);
    const piece = Uint8Array.from(block.subarray(0, left));
    hash.update(piece);
    yield piece;
  }
}

for (const [scheme, from, tls] of [
  ['HTTP', origin],
  ['HTTPS', secureOrigin, { ca }],
]) {
  test(`a large body arrives whole, in blocks, over ${scheme}`, async () => {
    const response = await request('GET', `${from}/big?size=${LARGE}`, { tls });
    const hash = createHash('sha256');
    let length = 0;
    for await (const block of response) {
      hash.update(block);
      length += block.length;
    }
    assert.equal(length, LARGE);
    assert.equal(hash.digest('hex'), response.trailers.get('x-sha256'));
  });

  test(`a large body is sent in pieces over ${scheme}`, async () => {
    const hash = createHash('sha256');
    const response = await request('POST', `${from}/echo`, { tls, body: pieces(LARGE, hash) });
    const { length, sha256, rawHeaders } = await response.json();
    assert.equal(length, LARGE);
    assert.equal(sha256, hash.digest('hex'));
    assert.ok(rawHeaders.join().includes('Transfer-Encoding,chunked'));
  });
}

test('a large body is read at once', async () => {
  const response = await request('GET', `${origin}/big?size=${LARGE}`);
  const bytes = await response.bytes();
  assert.equal(createHash('sha256').update(bytes).digest('hex'), response.trailers.get('x-sha256'));
});

test('trailers are there when the body has been read', async () => {
  const response = await request('GET', `${origin}/big?size=10`);
  assert.equal(response.trailers, undefined);
  await response.read();
  assert.equal(response.trailers.size, 1);
});

test('trailers are sent', async () => {
  const body = Readable.from(['a', Buffer.from('b')]);
  const response = await request('POST', `${origin}/echo`, { body, trailers: { 'X-End': 'yes' } });
  const { length, rawTrailers } = await response.json();
  assert.equal(length, 2);
  assert.deepEqual(rawTrailers, ['X-End', 'yes']);
});

test('pieces with a Content-Length are sent as they are', async () => {
  const headers = { 'Content-Length': 4 };
  const response = await request('POST', `${origin}/echo`, { headers, body: ['ab', '', 'cd'] });
  const { length, rawHeaders } = await response.json();
  assert.equal(length, 4);
  assert.ok(!rawHeaders.includes('Transfer-Encoding'));
});

test('pieces that are fewer than announced are an error', async () => {
  const sent = request('POST', `${origin}/echo`, { headers: { 'Content-Length': 4 }, body: ['a'] });
  await assert.rejects(sent, ValueError);
});

test("what is sent stays the caller's, and a view of something large is no more than it shows", async () => {
  const large = new Uint8Array(LARGE).fill(7);
  const views = Array.from({ length: 1000 }, (_, index) => large.subarray(1000 * index, 1000 * index + 10));
  assert.equal((await (await request('POST', `${origin}/echo`, { body: views })).json()).length, 10_000);
  assert.equal((await (await request('POST', `${origin}/echo`, { body: views[1] })).json()).length, 10);
  assert.deepEqual([large.length, large[1000]], [LARGE, 7]);
});

test('a piece leaves before the next one is there', async (t) => {
  const connection = closing(t, new HTTPConnection('127.0.0.1', ports.plain));
  const uploaded = async () => (await (await request('GET', `${origin}/seen`)).json()).uploaded;
  const before = await uploaded();
  async function* body() {
    yield 'one';
    for (let tries = 0; (await uploaded()) - before < 3; tries += 1) assert.ok(tries < 100, 'it stays here');
    yield 'two';
  }
  await connection.request('POST', '/echo', { body: body() });
  assert.equal((await (await connection.getResponse()).json()).length, 6);
});

test('no more pieces are asked for than the server takes', async (t) => {
  const connection = closing(t, new HTTPConnection('127.0.0.1', ports.plain));
  let asked = 0;
  async function* body() {
    for (;;) {
      asked += 65_536;
      yield new Uint8Array(65_536);
    }
  }
  const stop = new AbortController();
  const sent = connection.request('POST', '/swallows-nothing', { body: body(), signal: stop.signal });
  const ended = assert.rejects(sent, { name: 'AbortError' });
  for (let before = -1; asked !== before; ) {
    before = asked;
    await sleep(500);
  }
  assert.ok(asked > 0 && asked < 32 * 2 ** 20, `${asked} bytes asked for`);
  stop.abort();
  await ended;
});

test('no more of a body is received than is asked for', async () => {
  const sent = async () => (await (await request('GET', `${origin}/seen`)).json()).sent;
  const response = await request('GET', `${origin}/big?size=${4 * LARGE}`);
  await response.read(1000);
  let now = await sent();
  for (let before = -1; now !== before; now = await sent()) {
    before = now;
    await sleep(300);
  }
  assert.ok(now * 65_536 < LARGE, `${now} blocks sent`);
  await response.close();
});

test('an error of the pieces is the error of the request, and the connection goes on', async (t) => {
  const connection = closing(t, new HTTPConnection('127.0.0.1', ports.plain));
  async function* body() {
    yield 'one';
    throw new EvalError('mine');
  }
  await assert.rejects(connection.request('POST', '/echo', { body: body() }), EvalError);
  await connection.request('GET', '/hello');
  assert.equal(await (await connection.getResponse()).text(), 'hello\n');
});

test('a piece that is neither text nor bytes is refused', async () => {
  await assert.rejects(request('POST', `${origin}/echo`, { body: [1, 2] }), TypeError);
});

test('a body waits for 100 Continue, and stays here where it is not welcome', async () => {
  const ask = (path) => request('POST', `${origin}${path}`, { headers: { Expect: '100-continue' }, body: ['text'] });
  assert.equal((await (await ask('/echo')).json()).length, 4);
  assert.equal((await ask('/unwelcome')).status, 417);
});

test('what waits for 100 Continue is sent as it would be otherwise', async () => {
  const body = Buffer.alloc(LARGE, 'httplib');
  const answers = [{}, { Expect: '100-continue' }].map(async (headers) => {
    const response = await request('POST', `${origin}/echo`, { headers: { ...headers, 'X-A': 'b' }, body });
    return response.json();
  });
  const [plain, expecting] = await Promise.all(answers);
  assert.equal(plain.sha256, createHash('sha256').update(body).digest('hex'));
  assert.equal(expecting.sha256, plain.sha256);
  const others = expecting.rawHeaders.join().replace(',Expect,100-continue', '');
  assert.equal(others, plain.rawHeaders.join());
});

test('an upload ends when the server answers and takes no more of it', async () => {
  let returned = false;
  async function* body() {
    try {
      for (;;) {
        yield new Uint8Array(65_536);
      }
    } finally {
      returned = true;
    }
  }
  const response = await request('POST', `http://127.0.0.1:${ports.raw}/refuses`, { body: body() });
  assert.equal(response.status, 413);
  assert.equal(await response.text(), 'too large');
  await sleep(10);
  assert.equal(returned, true);
});

test('leaving the loop closes the response and frees the connection', async (t) => {
  const connection = closing(t, new HTTPSConnection('localhost', ports.secure, { tls: { ca } }));
  await connection.request('GET', `/big?size=${LARGE}`);
  const response = await connection.getResponse();
  for await (const _ of response) break;
  assert.equal(response.isClosed, true);
  await connection.request('GET', '/hello');
  assert.equal(await (await connection.getResponse()).text(), 'hello\n');
});

test('a body that is cut is an IncompleteRead with what came', async () => {
  const response = await request('GET', `http://127.0.0.1:${ports.raw}/cut`);
  await assert.rejects(response.bytes(), (error) => {
    assert.ok(error instanceof IncompleteRead);
    assert.equal(Buffer.from(error.partial).toString(), 'hello');
    assert.equal(error.expected, 5);
    assert.equal(error.message, 'IncompleteRead(5 bytes read, 5 more expected)');
    return true;
  });
});

test('a chunked body that is cut is an IncompleteRead in the loop too', async () => {
  const response = await request('GET', `http://127.0.0.1:${ports.raw}/cut-chunked`);
  let text = '';
  await assert.rejects(async () => {
    for await (const block of response) text += Buffer.from(block).toString();
  }, IncompleteRead);
  assert.equal(text, 'hello');
});
