/** A request and its response, on the worker that they go through. */

import type { Channel } from './channel.js';
import { closed } from './errors.js';
import type { Operation, Operations } from './worker/protocol.js';

/** A worker for as long as a connection has it. Another connection may have it afterwards. */
export interface Lease {
  readonly channel: Channel;
  isOver: boolean;
}

/** An `AbortSignal` ends the worker with the exchange. */
export class Exchange {
  readonly #lease: Lease;
  readonly #signal: AbortSignal | undefined;
  readonly #abort: () => void;
  readonly #finished: (exchange: Exchange) => void;

  /** What `finished` holds is not collected before the exchange is: the connection, whose worker would end. */
  constructor(lease: Lease, signal: AbortSignal | undefined, finished: (it: Exchange) => void) {
    signal?.throwIfAborted();
    this.#lease = lease;
    this.#signal = signal;
    this.#finished = finished;
    // It knows the worker alone, so that a signal which lives on keeps no connection from being collected.
    this.#abort = () => lease.channel.end(signal?.reason);
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Whether the worker can still be asked. */
  get isOpen(): boolean {
    return !this.#lease.isOver && !this.#lease.channel.isEnded;
  }

  call<O extends Operation>(operation: O, ...given: Parameters<Operations[O]>): Promise<ReturnType<Operations[O]>> {
    return this.#lease.isOver ? Promise.reject(closed()) : this.#lease.channel.call(operation, ...given);
  }

  /** Has the worker do this, or ends it if it is waiting for the server: then it does not listen. */
  async callOrEnd<O extends Operation>(operation: O, ...given: Parameters<Operations[O]>): Promise<void> {
    if (!this.isOpen) return;
    if (this.#lease.channel.isBusy) this.#lease.channel.end(closed());
    else await this.call(operation, ...given);
  }

  /** The signal no longer means anything. */
  finish(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#finished(this);
  }
}
