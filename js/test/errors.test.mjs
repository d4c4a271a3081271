/** Errors, by class, code and cause. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as http from '@httplib/http';

import { ports } from './support/site.mjs';

/** The error that a raw reply leads to, at the head or in the body. */
async function caught(path) {
  try {
    await (await http.request('GET', `http://127.0.0.1:${ports.raw}${path}`)).bytes();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

const CASES = [
  ['/nothing', http.RemoteDisconnected, 'remote-disconnected'],
  ['/http2', http.UnknownProtocol, 'unknown-protocol'],
  ['/nonsense', http.BadStatusLine, 'bad-status-line'],
  ['/coding', http.UnknownTransferEncoding, 'unknown-transfer-encoding'],
  ['/long', http.LineTooLong, 'line-too-long'],
  ['/many', http.HTTPException, 'too-many'],
  ['/cut', http.IncompleteRead, 'incomplete-read'],
];

for (const [path, type, code] of CASES) {
  test(`a reply of ${path} is ${type.name}`, async () => {
    const error = await caught(path);
    assert.equal(error.constructor, type, error.stack);
    assert.equal(error.name, type.name);
    assert.equal(error.code, code);
    assert.ok(error instanceof http.HTTPException && error instanceof http.ClientError && error instanceof Error);
    assert.deepEqual([error.cause.tag, error.cause.val.tag], ['http', code]);
  });
}

test('a banner is a page only where HTTP/0.9 is asked for', async () => {
  const url = `http://127.0.0.1:${ports.raw}/nonsense`;
  const page = await http.request('GET', url, { strict: false });
  assert.deepEqual([page.status, page.version], [200, 9]);
  assert.ok((await page.text()).length > 0);
  const connection = new http.HTTPConnection(`127.0.0.1:${ports.raw}`);
  await connection.request('GET', '/nonsense');
  await assert.rejects(connection.getResponse(), http.BadStatusLine);
  await connection.close();
});

test('the hierarchy is that of Python', () => {
  const { prototype } = http.RemoteDisconnected;
  assert.ok(prototype instanceof http.BadStatusLine && prototype instanceof http.HTTPException);
  assert.ok(http.ResponseNotReady.prototype instanceof http.ImproperConnectionState);
  for (const type of [http.TimeoutError, http.TLSError, http.TunnelError]) {
    assert.ok(type.prototype instanceof http.SocketError);
  }
});

test('a connection that is refused tells the addresses tried', async () => {
  const address = `127.0.0.1:${ports.closed}`;
  await assert.rejects(http.request('GET', `http://${address}/`), (error) => {
    assert.equal(error.constructor, http.SocketError);
    assert.deepEqual([error.code, error.phase], ['connection-refused', 'connect']);
    assert.deepEqual(error.attempts, [{ address, code: 'connection-refused' }]);
    return true;
  });
});

test('a connection that is reset is an error of the network', async () => {
  const error = await caught('/reset');
  assert.equal(error.constructor, http.SocketError, error.stack);
  assert.deepEqual([error.code, error.phase], ['connection-reset', 'receive']);
});

test('a name that does not exist is an error of the look-up', async () => {
  await assert.rejects(http.request('GET', 'http://nobody.invalid/'), (error) => {
    return error instanceof http.SocketError && error.phase === 'resolve';
  });
});

test('what is no URL is InvalidURL', async () => {
  for (const url of ['nonsense', 'ftp://host/', 'http:///', 'http://a b/', 'http://me@host/', 'http://host:port/']) {
    await assert.rejects(http.request('GET', url), http.InvalidURL, url);
  }
  const connection = new http.HTTPConnection('host:99999');
  await assert.rejects(connection.connect(), http.InvalidURL);
  await assert.rejects(connection.request('GET', '/'), http.InvalidURL);
});

test('an error tells where the call came from, and its name once', async () => {
  async function caller() {
    await new http.HTTPConnection('a b').connect();
  }
  await assert.rejects(caller(), (error) => {
    assert.match(error.stack, /^InvalidURL: ' ' can't stand in a host\n/);
    assert.match(error.stack, /at async caller .*errors\.test\.mjs/);
    return true;
  });
});
