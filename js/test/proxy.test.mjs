/** Ways through a proxy. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { HTTPConnection, HTTPSConnection, request, SocketError, TunnelError, ValueError } from '@httplib/http';

import { ca, closing, origin, ports, secureOrigin } from './support/site.mjs';

const proxy = `http://user:secret@127.0.0.1:${ports.proxy}`;

async function hello(connection) {
  await connection.request('GET', '/hello');
  return (await connection.getResponse()).text();
}

test('http goes to a proxy in absolute form', async () => {
  const response = await request('GET', `${origin}/hello`, { proxy });
  assert.equal(response.headers.get('via'), 'the proxy');
  assert.equal(await response.text(), 'hello\n');
});

test('https goes through a tunnel', async (t) => {
  const connection = closing(t, new HTTPSConnection('localhost', ports.secure, { tls: { ca } }));
  await connection.setProxy(proxy);
  assert.equal(await connection.getProxyResponseHeaders(), undefined);
  assert.equal(await hello(connection), 'hello\n');
  assert.equal((await connection.getProxyResponseHeaders()).get('x-proxy'), 'yes');
});

test('a proxy stays set when the connection was closed', async (t) => {
  const connection = closing(t, new HTTPSConnection('localhost', ports.secure, { tls: { ca } }));
  await connection.setProxy(proxy);
  await hello(connection);
  await connection.close();
  assert.equal(await hello(connection), 'hello\n');
  assert.equal((await connection.getProxyResponseHeaders()).get('x-proxy'), 'yes');
});

test('a tunnel is opened with the headers given for it', async (t) => {
  const connection = closing(t, new HTTPConnection('127.0.0.1', ports.proxy));
  await connection.setTunnel('127.0.0.1', ports.plain, { 'Proxy-Authorization': `Basic ${btoa('user:secret')}` });
  assert.equal(await hello(connection), 'hello\n');
});

test('a tunnel that is refused is a TunnelError with the reply', async () => {
  const made = request('GET', `${secureOrigin}/`, { proxy: `http://127.0.0.1:${ports.proxy}`, tls: { ca } });
  await assert.rejects(made, (error) => {
    assert.ok(error instanceof TunnelError && error instanceof SocketError);
    assert.deepEqual([error.status, error.reason, error.phase], [407, 'Who Are You', 'tunnel']);
    assert.equal(error.headers.get('proxy-authenticate'), 'Basic');
    assert.equal(Buffer.from(error.body).toString(), 'who?');
    return true;
  });
});

test('a tunnel can not be set on an open connection', async (t) => {
  const connection = closing(t, new HTTPConnection('127.0.0.1', ports.plain));
  await connection.connect();
  await assert.rejects(connection.setTunnel('localhost'), ValueError);
  await assert.rejects(connection.setProxy(proxy), ValueError);
});

test("the environment's proxy is told, and used by nobody who does not ask", async () => {
  const env = { ...process.env, http_proxy: 'http://proxy.invalid:3128', no_proxy: '', NO_PROXY: '' };
  const program = `
    import { HTTPConnection } from '@httplib/http';
    const connection = new HTTPConnection('127.0.0.1', ${ports.plain});
    console.log(await connection.proxyFromEnvironment());
    await connection.request('GET', '/hello');
    console.log((await connection.getResponse()).status);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { env });
  assert.equal(stdout, 'http://proxy.invalid:3128\n200\n');
});
