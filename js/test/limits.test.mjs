/** How an exchange ends that would not end by itself, and when the process does. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hrtime } from 'node:process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  HTTPConnection,
  HTTPSConnection,
  NotConnected,
  request,
  SocketError,
  TimeoutError,
  WorkerError,
} from '@httplib/http';

import { closing, origin, ports } from './support/site.mjs';

const connect = (t, options) => closing(t, new HTTPConnection('127.0.0.1', ports.plain, options));

async function works(connection) {
  await connection.request('GET', '/hello');
  assert.equal(await (await connection.getResponse()).text(), 'hello\n');
}

test('a timeout is a TimeoutError that names the phase', async (t) => {
  const connection = connect(t, { timeout: 200 });
  await connection.request('GET', '/silent');
  await assert.rejects(connection.getResponse(), (error) => {
    assert.ok(error instanceof TimeoutError && error instanceof SocketError);
    assert.deepEqual([error.name, error.code, error.phase], ['TimeoutError', 'timed-out', 'receive']);
    return true;
  });
  await works(connection);
});

test('a body that stalls times out', async () => {
  const response = await request('GET', `${origin}/stalls`, { timeout: 200 });
  assert.equal(Buffer.from(await response.read(5)).toString(), 'hello');
  await assert.rejects(response.read(), TimeoutError);
});

const STEPS = {
  handshake: () => new HTTPSConnection('127.0.0.1', ports.silent, { timeout: 200 }),
  'handshake that drips': () => new HTTPSConnection('127.0.0.1', ports.drips, { timeout: 200 }),
  tunnel: async () => {
    const connection = new HTTPSConnection('localhost', ports.secure, { timeout: 200 });
    await connection.setProxy(`http://127.0.0.1:${ports.silent}`);
    return connection;
  },
};

for (const [step, make] of Object.entries(STEPS)) {
  test(`a ${step} has its timeout`, async (t) => {
    const connection = closing(t, await make());
    await assert.rejects(connection.connect(), { name: 'TimeoutError', phase: step.split(' ')[0] });
  });
}

test('a body that the server does not take times out', async (t) => {
  const sent = connect(t, { timeout: 200 }).request('POST', '/swallows-nothing', { body: new Uint8Array(2 ** 26) });
  await assert.rejects(sent, { name: 'TimeoutError', phase: 'send' });
});

test('each wait has the whole timeout', async () => {
  assert.equal(await (await request('GET', `${origin}/drips`, { timeout: 400 })).text(), 'xxxxxx');
});

test('the timeout is not for a thread that does something else', async (t) => {
  const connection = connect(t, { timeout: 400 });
  await connection.request('GET', '/slow?ms=100');
  const response = connection.getResponse();
  await sleep(10);
  for (const until = performance.now() + 800; performance.now() < until; );
  assert.equal(await (await response).text(), 'slow');
});

test('the timeout is not for a body that takes its time', async (t) => {
  const connection = connect(t, { timeout: 200 });
  async function* body() {
    for (const piece of ['one', 'two']) {
      await sleep(500);
      yield piece;
    }
  }
  await connection.request('POST', '/echo', { body: body() });
  assert.equal((await (await connection.getResponse()).json()).length, 6);
});

test('what a read that failed had received is there for the next one', async (t) => {
  const connection = connect(t, { timeout: 200 });
  await connection.request('GET', '/stalls');
  const response = await connection.getResponse();
  await assert.rejects(response.read(8), TimeoutError);
  assert.equal(response.length, 10);
  assert.equal(Buffer.from(await response.read(4)).toString(), 'hell');
  await assert.rejects(response.read(2), TimeoutError);
});

test('a deadline ends an exchange whose steps are in time', async (t) => {
  const connection = connect(t, { deadline: 300 });
  await connection.request('GET', '/silent');
  await assert.rejects(connection.getResponse(), TimeoutError);
  await connection.setDeadline(undefined);
  await connection.request('GET', '/slow?ms=600');
  assert.equal(await (await connection.getResponse()).text(), 'slow');
});

test('a deadline ends a request whose body does not come', async (t) => {
  const connection = connect(t, { deadline: 300 });
  async function* body() {
    yield 'one';
    await new Promise(() => {});
  }
  await assert.rejects(connection.request('POST', '/echo', { body: body() }), TimeoutError);
  await works(connection);
});

test('a time that is none is refused', () => {
  for (const timeout of [0, -1, NaN, '5']) assert.throws(() => connect({ after() {} }, { timeout }), RangeError);
});

test('a signal ends the wait for a response', async (t) => {
  const connection = connect(t);
  const stop = new AbortController();
  await connection.request('GET', '/silent', { signal: stop.signal });
  const reason = new EvalError('enough');
  setTimeout(() => stop.abort(reason), 100);
  await assert.rejects(connection.getResponse(), reason);
  await works(connection);
});

test('a signal ends the wait for a body', async (t) => {
  const connection = connect(t);
  await connection.request('GET', '/stalls', { signal: AbortSignal.timeout(300) });
  const response = await connection.getResponse();
  await assert.rejects(response.text(), { name: 'TimeoutError' });
  await works(connection);
});

test('a signal ends a request whose body does not come', async (t) => {
  const connection = connect(t);
  async function* body() {
    await new Promise(() => {});
  }
  const sent = connection.request('POST', '/echo', { body: body(), signal: AbortSignal.timeout(200) });
  await assert.rejects(sent, { name: 'TimeoutError' });
  await works(connection);
});

test('a signal that was given before sends nothing', async () => {
  await assert.rejects(request('GET', `${origin}/hello`, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('a signal means nothing when its exchange is over', async (t) => {
  const connection = connect(t);
  const stop = new AbortController();
  await connection.request('GET', '/hello', { signal: stop.signal });
  const response = await connection.getResponse();
  await response.text();
  stop.abort();
  await works(connection);
});

test('a response is lost when its connection is closed', async (t) => {
  const connection = connect(t);
  await connection.request('GET', '/big?size=10000000');
  const response = await connection.getResponse();
  await connection.close();
  await assert.rejects(response.read(), NotConnected);
});

test('a connection that is closed ends what is waited for', async (t) => {
  const connection = connect(t);
  await connection.request('GET', '/silent');
  const ended = assert.rejects(connection.getResponse(), NotConnected);
  await connection.close();
  await ended;
  await works(connection);
});

test('a connection that is closed while it starts opens nothing', async (t) => {
  const connection = connect(t);
  const ended = assert.rejects(connection.connect(), NotConnected);
  await connection.close();
  await ended;
  await works(connection);
});

test('a response that is closed ends the read that waits', async (t) => {
  const connection = connect(t);
  await connection.request('GET', '/stalls');
  const response = await connection.getResponse();
  const ended = assert.rejects(response.read(), NotConnected);
  await response.close();
  await ended;
  await works(connection);
});

test('what is left of a closed connection does not disturb the next one', async (t) => {
  const earlier = connect(t);
  await earlier.request('GET', '/big?size=10000000');
  const response = await earlier.getResponse();
  await earlier.close();
  // It gets the instance of the other.
  const later = connect(t);
  await later.request('GET', '/slow?ms=200');
  const awaited = later.getResponse();
  await response.close();
  assert.equal(await (await awaited).text(), 'slow');
});

test('an instance that breaks is an error, the others go on, and the next request gets a new one', async (t) => {
  const [connection, other] = [connect(t, { deadline: 60_000 }), connect(t)];
  await connection.connect();
  await other.request('GET', '/slow?ms=200');
  const { bigint } = hrtime;
  t.after(() => (hrtime.bigint = bigint));
  hrtime.bigint = () => {
    throw new Error('no clock');
  };
  await assert.rejects(connection.request('GET', '/hello'), (error) => {
    return error instanceof WorkerError && error.code === 'worker' && /no clock/.test(error.message);
  });
  hrtime.bigint = bigint;
  assert.equal(await (await other.getResponse()).text(), 'slow');
  await works(connection);
});

/** Runs a program that imports the package; how long it took to end by itself. */
async function run(program) {
  const text = `import { HTTPConnection, request } from '@httplib/http';\n${program}`;
  const given = ['--expose-gc', '--input-type=module', '--eval', text];
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] });
  const overdue = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const [output] = await Promise.all([child.stdout.toArray(), once(child, 'exit')]);
  clearTimeout(overdue);
  assert.equal(child.signalCode, null, 'it had to be killed');
  assert.equal(child.exitCode, 0);
  return output.join('');
}

test('a process ends when its connections are closed', async () => {
  const output = await run(`
    const response = await request('GET', '${origin}/hello');
    process.stdout.write(await response.text());`);
  assert.equal(output, 'hello\n');
});

test('a process ends although connections are open and idle', async () => {
  const output = await run(`
    const connection = new HTTPConnection('127.0.0.1', ${ports.plain});
    await connection.request('GET', '/big?size=10000000');
    const response = await connection.getResponse();
    console.log(response.status);`);
  assert.equal(output, '200\n');
});

test('a process does not end while a response is awaited', async () => {
  const output = await run(`
    const response = await request('GET', '${origin}/slow?ms=300');
    console.log(await response.text());`);
  assert.equal(output, 'slow\n');
});

test('a connection that nobody has any more is closed', async () => {
  const output = await run(`
    const open = async () => (await (await request('GET', '${origin}/seen')).json()).open;
    for (let count = 0; count < 3; count += 1) await new HTTPConnection('127.0.0.1', ${ports.proxy}).connect();
    console.log(await open());
    for (let tries = 0; tries < 100 && (await open()) > 0; tries += 1) {
      gc();
      await new Promise((done) => setTimeout(done, 50));
    }
    console.log(await open());`);
  assert.equal(output, '3\n0\n');
});
