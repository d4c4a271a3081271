/** A connected socket as the two streams that WASI makes of it. */

import type { Socket } from 'node:net';

import { Pollable, Signal } from './poll.js';
import { CLOSED, failed, InputStream, NOTHING, OutputStream } from './streams.js';

/** How many bytes may wait here, in each direction, before no more are taken. */
export const HIGH_WATER = 262_144;

/** Milliseconds after which a peer that takes nothing more is left alone. */
const LINGER = 10_000;

export class Channel {
  readonly input: SocketInput;
  readonly output: SocketOutput;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.input = new SocketInput(socket);
    this.output = new SocketOutput(socket);
  }

  /** Ends this side behind what is still to be sent. */
  end(): void {
    this.#socket.end();
  }

  /** Closes both sides, when all is sent. */
  close(): void {
    const socket = this.#socket;
    if (socket.writableLength === 0) {
      socket.destroy();
      return;
    }
    socket.setTimeout(LINGER, () => socket.destroy());
    socket.destroySoon();
  }
}

class SocketInput extends InputStream {
  readonly #socket: Socket;
  readonly #arrived: Buffer[] = [];
  #held = 0;
  #isOver = false;
  readonly #changed = new Signal();

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#arrived.push(data);
      this.#held += data.length;
      if (this.#held >= HIGH_WATER) socket.pause();
      this.#changed.raise();
    });
    const end = (): void => {
      this.#isOver = true;
      this.#changed.raise();
    };
    socket.on('end', end);
    socket.on('error', end);
    socket.on('close', end);
  }

  read(length: bigint): Uint8Array {
    const [first] = this.#arrived;
    if (first === undefined) return this.#nothing();
    const most = Number(length);
    if (first.length <= most) this.#arrived.shift();
    else this.#arrived[0] = first.subarray(most);
    const data = first.length <= most ? first : first.subarray(0, most);
    this.#held -= data.length;
    if (this.#held < HIGH_WATER && this.#socket.isPaused()) this.#socket.resume();
    return data;
  }

  subscribe(): Pollable {
    return new Pollable(() => this.#isOver || this.#held > 0, this.#changed.listen);
  }

  #nothing(): Uint8Array {
    const { errored } = this.#socket;
    if (errored) throw failed(errored.message);
    if (this.#isOver) throw CLOSED;
    return NOTHING;
  }
}

class SocketOutput extends OutputStream {
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
