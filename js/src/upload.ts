/** Bodies that come in pieces: a stream that the component reads, a window ahead of the network. */

import type { Pieces } from './body.js';
import { bytes } from './options.js';
import { Pollable, Signal } from './wasi/poll.js';
import { CLOSED, failed, InputStream, NOTHING } from './wasi/streams.js';

/** How many bytes may wait for the component before the next piece is asked for. */
const WINDOW = 262_144;

/**
 * The number that jco knows a stream by in the component. It takes a new one for each call that a stream is lent to, and
 * keeps what was lent under it; with one for all, it keeps the last.
 */
const NUMBER = 2 ** 29;
const NUMBERED: unique symbol = Symbol.for('cabiRep');

export class Upload extends InputStream {
  readonly [NUMBERED] = NUMBER;
  readonly #pieces: Pieces;
  readonly #waiting: Uint8Array[] = [];
  readonly #changed = new Signal();
  #ahead = 0;
  #isAwaited = false;
  #drained = () => {};
  #isExhausted = false;
  #isClosed = false;
  #failure: { reason: unknown } | undefined;

  constructor(pieces: Pieces) {
    super();
    this.#pieces = pieces;
    void this.#run();
  }

  /** Why there will be no more pieces, where that is not the network's fault. */
  get failure(): { reason: unknown } | undefined {
    return this.#failure;
  }

  /** Whether the component has asked for more than there is so far. */
  get isAwaited(): boolean {
    return this.#isAwaited && !this.#isReady;
  }

  read(length: bigint): Uint8Array {
    this.#isAwaited = false;
    const first = this.#waiting.shift();
    if (first === undefined) return this.#nothing();
    const data = first.subarray(0, Number(length));
    if (data.length < first.length) this.#waiting.unshift(first.subarray(data.length));
    this.#ahead -= data.length;
    this.#drained();
    return data;
  }

  subscribe(): Pollable {
    return new Pollable(
      () => this.#isReady,
      // Pieces that come right behind this one leave together with it.
      (listener) => this.#changed.listen(() => setImmediate(listener)),
    );
  }

  /** Asks for no more pieces, whether or not there are any. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#drained();
    // Not awaited: a generator that is stuck would never answer.
    if (!this.#isExhausted) Promise.resolve(this.#pieces.return?.()).catch(() => {});
  }

  get #isReady(): boolean {
    return this.#waiting.length > 0 || this.#isExhausted || this.#failure !== undefined;
  }

  #nothing(): Uint8Array {
    if (this.#failure !== undefined) throw failed('the body failed');
    if (this.#isExhausted) throw CLOSED;
    this.#isAwaited = true;
    return NOTHING;
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isClosed) {
        const next = await this.#pieces.next();
        if (next.done === true) break;
        this.#push(piece(next.value));
        while (this.#ahead > WINDOW && !this.#isClosed) await new Promise<void>((done) => (this.#drained = done));
      }
      this.#isExhausted = !this.#isClosed;
    } catch (error) {
      this.#failure = { reason: error };
    }
    this.#changed.raise();
  }

  #push(data: Uint8Array): void {
    // An empty piece is no end.
    if (data.length === 0) return;
    this.#ahead += data.length;
    this.#waiting.push(data);
    this.#changed.raise();
  }
}

function piece(value: unknown): Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return bytes(value);
  throw new TypeError('a piece of a body is a string or a Uint8Array');
}
