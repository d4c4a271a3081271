/** Requests and responses on one connection, and on several. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { CannotSendRequest, HTTPConnection, HTTPMessage, request, ResponseNotReady, ValueError } from '@httplib/http';

import { closing, origin, ports } from './support/site.mjs';

const connect = (t, options) => closing(t, new HTTPConnection('127.0.0.1', ports.plain, options));

/** What the server was asked. */
async function echoed(connection, method, options) {
  await connection.request(method, '/echo?a=b', options);
  return (await connection.getResponse()).json();
}

test('a response has status, reason, version and headers as they were sent', async (t) => {
  const connection = connect(t);
  await connection.request('GET', '/hello');
  const response = await connection.getResponse();
  assert.deepEqual([response.status, response.reason, response.version], [200, 'OK', 11]);
  assert.equal(response.headers.get('x-KIND'), 'greeting, short');
  assert.deepEqual(response.headers.getAll('x-kind'), ['greeting', 'short']);
  assert.equal(response.headers.get('x-other'), undefined);
  assert.equal(response.headers.has('content-length'), true);
  assert.equal(response.length, 6);
  assert.equal(await response.text(), 'hello\n');
  assert.equal(response.isClosed, true);
  assert.equal((await response.read()).length, 0);
});

test('headers keep their order and case', () => {
  const message = new HTTPMessage([
    ['b', '1'],
    ['A', '2'],
    ['B', '3'],
  ]);
  assert.deepEqual(
    [...message],
    [
      ['b', '1'],
      ['A', '2'],
      ['B', '3'],
    ],
  );
  assert.equal(message.get('b'), '1, 3');
  assert.equal(message.size, 3);
});

test('a request has the automatic headers first, then the given ones in order and case', async (t) => {
  const connection = connect(t);
  const headers = { 'x-B': '1', 'X-a': ['2', '3'] };
  const { rawHeaders, method, url } = await echoed(connection, 'PUT', { body: 'ä', headers });
  assert.deepEqual([method, url], ['PUT', '/echo?a=b']);
  const automatic = ['Host', `127.0.0.1:${ports.plain}`, 'Accept-Encoding', 'identity', 'Content-Length', '2'];
  assert.deepEqual(rawHeaders, [...automatic, 'x-B', '1', 'X-a', '2', 'X-a', '3']);
});

test('headers can be pairs or a Headers', async (t) => {
  const connection = connect(t);
  const pairs = await echoed(connection, 'GET', {
    headers: [
      ['X-One', '1'],
      ['X-One', '2'],
    ],
  });
  assert.deepEqual(pairs.rawHeaders.slice(-4), ['X-One', '1', 'X-One', '2']);
  const headers = await echoed(connection, 'GET', { headers: new Headers({ 'X-Two': '2' }) });
  assert.deepEqual(headers.rawHeaders.slice(-2), ['x-two', '2']);
});

test('requests follow each other on one socket', async (t) => {
  const connection = connect(t);
  const first = await echoed(connection, 'GET');
  const second = await echoed(connection, 'POST', { body: new Uint8Array(3) });
  assert.equal(first.port, second.port);
});

test('a connection that was closed opens another socket', async (t) => {
  const connection = connect(t);
  const first = await echoed(connection, 'GET');
  await connection.close();
  const second = await echoed(connection, 'GET');
  assert.notEqual(first.port, second.port);
});

test('HEAD and 204 have no body, and the connection goes on', async (t) => {
  const connection = connect(t);
  for (const [method, path] of [
    ['HEAD', '/hello'],
    ['GET', '/empty'],
  ]) {
    await connection.request(method, path);
    const response = await connection.getResponse();
    assert.equal(response.isClosed, true);
    assert.equal(await response.text(), '');
  }
  assert.equal((await echoed(connection, 'GET')).method, 'GET');
});

test('a body is read by amounts', async (t) => {
  const connection = connect(t);
  await connection.request('GET', '/hello');
  const response = await connection.getResponse();
  const read = async (amount) => Buffer.from(await response.read(amount)).toString();
  assert.deepEqual([await read(2), await read(3), await read(10), await read(10)], ['he', 'llo', '\n', '']);
  await assert.rejects(response.read(-1), RangeError);
});

test('connections go on at once', async () => {
  // The server answers nobody before all four are there.
  const fetch = async () => (await request('GET', `${origin}/together?count=4`)).text();
  assert.deepEqual(await Promise.all([fetch(), fetch(), fetch(), fetch()]), ['all', 'all', 'all', 'all']);
});

test('the event loop goes on while a response is awaited', async (t) => {
  const connection = connect(t);
  await connection.connect();
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 10);
  await connection.request('GET', '/slow?ms=500');
  await connection.getResponse();
  clearInterval(timer);
  assert.ok(ticks >= 10, `${ticks} ticks of 10 ms in 500 ms`);
});

test('interim responses are told', async () => {
  const response = await request('GET', `${origin}/hints`);
  assert.equal(await response.text(), 'hinted');
  const [hints] = response.interimResponses;
  assert.equal(hints.status, 103);
  assert.equal(hints.headers.get('Link'), '</a.css>; rel=preload');
});

test('calls out of order are errors that change nothing', async (t) => {
  const connection = connect(t);
  const refused = (made, type, state) => assert.rejects(made, (it) => it instanceof type && it.state === state);
  await refused(connection.getResponse(), ResponseNotReady, 'idle');
  await connection.request('GET', '/hello');
  await refused(connection.request('GET', '/'), CannotSendRequest, 'request-sent');
  assert.equal(await (await connection.getResponse()).text(), 'hello\n');
});

test('the next response comes when the last one is read or closed', async (t) => {
  const connection = connect(t);
  await connection.request('GET', '/big?size=10000000');
  const response = await connection.getResponse();
  await connection.request('GET', '/hello');
  await assert.rejects(connection.getResponse(), ResponseNotReady);
  await response.close();
  await connection.close();
  assert.equal((await echoed(connection, 'GET')).method, 'GET');
});

test('what can not be sent is refused', async (t) => {
  const connection = connect(t);
  await assert.rejects(connection.request('GET', '/', { headers: { 'X-A': 'a\r\nX-B: b' } }), ValueError);
  await assert.rejects(connection.request('G T', '/'), ValueError);
  await assert.rejects(connection.request('GET', '/', { body: 5 }), TypeError);
  assert.equal((await echoed(connection, 'GET')).method, 'GET');
});

test('a URL is read as by the platform, and without a path it asks for the root', async () => {
  const cases = [
    [`${origin}?echo#c`, '/?echo'],
    [new URL('/echo?a b', origin), '/echo?a%20b'],
  ];
  for (const [url, target] of cases) assert.equal((await (await request('GET', url)).json()).url, target);
});

test('a body waits for 100 Continue as long as it is told', async (t) => {
  const connection = connect(t, { continueTimeout: 10 });
  const asked = { headers: { Expect: '100-continue' }, body: 'body' };
  for (const milliseconds of [10, 20]) {
    await connection.request('POST', '/echo?silent', asked);
    assert.equal((await (await connection.getResponse()).json()).length, 4);
    await connection.setContinueTimeout(milliseconds);
  }
  await assert.rejects(connection.setContinueTimeout(0), RangeError);
});

test('one call makes a request', async () => {
  const response = await request('POST', `${origin}/echo?x=y#fragment`, { body: 'text', headers: { 'X-A': 'b' } });
  const { method, url, length } = await response.json();
  assert.deepEqual({ method, url, length }, { method: 'POST', url: '/echo?x=y', length: 4 });
});

test('JSON and bytes', async () => {
  assert.deepEqual(await (await request('GET', `${origin}/json`)).json(), { answer: 42 });
  const bytes = await (await request('GET', `${origin}/hello`)).bytes();
  assert.ok(bytes instanceof Uint8Array);
  assert.equal(bytes.length, 6);
});

test('the options of a connection reach the component', async (t) => {
  const connection = connect(t, { maxResponseHeaders: 1, sourceAddress: ['127.0.0.2', 0] });
  await connection.request('GET', '/hello');
  await assert.rejects(connection.getResponse(), { code: 'too-many' });
  const other = connect(t, { sourceAddress: ['192.0.2.1', 0] });
  await assert.rejects(other.connect(), { code: 'address-not-bindable', phase: 'bind' });
});

test('what is disposed of is closed', async () => {
  const connection = new HTTPConnection('127.0.0.1', ports.plain);
  await connection.request('GET', '/big?size=10000000');
  const response = await connection.getResponse();
  await response[Symbol.asyncDispose]();
  assert.equal(response.isClosed, true);
  const { port } = await echoed(connection, 'GET');
  await connection[Symbol.asyncDispose]();
  assert.notEqual((await echoed(connection, 'GET')).port, port);
  await connection.close();
});

test('the debug level prints what is sent and received', async () => {
  const program = `
    import { HTTPConnection } from '@httplib/http';
    const connection = new HTTPConnection('127.0.0.1', ${ports.plain});
    await connection.setDebuglevel(1);
    await connection.request('GET', '/hello');
    await connection.getResponse();`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  assert.match(stderr, /^send: .*GET \/hello/m);
  assert.match(stderr, /^header: X-Kind: greeting/m);
});
