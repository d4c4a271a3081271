/** What a socket receives, until the component reads it. */

import type { OnReadOpts, Socket } from 'node:net';

import { Pollable, Signal } from './poll.js';
import { CLOSED, failed, InputStream, NOTHING } from './streams.js';

/** How many bytes are received at a time. Pages that are not needed take no memory. */
const SIZE = 262_144;

const NONE = Buffer.alloc(0);

/**
 * Two buffers in turn, so that each byte is received where it is read from.
 *
 * A full one stops the socket until it is read and the event loop has turned: what goes on without a pause leaves
 * nobody else a turn.
 */
export class Inbox extends InputStream {
  /** How the socket is to receive. */
  readonly onread: OnReadOpts;

  #socket: Socket | undefined;
  /** Where the socket receives next. */
  #current: Buffer = Buffer.allocUnsafeSlow(SIZE);
  /** The other one, unless it is to be read. */
  #idle: Buffer | undefined;
  /** What is to be read, in order, with the buffers that it is in. */
  readonly #arrived: { data: Buffer; buffer: Buffer }[] = [];
  #isStopped = false;
  #isOver = false;
  readonly #changed = new Signal();

  constructor() {
    super();
    this.onread = { buffer: () => this.#next(), callback: (amount) => this.#receive(amount) };
  }

  /** Receives from this socket, which was made with {@link onread}. */
  open(socket: Socket): void {
    this.#socket = socket;
    const end = (): void => {
      this.#isOver = true;
      this.#changed.raise();
    };
    socket.on('end', end);
    socket.on('error', end);
    socket.on('close', end);
  }

  /** What there is. It stays as it is until the event loop turns. */
  read(length: bigint): Uint8Array {
    const [first] = this.#arrived;
    if (first === undefined) return this.#nothing();
    const data = first.data.subarray(0, Number(length));
    first.data = first.data.subarray(data.length);
    if (first.data.length === 0) this.#release();
    return data;
  }

  /** Gives up what was not read, and the memory: the component may keep this for a while. */
  close(): void {
    this.#isOver = true;
    this.#arrived.length = 0;
    this.#current = NONE;
    this.#idle = undefined;
    this.#socket = undefined;
  }

  subscribe(): Pollable {
    return new Pollable(() => this.#isOver || this.#arrived.length > 0, this.#changed.listen);
  }

  #next(): Buffer {
    if (this.#idle !== undefined) [this.#current, this.#idle] = [this.#idle, undefined];
    return this.#current;
  }

  /** Whether the socket is to go on. */
  #receive(amount: number): boolean {
    if (this.#isOver) return false;
    const buffer = this.#current;
    if (this.#arrived.length === 0) this.#idle ??= Buffer.allocUnsafeSlow(SIZE);
    this.#arrived.push({ data: buffer.subarray(0, amount), buffer });
    this.#isStopped = amount === SIZE || this.#idle === undefined;
    this.#changed.raise();
    return !this.#isStopped;
  }

  /** The first buffer was read. */
  #release(): void {
    const read = this.#arrived.shift();
    if (read?.buffer !== this.#current) this.#idle = read?.buffer;
    if (!this.#isStopped || this.#arrived.length > 0) return;
    this.#isStopped = false;
    setImmediate(() => this.#socket?.resume());
  }

  #nothing(): Uint8Array {
    const errored = this.#socket?.errored;
    if (errored) throw failed(errored.message);
    if (this.#isOver) throw CLOSED;
    return NOTHING;
  }
}
