/** What the component sends, until the system has taken it. */

import type { Socket } from 'node:net';

import { Pollable, Signal } from './poll.js';
import { CLOSED, failed, OutputStream } from './streams.js';

/** How many bytes may wait here before no more are taken. */
export const HIGH_WATER = 262_144;

export class Outbox extends OutputStream {
  readonly #socket: Socket;
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
    this.#check();
    return BigInt(this.#room);
  }

  write(data: Uint8Array): void {
    this.#check();
    if (data.length > 0) this.#socket.write(data);
  }

  /** What was written leaves by itself. */
  flush(): void {
    this.#check();
  }

  blockingWriteAndFlush(): never {
    throw new Error('invariant: the component does not wait for a socket');
  }

  subscribe(): Pollable {
    return new Pollable(() => !this.#socket.writable || this.#room > 0, this.#changed.listen);
  }

  get #room(): number {
    return Math.max(0, HIGH_WATER - this.#socket.writableLength);
  }

  #check(): void {
    const { errored, writable } = this.#socket;
    if (errored) throw failed(errored.message);
    if (!writable) throw CLOSED;
  }
}
