/** `wasi:io/streams` and `wasi:io/error`: what all streams have in common. */

import type { Pollable } from './poll.js';

/** What a stream failed with, in words that the component knows: those of Node.js have the code of the system. */
export class IoError {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toDebugString(): string {
    return this.#text;
  }
}

/** What a method of a stream throws. */
export type StreamError = { tag: 'closed' } | { tag: 'last-operation-failed'; val: IoError };

export const CLOSED: StreamError = { tag: 'closed' };

export function failed(text: string): StreamError {
  return { tag: 'last-operation-failed', val: new IoError(text) };
}

/** Nothing yet. */
export const NOTHING = new Uint8Array();

export abstract class InputStream {
  /** What is there, up to `length` bytes. Those are the callee's to keep. */
  abstract read(length: bigint): Uint8Array;
  abstract subscribe(): Pollable;
}

export abstract class OutputStream {
  /** How many bytes the next `write` may have; 0: none yet. */
  abstract checkWrite(): bigint;
  abstract write(data: Uint8Array): void;
  abstract flush(): void;
  abstract blockingWriteAndFlush(data: Uint8Array): void;
  abstract subscribe(): Pollable;
}
