/** What the component sends, until the system has taken it. */

import type { Socket } from 'node:net';

import { Pollable, Signal } from './poll.js';
import { CLOSED, failed, OutputStream } from './streams.js';

/** How many bytes may wait here before no more are taken. */
export const HIGH_WATER = 262_144;

/** How many bytes may leave before the event loop must have turned: the system takes megabytes at once. */
const TURN = 1_048_576;

export class Outbox extends OutputStream {
  #socket: Socket | undefined;
  /** How many bytes have left in this turn, and perhaps in some before. */
  #left = 0;
  readonly #changed = new Signal();

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    const raise = (): void => this.#changed.raise();
    socket.on('drain', raise);
    socket.on('error', raise);
    socket.on('close', raise);
  }

  checkWrite(): bigint {
    return BigInt(this.#room(this.#check()));
  }

  write(data: Uint8Array): void {
    if (data.length === 0) return;
    this.#check().write(data);
    this.#left += data.length;
    if (this.#left < TURN) return;
    setImmediate(() => {
      this.#left = 0;
      this.#changed.raise();
    });
  }

  /** What was written leaves by itself. */
  flush(): void {
    this.#check();
  }

  blockingWriteAndFlush(): never {
    throw new Error('invariant: the component does not wait for a socket');
  }

  /** Forgets the socket: the component may keep this for a while. */
  close(): void {
    this.#socket = undefined;
  }

  subscribe(): Pollable {
    const ready = (): boolean => this.#socket === undefined || !this.#socket.writable || this.#room(this.#socket) > 0;
    return new Pollable(ready, this.#changed.listen);
  }

  /** The socket, if it can be written to. */
  #check(): Socket {
    if (this.#socket?.errored) throw failed(this.#socket.errored.message);
    if (!this.#socket?.writable) throw CLOSED;
    return this.#socket;
  }

  #room(socket: Socket): number {
    return this.#left < TURN ? Math.max(0, HIGH_WATER - socket.writableLength) : 0;
  }
}
