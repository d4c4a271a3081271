/** What a connection became after `101 Switching Protocols` or `CONNECT`. */

import type { Exchange } from './exchange.js';
import { bytes } from './options.js';

const BLOCK = 65_536n;

/** A raw two-way stream. Reading and writing may go on at once. */
export class UpgradedStream implements AsyncIterable<Uint8Array>, AsyncDisposable {
  readonly #exchange: Exchange;
  readonly #name: number;

  /** @internal */
  constructor(exchange: Exchange, name: number) {
    this.#exchange = exchange;
    this.#name = name;
  }

  /** The next bytes; waits for at least one. Empty once the peer has ended its side. */
  async read(): Promise<Uint8Array> {
    for (;;) {
      // The worker waits for a moment only, so that what is to be written gets its turn.
      const data = await this.#exchange.call('receive', this.#name, BLOCK);
      if (data !== undefined) return data;
    }
  }

  /** Sends all of it. */
  async write(data: Uint8Array): Promise<void> {
    await this.#exchange.call('transmit', this.#name, bytes(data));
  }

  /** Ends this side, with `close_notify` over TLS. Under Node.js the socket is then closed as a whole. */
  async shutdown(): Promise<void> {
    await this.#exchange.call('shutdown', this.#name);
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    if (this.#exchange.isOpen) await this.#exchange.call('closeStream', this.#name);
    this.#exchange.finish();
  }

  /** What comes, up to the peer's end. Leaving the loop early calls `close`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const data = await this.read();
        if (data.length === 0) return;
        yield data;
      }
    } finally {
      await this.close();
    }
  }

  /** `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
