/** The package as it is published: its tarball, installed, with the README's blocks and its types. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { examples } from './support/examples.mjs';
import { ca, client, ports } from './support/site.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json')));

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'httplib-'));
after(() => rmSync(folder, { recursive: true }));

/** Packs into a folder of its own; the tarball's path. */
async function pack(name) {
  const destination = mkdtempSync(join(folder, name));
  await run('npm', ['pack', '--pack-destination', destination], { cwd: PACKAGE });
  return join(destination, `httplib-http-${version}.tgz`);
}

let tarball;
before(async () => {
  tarball = await pack('first');
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: folder });
  const files = { 'ca.pem': ca, 'client.pem': client.cert, 'client.key': client.key, 'report.csv': 'a,b\n1,2\n' };
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
});

/** Where the names of the README are in the tests. */
const HOSTS = {
  'www.example.com': `localhost:${ports.secure}`,
  'wrong.example.com': `127.0.0.1:${ports.secure}`,
  'cut.example.com': `localhost:${ports.secureRaw}`,
  'closed.example.com': `localhost:${ports.closed}`,
  'proxy.example.com:3128': `127.0.0.1:${ports.proxy}`,
};

for (const [index, { program, imports, printed }] of examples(join(PACKAGE, 'README.md')).entries()) {
  test(`block ${index + 1} of the README, of ${imports}, prints what it says`, async () => {
    const file = `block${index}.js`;
    writeFileSync(
      join(folder, file),
      program.replace(/\w+\.example\.com(:3128)?/g, (name) => HOSTS[name]),
    );
    const env = { ...process.env, SSL_CERT_FILE: join(folder, 'ca.pem') };
    const { stdout } = await run(process.execPath, [file], { cwd: folder, env, timeout: 20_000 });
    assert.ok(printed.length > 0, 'a block that prints nothing proves nothing');
    assert.deepEqual(stdout.trimEnd().split('\n'), printed);
  });
}

test('what was uploaded by the README is what was downloaded', () => {
  assert.equal(readFileSync(join(folder, 'copy.csv'), 'utf8'), 'a,b\n1,2\n');
});

test('its types satisfy a strict compiler', async () => {
  cpSync(join(PACKAGE, 'test/types/consumer.ts'), join(folder, 'consumer.ts'));
  const tsc = join(PACKAGE, 'node_modules/typescript/bin/tsc');
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
  const compiled = run(process.execPath, [tsc, ...strict, 'consumer.ts'], { cwd: folder });
  await compiled.catch(({ stdout }) => assert.fail(stdout));
});

test('its types have the documentation of the WIT', () => {
  const generated = join(folder, 'node_modules/@httplib/http/dist/generated/interfaces/httplib-http-client.d.ts');
  assert.match(readFileSync(generated, 'utf8'), /`getresponse\(\)`: waits for the head of the response/);
});

test('it holds what it needs and nothing of the repository', () => {
  const files = readdirSync(join(folder, 'node_modules/@httplib/http')).sort();
  assert.deepEqual(files, ['LICENSE', 'README.md', 'dist', 'package.json']);
});

test('it is the same, byte by byte, when it is packed again', async () => {
  const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
  assert.equal(sha256(await pack('second')), sha256(tarball));
});
