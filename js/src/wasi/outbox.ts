/** What the component sends, until the system has taken it. */

import type { Socket } from 'node:net';

import { Pollable, Signal } from './poll.js';
import { CLOSED, failed, OutputStream } from './streams.js';

/** How many bytes may wait here before no more are taken. */
export const HIGH_WATER = 262_144;

export class Outbox extends OutputStream {
  #socket: Socket | undefined;
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
    return BigInt(room(this.#check()));
  }

  write(data: Uint8Array): void {
    if (data.length > 0) this.#check().write(data);
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
    const ready = (): boolean => this.#socket === undefined || !this.#socket.writable || room(this.#socket) > 0;
    return new Pollable(ready, this.#changed.listen);
  }

  /** The socket, if it can be written to. */
  #check(): Socket {
    if (this.#socket?.errored) throw failed(this.#socket.errored.message);
    if (!this.#socket?.writable) throw CLOSED;
    return this.#socket;
  }
}

function room(socket: Socket): number {
  return Math.max(0, HIGH_WATER - socket.writableLength);
}
