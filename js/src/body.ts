/** Bodies of requests, as callers give them. */

import { bytes } from './options.js';

/** What a request carries. Text is sent in UTF-8; what is iterated is sent piece by piece, as it comes. */
export type BodyInput = string | Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

export type Pieces = AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array>;

/** A body in one piece, none, or its pieces. */
export type Body = { kind: 'whole'; data: Uint8Array | undefined } | { kind: 'pieces'; pieces: Pieces };

export function body(input: BodyInput | undefined): Body {
  if (input === undefined) return { kind: 'whole', data: undefined };
  if (typeof input === 'string' || input instanceof Uint8Array) return { kind: 'whole', data: bytes(input) };
  if (Object(input) === input) {
    if (Symbol.asyncIterator in input) return { kind: 'pieces', pieces: input[Symbol.asyncIterator]() };
    if (Symbol.iterator in input) return { kind: 'pieces', pieces: input[Symbol.iterator]() };
  }
  throw new TypeError('a body is a string, a Uint8Array, or an iterable of them');
}
