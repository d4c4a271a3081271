/** A request and its response, on the instance that they go through. */

import { closed } from './errors.js';
import type { Session } from './session.js';

/** A session for as long as a connection has it. Another connection may have its instance afterwards. */
export interface Lease {
  readonly session: Session;
  isOver: boolean;
}

/** An `AbortSignal` ends the session with the exchange. */
export class Exchange {
  readonly #lease: Lease;
  readonly #signal: AbortSignal | undefined;
  readonly #abort: () => void;
  readonly #finished: (exchange: Exchange) => void;

  /** What `finished` holds is not collected before the exchange is: the connection, whose session would end. */
  constructor(lease: Lease, signal: AbortSignal | undefined, finished: (it: Exchange) => void) {
    signal?.throwIfAborted();
    this.#lease = lease;
    this.#signal = signal;
    this.#finished = finished;
    // It knows the session alone, so that a signal which lives on keeps no connection from being collected.
    this.#abort = () => lease.session.end(signal?.reason);
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Whether the session can still be asked. */
  get isOpen(): boolean {
    return !this.#lease.isOver && !this.#lease.session.isEnded;
  }

  /** The session; throws if the connection was closed. */
  get session(): Session {
    this.check();
    return this.#lease.session;
  }

  /** Throws if the connection was closed. */
  check(): void {
    if (this.#lease.isOver) throw closed();
  }

  /** Ends the session if it is waiting for the server, to which `work` would have to wait in turn. */
  async endOr(work: () => Promise<void>): Promise<void> {
    if (!this.isOpen) return;
    if (this.#lease.session.isBusy) this.#lease.session.end(closed());
    else await work();
  }

  /** The signal no longer means anything. */
  finish(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#finished(this);
  }
}
