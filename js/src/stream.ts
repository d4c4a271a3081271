/** What a connection of the component became after `101 Switching Protocols` or `CONNECT`. */

import type { Error as WitError, UpgradedStream } from './generated/interfaces/httplib-http-client.js';
import { isWouldBlock, type Instance } from './instance.js';
import type { Steps } from './steps.js';
import { Turns } from './turns.js';
import { Pollable, Signal } from './wasi/poll.js';

/** As much as the component takes at a time, in both directions. */
const BLOCK = 65_536;

const NOT_CONNECTED: { payload: WitError } = { payload: { tag: 'http', val: { tag: 'not-connected' } } };

/** Both directions go on at once. */
export class Stream {
  readonly #instance: Instance;
  readonly #steps: Steps;
  readonly #stream: UpgradedStream;
  readonly #reads: Turns;
  readonly #writes: Turns;
  readonly #closed = new Signal();
  #isClosed = false;

  constructor(instance: Instance, steps: Steps, stream: UpgradedStream) {
    this.#instance = instance;
    this.#reads = new Turns(instance);
    this.#writes = new Turns(instance);
    this.#steps = steps;
    this.#stream = stream;
  }

  /** The next bytes, however long they take. */
  receive(): Promise<Uint8Array> {
    return this.#reads.take(() =>
      this.#instance.perform({
        attempt: () => this.#open.read(BigInt(BLOCK)),
        wait: () => ({ pollables: this.#orClosed(this.#stream.subscribe()) }),
      }),
    );
  }

  async transmit(data: Uint8Array): Promise<void> {
    let rest = data;
    await this.#write((stream) => {
      while (rest.length > 0) {
        const taken = stream.write(rest.subarray(0, BLOCK));
        if (isWouldBlock(taken)) return taken;
        rest = rest.subarray(Number(taken));
      }
      return stream.flush();
    });
  }

  async shutdown(): Promise<void> {
    await this.#write((stream) => stream.shutdown());
  }

  close(): void {
    this.#isClosed = true;
    this.#instance.drop(this.#stream);
    this.#closed.raise();
  }

  #write(attempt: (stream: UpgradedStream) => unknown): Promise<unknown> {
    return this.#writes.take(() =>
      this.#instance.perform({
        attempt: () => attempt(this.#open),
        wait: () => this.#steps.wait(this.#orClosed(this.#stream.subscribeWrite())),
      }),
    );
  }

  get #open(): UpgradedStream {
    if (this.#isClosed) throw NOT_CONNECTED;
    return this.#stream;
  }

  #orClosed(pollables: ReturnType<UpgradedStream['subscribe']>): Pollable[] {
    const closed = new Pollable(() => this.#isClosed, this.#closed.listen);
    return [...(pollables as unknown as Pollable[]), closed];
  }
}
