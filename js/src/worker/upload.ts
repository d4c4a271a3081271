/** The body of a request as the component reads it: an input stream whose pieces another thread brings. */

import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';

import { clocks, io } from '@bytecodealliance/preview2-shim';

import type { UploadMessage } from './protocol.js';

/** Milliseconds to wait for a piece that may be on its way. Pieces that are at hand leave together. */
const GRACE = 1;

// WIT has no constructors for these; the shim's classes have.
const InputStream = io.streams.InputStream as unknown as new () => object;
const IoError = io.error.Error as unknown as new (text: string) => object;

/** A stream of the shim's class, so that the component takes it for one. */
export class UploadStream extends InputStream {
  readonly #port: MessagePort;
  /** How many messages were posted. */
  readonly #posted: Int32Array;
  #received = 0;
  #message: UploadMessage | undefined;

  constructor(port: MessagePort, posted: SharedArrayBuffer) {
    super();
    this.#port = port;
    this.#posted = new Int32Array(posted);
  }

  /** What is at hand, up to `length` bytes. */
  read(length: bigint): Uint8Array {
    this.#receive(GRACE);
    const message = this.#message;
    switch (message?.kind) {
      case undefined:
        return new Uint8Array();
      case 'end':
        throw { tag: 'closed' };
      case 'failure':
        throw { tag: 'last-operation-failed', val: new IoError('the body failed') };
      case 'piece': {
        const data = message.data.subarray(0, Number(length));
        const rest = message.data.subarray(data.length);
        this.#message = rest.length > 0 ? { kind: 'piece', data: rest } : undefined;
        this.#port.postMessage(data.length);
        return data;
      }
    }
  }

  /** Waits at once rather than when it is polled: pollables are another thread's, which knows nothing of pieces. */
  subscribe(): ReturnType<typeof clocks.monotonicClock.subscribeDuration> {
    this.#receive(Infinity);
    return clocks.monotonicClock.subscribeDuration(0n);
  }

  #receive(milliseconds: number): void {
    if (this.#message !== undefined) return;
    Atomics.wait(this.#posted, 0, this.#received, milliseconds);
    const received = receiveMessageOnPort(this.#port);
    if (received === undefined) return;
    this.#received += 1;
    this.#message = received.message as UploadMessage;
  }
}
