/** The way to a server: its name, its addresses, and what they answer. */

import assert from 'node:assert/strict';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { test } from 'node:test';

import { HTTPConnection } from '@httplib/http';

import { parse, text } from '../dist/wasi/addresses.js';
import { closing, ports } from './support/site.mjs';

/** Something else in the place of a function of Node.js, as long as the test goes on. */
function replace(t, module, name, replacement) {
  const original = module[name];
  module[name] = replacement;
  syncBuiltinESMExports();
  t.after(() => {
    module[name] = original;
    syncBuiltinESMExports();
  });
}

/** What the resolver answers. */
function resolves(t, error, addresses) {
  const found = addresses?.map((address) => ({ address, family: net.isIP(address) }));
  replace(t, dns, 'lookup', (_name, _options, callback) => setImmediate(callback, error, found));
}

const connect = (t, port, options) => closing(t, new HTTPConnection('server.example', port, options));

test('the addresses of a name are tried in order until one answers', async (t) => {
  resolves(t, null, ['127.0.0.2', '127.0.0.1']);
  const connection = connect(t, ports.plain);
  await connection.request('GET', '/hello');
  assert.equal(await (await connection.getResponse()).text(), 'hello\n');
});

test('addresses that all fail are told in order', async (t) => {
  resolves(t, null, ['127.0.0.2', '127.0.0.1']);
  await assert.rejects(connect(t, ports.closed).connect(), (error) => {
    const tried = error.attempts.map(({ address }) => address);
    assert.deepEqual(tried, [`127.0.0.2:${ports.closed}`, `127.0.0.1:${ports.closed}`]);
    return error.code === 'connection-refused' && error.phase === 'connect';
  });
});

for (const [said, code] of [
  ['ENOTFOUND', 'name-unresolvable'],
  ['EAI_AGAIN', 'temporary-resolver-failure'],
  ['EAI_FAIL', 'permanent-resolver-failure'],
]) {
  test(`${said} is ${code}`, async (t) => {
    resolves(t, Object.assign(new Error(said), { code: said }));
    await assert.rejects(connect(t, 80).connect(), { code, phase: 'resolve' });
  });
}

test('a look-up has its timeout', async (t) => {
  replace(t, dns, 'lookup', () => {});
  await assert.rejects(connect(t, 80, { timeout: 100 }).connect(), { name: 'TimeoutError', phase: 'resolve' });
});

test('an address that is silent has its timeout', async (t) => {
  resolves(t, null, ['127.0.0.1']);
  replace(t, net, 'connect', () => new net.Socket());
  await assert.rejects(connect(t, 80, { timeout: 100 }).connect(), { name: 'TimeoutError', phase: 'connect' });
});

test('an address that is silent gives way to the next', async (t) => {
  resolves(t, null, ['127.0.0.2', '127.0.0.1']);
  const { connect: original } = net;
  replace(t, net, 'connect', (options) => (options.host === '127.0.0.2' ? new net.Socket() : original(options)));
  await connect(t, ports.plain, { timeout: 5_000 }).connect();
});

test('a source port that is taken is told', async (t) => {
  const connection = closing(t, new HTTPConnection('127.0.0.1', ports.plain, { sourceAddress: ['', ports.plain] }));
  await assert.rejects(connection.connect(), { code: 'address-in-use', phase: 'bind' });
});

test('addresses are read in all their forms', () => {
  for (const [address, groups] of [
    ['::', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 1]],
    ['2001:db8::', [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0]],
    ['1:2:3:4:5:6:7:8', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['fe80::a:b%eth0', [0xfe80, 0, 0, 0, 0, 0, 0xa, 0xb]],
    ['::ffff:1.2.3.4', [0, 0, 0, 0, 0, 0xffff, 0x102, 0x304]],
  ]) {
    assert.deepEqual(parse(address, 6), { tag: 'ipv6', val: groups }, address);
  }
  assert.deepEqual(parse('127.0.0.1', 4), { tag: 'ipv4', val: [127, 0, 0, 1] });
  assert.equal(text({ tag: 'ipv4', val: { address: [127, 0, 0, 1], port: 80 } }), '127.0.0.1');
  const linkLocal = { address: [0xfe80, 0, 0, 0, 0, 0, 0, 1], port: 80, scopeId: 2 };
  assert.equal(text({ tag: 'ipv6', val: linkLocal }), 'fe80:0:0:0:0:0:0:1%2');
});
