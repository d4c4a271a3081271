/** Bodies that come in pieces. They go to the worker piece by piece, a window ahead of the network. */

import { MessageChannel, type MessagePort } from 'node:worker_threads';

import type { Pieces } from './body.js';
import { TimeoutError } from './errors.js';
import { bytes } from './options.js';
import type { UploadMessage } from './worker/protocol.js';

/** How many bytes may be on their way to the component before the next piece is asked for. */
const WINDOW = 262_144;

/** Brings the pieces to the worker. */
export class Upload {
  /** The worker's end. */
  readonly port: MessagePort;
  /** How many messages were posted: what the worker waits for. */
  readonly posted = new SharedArrayBuffer(4);

  readonly #port: MessagePort;
  readonly #pieces: Pieces;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #ahead = 0;
  #drained = () => {};
  #isExhausted = false;
  #isClosed = false;
  #failure: { reason: unknown } | undefined;

  /** `until` is when the exchange must be over, in terms of `performance.now`: the pieces may never come. */
  constructor(pieces: Pieces, until: number | undefined) {
    const { port1, port2 } = new MessageChannel();
    this.#pieces = pieces;
    this.#port = port1;
    this.port = port2;
    this.#port.on('message', (taken: number) => {
      this.#ahead -= taken;
      this.#drained();
    });
    if (until !== undefined) {
      this.#timer = setTimeout(() => this.#fail(timedOut()), Math.min(until - performance.now(), 2 ** 31 - 1));
    }
    void this.#run();
  }

  /** Why there will be no more pieces, where that is not the network's fault. */
  get failure(): { reason: unknown } | undefined {
    return this.#failure;
  }

  /** Asks for no more pieces, whether or not there are any. */
  close(): void {
    this.#isClosed = true;
    this.#drained();
    clearTimeout(this.#timer);
    this.#port.close();
    // Not awaited: a generator that is stuck would never answer.
    if (!this.#isExhausted) Promise.resolve(this.#pieces.return?.()).catch(() => {});
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isClosed) {
        const next = await this.#pieces.next();
        if (next.done === true) return this.#finish({ kind: 'end' });
        const data = piece(next.value);
        this.#ahead += data.length;
        // An empty piece is no end.
        if (data.length > 0 && !this.#isClosed) this.#post({ kind: 'piece', data });
        while (this.#ahead > WINDOW && !this.#isClosed) await new Promise<void>((done) => (this.#drained = done));
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#finish({ kind: 'failure' });
  }

  #finish(message: UploadMessage): void {
    if (message.kind === 'end') this.#isExhausted = true;
    this.#post(message);
  }

  #post(message: UploadMessage): void {
    this.#port.postMessage(message, message.kind === 'piece' ? [message.data.buffer as ArrayBuffer] : []);
    const posted = new Int32Array(this.posted);
    Atomics.add(posted, 0, 1);
    Atomics.notify(posted, 0);
  }
}

function piece(value: unknown): Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return bytes(value);
  throw new TypeError('a piece of a body is a string or a Uint8Array');
}

function timedOut(): TimeoutError {
  const cause = { tag: 'timed-out', val: 'send' };
  return new TimeoutError('timed-out', 'timed out (send): no more of the body came', { cause }, 'send');
}
