/** Bodies of requests that come in pieces. */

import { TimeoutError } from './errors.js';
import type { Exchange } from './exchange.js';
import { bytes } from './options.js';

/** What a request carries. Text is sent in UTF-8; what is iterated is sent piece by piece, as it comes. */
export type BodyInput = string | Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** A body in one piece, none, or its pieces. */
export type Body =
  | { kind: 'whole'; data: Uint8Array | undefined }
  | { kind: 'pieces'; iterator: AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array> };

export function body(input: BodyInput | undefined): Body {
  if (input === undefined) return { kind: 'whole', data: undefined };
  if (typeof input === 'string' || input instanceof Uint8Array) return { kind: 'whole', data: bytes(input) };
  if (Symbol.asyncIterator in input) return { kind: 'pieces', iterator: input[Symbol.asyncIterator]() };
  if (Symbol.iterator in input) return { kind: 'pieces', iterator: input[Symbol.iterator]() };
  throw new TypeError('a body is a string, a Uint8Array, or an iterable of them');
}

/**
 * Sends the pieces, asking for the next one when the one before has left. Nothing is asked for after an error, after
 * `exchange.signal`, or after `until`, a point of time of `performance.now`.
 */
export async function sendPieces(
  exchange: Exchange,
  iterator: (Body & { kind: 'pieces' })['iterator'],
  until: number | undefined,
): Promise<void> {
  const limits = new Limits(exchange.signal, until);
  let ended = false;
  try {
    for (;;) {
      const next = await limits.hold(iterator.next());
      if (next.done === true) {
        ended = true;
        return;
      }
      await exchange.call('send', piece(next.value));
    }
  } finally {
    limits.clear();
    // Not awaited: a generator that is stuck would never answer.
    if (!ended) Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function piece(value: unknown): Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return bytes(value);
  throw new TypeError('a piece of a body is a string or a Uint8Array');
}

/** How long to wait for pieces: the caller's iterator may never bring one. */
class Limits {
  #give: ((reason: unknown) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #over: { reason: unknown } | undefined;

  constructor(signal: AbortSignal | undefined, until: number | undefined) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
    if (until !== undefined) {
      this.#timer = setTimeout(() => this.#end(timedOut()), Math.min(until - performance.now(), 2 ** 31 - 1));
    }
  }

  /** The promise, as long as the limits hold. */
  hold<T>(promise: T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over.reason);
      this.#give = reject;
      Promise.resolve(promise).then(resolve, reject);
    });
  }

  clear(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    clearTimeout(this.#timer);
  }

  readonly #abort = () => this.#end(this.#signal?.reason);

  #end(reason: unknown): void {
    this.#over ??= { reason };
    this.#give?.(reason);
  }
}

function timedOut(): TimeoutError {
  const cause = { tag: 'timed-out', val: 'send' };
  return new TimeoutError('timed-out', 'timed out: no more of the body came before the deadline', { cause }, 'send');
}
