/** A worker: takes calls, one after the other, and answers each. */

import { parentPort, workerData } from 'node:worker_threads';

import { clocks, io } from '@bytecodealliance/preview2-shim';

import { instance } from '../instantiate.js';
import type { Call, Failure, Reply, Start, WitError } from './protocol.js';
import { Session } from './session.js';
import { useStandardError } from './stderr.js';

useStandardError();

if (parentPort === null) throw new Error('invariant: this is a worker');
const port = parentPort;

const { modules } = workerData as Start;
const { client } = instance(modules);

const session = new Session(client, (pollables, nanoseconds) => {
  const timer = clocks.monotonicClock.subscribeDuration(nanoseconds);
  io.poll.poll([...(pollables as never[]), timer]);
  (timer as Partial<Disposable>)[Symbol.dispose]?.();
});

port.on('message', ({ id, operation, arguments: given }: Call) => {
  try {
    const value: unknown = (session[operation] as (...given: unknown[]) => unknown).apply(session, given);
    answer({ id, value });
  } catch (error) {
    answer({ id, failure: failure(error) });
  }
});

/** Bytes that the component gave are ours alone: they are moved, not copied. */
function answer(reply: Reply): void {
  const value = 'value' in reply ? reply.value : undefined;
  const bytes = value instanceof Uint8Array ? value : (value as { data?: unknown } | undefined)?.data;
  const whole = bytes instanceof Uint8Array && bytes.byteLength === bytes.buffer.byteLength;
  port.postMessage(reply, whole ? [bytes.buffer as ArrayBuffer] : []);
}

function failure(error: unknown): Failure {
  const payload = (error as { payload?: WitError } | undefined)?.payload;
  if (payload !== undefined) return { kind: 'component', error: payload, text: client.describe(payload) };
  const text = String((error as Error | undefined)?.stack ?? error);
  return error instanceof TypeError ? { kind: 'argument', text: error.message } : { kind: 'trap', text };
}
