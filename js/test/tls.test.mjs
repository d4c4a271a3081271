/** What is trusted, what is shown, and what is told of it. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { HTTPSConnection, request, SocketError, TLSError } from '@httplib/http';

import { ca, client, closing, crl, ports, secureOrigin, serverKey } from './support/site.mjs';

const hello = (tls, host = `localhost:${ports.secure}`) => request('GET', `https://${host}/hello`, { tls });

const fails = (code, made) => assert.rejects(made, (error) => error instanceof TLSError && error.code === code);

test('the default is to trust nobody of the tests', async () => {
  await fails('unknown-issuer', hello(undefined));
  await fails('unknown-issuer', hello({}));
});

test('an own authority is trusted, as text, as bytes, and among several', async () => {
  const der = new Uint8Array(new X509Certificate(ca).raw);
  for (const given of [ca, Buffer.from(ca), der, [ca, der]]) {
    assert.equal(await (await hello({ ca: given })).text(), 'hello\n');
  }
});

test('the default authorities are trusted beside an own one, or not at all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'httplib-'));
  const defaults = join(folder, 'defaults.pem');
  writeFileSync(defaults, ca);
  const program = `
    import { request } from '@httplib/http';
    const other = process.argv[1];
    for (const tls of [{}, { ca: other }, { ca: other, defaultAuthorities: false }, { defaultAuthorities: false }]) {
      const said = await request('GET', '${secureOrigin}/hello', { tls }).catch((error) => error);
      console.log(said.status ?? said.code);
    }`;
  const env = { ...process.env, SSL_CERT_FILE: defaults };
  const given = ['--input-type=module', '--eval', program, '--', client.cert];
  const { stdout } = await promisify(execFile)(process.execPath, given, { env });
  rmSync(folder, { recursive: true });
  assert.equal(stdout, '200\n200\nunknown-issuer\nconfiguration\n');
  assert.equal((await hello({ ca, defaultAuthorities: false })).status, 200);
});

test('the authorities of a directory are trusted, but for links that lead out of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'httplib-'));
  writeFileSync(join(folder, 'ca.pem'), ca);
  for (const name of ['files', 'links']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'files', 'ca.crt'), ca);
  symlinkSync('ca.crt', join(folder, 'files', '12345678.0'));
  symlinkSync('../ca.pem', join(folder, 'links', '12345678.0'));
  const program = `
    import { request } from '@httplib/http';
    const said = await request('GET', '${secureOrigin}/hello').catch((error) => error);
    console.log(said.status ?? said.code);`;
  const say = async (name) => {
    const env = { ...process.env, SSL_CERT_DIR: join(folder, name), SSL_CERT_FILE: '' };
    return (await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { env })).stdout;
  };
  assert.deepEqual([await say('files'), await say('links')], ['200\n', 'unknown-issuer\n']);
  rmSync(folder, { recursive: true });
});

test('a certificate for another name is refused, and the error tells its names', async () => {
  const made = hello({ ca }, `127.0.0.1:${ports.secure}`);
  await assert.rejects(made, (error) => {
    assert.ok(error instanceof TLSError && error instanceof SocketError);
    assert.equal(error.name, 'TLSError');
    assert.equal(error.code, 'hostname-mismatch');
    assert.match(error.message, /localhost/);
    assert.equal(error.cause.tag, 'tls');
    return true;
  });
});

test('names and certificates go unchecked for who asks so', async () => {
  const host = `127.0.0.1:${ports.secure}`;
  assert.equal((await hello({ ca, checkHostname: false }, host)).status, 200);
  assert.equal((await hello({ checkHostname: false, verifyMode: 'none' }, host)).status, 200);
});

test('a revoked certificate is refused', async () => {
  await fails('certificate-revoked', hello({ ca, crls: crl }));
});

test('a pin accepts its key and no other', async () => {
  const pin = createHash('sha256')
    .update(createPublicKey(serverKey).export({ type: 'spki', format: 'der' }))
    .digest();
  assert.equal((await hello({ ca, pins: [pin] })).status, 200);
  assert.equal((await hello({ ca, pins: [pin.toString('base64')] })).status, 200);
  await fails('bad-certificate', hello({ ca, pins: [new Uint8Array(32)] }));
});

test('a client shows its certificate', async () => {
  const who = async (tls) => (await request('GET', `https://localhost:${ports.friends}/who`, { tls })).text();
  assert.equal(await who({ ca, ...client }), 'friend');
  assert.equal(await who({ ca, cert: client.cert + client.key }), 'friend');
  await assert.rejects(who({ ca }), TLSError);
});

test('a key that is no key is refused before anything is sent', async () => {
  await fails('configuration', hello({ ca, cert: client.cert, key: 'nonsense' }));
  await fails('configuration', hello({ ca: 'nonsense' }));
  assert.throws(() => new HTTPSConnection('localhost', { tls: { key: client.key } }), TypeError);
  assert.throws(() => new HTTPSConnection('localhost', { tls: { minimumVersion: 'SSLv3' } }), TypeError);
});

test('the session tells what was agreed on', async (t) => {
  const tls = { ca, minimumVersion: 'TLSv1.3', alpn: ['http/1.1'] };
  const connection = closing(t, new HTTPSConnection('localhost', ports.secure, { tls }));
  assert.equal(await connection.tlsSession(), undefined);
  await connection.connect();
  const session = await connection.tlsSession();
  assert.equal(session.version, 'TLSv1.3');
  assert.match(session.cipherSuite, /^TLS_/);
  assert.equal(session.alpn, 'http/1.1');
  const [certificate] = session.peerCertificates;
  assert.match(new X509Certificate(certificate).subjectAltName, /localhost/);
});

test('cipher suites are offered as they are named', async (t) => {
  for (const cipherSuites of [['TLS_AES_128_GCM_SHA256'], ['TLS_CHACHA20_POLY1305_SHA256']]) {
    const connection = closing(t, new HTTPSConnection('localhost', ports.secure, { tls: { ca, cipherSuites } }));
    await connection.connect();
    assert.equal((await connection.tlsSession()).cipherSuite, cipherSuites[0]);
  }
  await assert.rejects(hello({ ca, cipherSuites: ['RC4-SHA'] }), { name: 'ValueError' });
});

test('the session is told after a response that closes', async (t) => {
  const connection = closing(t, new HTTPSConnection('localhost', ports.secure, { tls: { ca } }));
  await connection.request('GET', '/hello', { headers: { Connection: 'close' } });
  const response = await connection.getResponse();
  assert.ok(response.willClose);
  await response.text();
  assert.ok((await connection.tlsSession()).peerCertificates.length > 0);
  await connection.close();
  assert.equal(await connection.tlsSession(), undefined);
});

test('a connection goes on after a handshake that failed', async (t) => {
  const connection = closing(t, new HTTPSConnection('127.0.0.1', ports.secure, { tls: { ca } }));
  for (const _ of [1, 2]) await fails('hostname-mismatch', connection.request('GET', '/hello'));
});

test('https is spoken by HTTPSConnection', async (t) => {
  const connection = closing(t, new HTTPSConnection(`localhost:${ports.secure}`, { tls: { ca } }));
  await connection.request('GET', '/hello');
  assert.equal((await connection.getResponse()).status, 200);
  assert.equal((await request('GET', `${secureOrigin}/hello`, { tls: { ca } })).status, 200);
});
