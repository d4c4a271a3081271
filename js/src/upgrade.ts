/** What a connection became after `101 Switching Protocols` or `CONNECT`. */

import type { Exchange } from './exchange.js';
import { bytes } from './options.js';
import type { Stream } from './stream.js';

/** A raw two-way stream. Reading and writing may go on at once. */
export class UpgradedStream implements AsyncIterable<Uint8Array>, AsyncDisposable {
  readonly #exchange: Exchange;
  readonly #stream: Stream;

  /** @internal */
  constructor(exchange: Exchange, stream: Stream) {
    this.#exchange = exchange;
    this.#stream = stream;
  }

  /** The next bytes; waits for at least one. Empty once the peer has ended its side. */
  async read(): Promise<Uint8Array> {
    this.#exchange.check();
    return this.#stream.receive();
  }

  /** Sends all of it. */
  async write(data: Uint8Array): Promise<void> {
    this.#exchange.check();
    await this.#stream.transmit(bytes(data));
  }

  /** Ends this side, with `close_notify` over TLS. Reading can go on. */
  async shutdown(): Promise<void> {
    this.#exchange.check();
    await this.#stream.shutdown();
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    if (this.#exchange.isOpen) this.#stream.close();
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
