/** A request and its response, on the worker that they go through. An `AbortSignal` ends both, and the worker. */

import type { Channel } from './channel.js';
import type { Operation, Operations } from './worker/protocol.js';

export class Exchange {
  readonly channel: Channel;
  readonly signal: AbortSignal | undefined;
  readonly #abort: (() => void) | undefined;
  readonly #finished: (exchange: Exchange) => void;

  /** What `finished` holds is not collected before the exchange is: the connection, whose worker would end. */
  constructor(channel: Channel, signal: AbortSignal | undefined, finished: (it: Exchange) => void) {
    signal?.throwIfAborted();
    this.channel = channel;
    this.signal = signal;
    this.#finished = finished;
    if (signal !== undefined) {
      // It knows the worker alone, so that a signal which lives on keeps no connection from being collected.
      this.#abort = () => channel.end(signal.reason);
      signal.addEventListener('abort', this.#abort, { once: true });
    }
  }

  call<O extends Operation>(operation: O, ...given: Parameters<Operations[O]>): Promise<ReturnType<Operations[O]>> {
    return this.channel.call(operation, ...given);
  }

  /** The signal means nothing any more. */
  finish(): void {
    if (this.#abort !== undefined) this.signal?.removeEventListener('abort', this.#abort);
    this.#finished(this);
  }
}
