/** A response of the component. */

import type { Error as WitError, HttpResponse } from './generated/interfaces/httplib-http-client.js';
import { isWouldBlock, type Call, type Instance, type WOULD_BLOCK } from './instance.js';
import type { Pairs } from './settings.js';
import type { Steps } from './steps.js';
import { Stream } from './stream.js';
import type { Turns } from './turns.js';
import type { Wait } from './wait.js';
import type { Pollable } from './wasi/poll.js';

/** A response without its body. */
export interface ReplyHead {
  status: number;
  reason: string;
  version: number;
  headers: Pairs;
  interimResponses: { status: number; reason: string; headers: Pairs }[];
  willClose: boolean;
}

/** What is known of a body after a read. */
export interface BodyState {
  /** Whether there is nothing more to read; the response itself is then gone. */
  complete: boolean;
  length: number | undefined;
  trailers: Pairs | undefined;
}

/** How much is asked of the component at a time, which is as much as it receives at a time. */
const BLOCK = 65_536;

/** As the component throws it: what is asked for was given up or used up before. */
const NOT_CONNECTED: { payload: WitError } = { payload: { tag: 'http', val: { tag: 'not-connected' } } };

export class Reply {
  readonly head: ReplyHead;
  readonly #instance: Instance;
  readonly #turns: Turns;
  readonly #steps: Steps;
  readonly #response: HttpResponse;
  /** What a read that failed had received: the next one begins with it. */
  #kept: Uint8Array[] = [];
  /** What the component still has. */
  #rest: BodyState;
  #isDropped = false;

  constructor(instance: Instance, turns: Turns, steps: Steps, response: HttpResponse) {
    this.#instance = instance;
    this.#turns = turns;
    this.#steps = steps;
    this.#response = response;
    this.head = {
      status: response.status(),
      reason: response.reason(),
      version: response.version(),
      headers: response.getHeaders(),
      interimResponses: response.interimResponses(),
      willClose: response.willClose(),
    };
    this.#rest = this.#ask();
  }

  /** What is known of the body after the last read. */
  get state(): BodyState {
    const kept = lengthOf(this.#kept);
    if (kept === 0) return this.#rest;
    const { length } = this.#rest;
    return { complete: false, length: length === undefined ? undefined : length + kept, trailers: undefined };
  }

  /** All that is left, or exactly `amount` bytes unless the body ends before. */
  read(amount = Infinity): Promise<Uint8Array> {
    return this.#turns.take(async () => {
      const received = this.#kept;
      this.#kept = [];
      try {
        await this.#perform(() => this.#receive(received, amount));
      } catch (error) {
        this.#kept = received;
        throw error;
      }
      const data = joined(received);
      if (data.length > amount) this.#kept = [data.subarray(amount)];
      return data.subarray(0, amount);
    });
  }

  /** What is at hand, at least one byte unless the body ends. */
  readSome(): Promise<Uint8Array> {
    return this.#turns.take(() => this.#kept.shift() ?? this.#perform(() => this.#next(BLOCK)));
  }

  /** Gives up the rest of the body. */
  close(): Promise<void> {
    return this.#turns.take(() => this.#instance.perform({ attempt: () => this.drop() }));
  }

  /** The raw stream that the connection became. */
  upgrade(): Promise<Stream> {
    const attempt = (): Stream => {
      if (this.#isDropped) throw NOT_CONNECTED;
      const stream = new Stream(this.#instance, this.#steps, this.#instance.own(this.#response.upgrade()));
      this.drop();
      return stream;
    };
    return this.#turns.take(() => this.#instance.perform({ attempt }));
  }

  /** Gives up what is left, and the connection if that has not arrived. */
  drop(): void {
    this.#isDropped = true;
    this.#instance.drop(this.#response);
  }

  #perform<T>(attempt: Call<T>['attempt']): Promise<T> {
    const wait = (): Wait => this.#steps.wait(this.#response.subscribe() as unknown as Pollable[]);
    return this.#instance.perform({ attempt, wait, hasDeadline: true });
  }

  /** Receives until `received` has so many bytes, or the whole body. */
  #receive(received: Uint8Array[], amount: number): typeof WOULD_BLOCK | undefined {
    try {
      for (let length = lengthOf(received); length < amount && !this.#rest.complete; ) {
        const data = this.#next(amount - length);
        if (isWouldBlock(data)) return data;
        received.push(data);
        length += data.length;
      }
      return undefined;
    } catch (error) {
      const payload = (error as { payload?: WitError }).payload;
      if (payload?.tag === 'http' && payload.val.tag === 'incomplete-read') {
        payload.val.val.partial = joined([...received.splice(0), payload.val.val.partial]);
      }
      throw error;
    }
  }

  /** The next bytes, up to `most`. */
  #next(most: number): Uint8Array | typeof WOULD_BLOCK {
    if (this.#isDropped) throw NOT_CONNECTED;
    const data = this.#response.read1(BigInt(Math.min(most, BLOCK)));
    if (!isWouldBlock(data)) this.#took(data.length);
    return data;
  }

  #took(amount: number): void {
    const { length } = this.#rest;
    // As long as more is announced, it is not complete.
    if (length !== undefined && length > amount) this.#rest = { ...this.#rest, length: length - amount };
    else this.#rest = this.#ask();
    if (this.#rest.complete) this.drop();
  }

  #ask(): BodyState {
    const complete = this.#response.isClosed();
    const length = this.#response.length();
    return {
      complete,
      length: length === undefined ? undefined : Number(length),
      trailers: complete ? this.#response.trailers() : undefined,
    };
  }
}

function lengthOf(blocks: Uint8Array[]): number {
  return blocks.reduce((length, block) => length + block.length, 0);
}

function joined(blocks: Uint8Array[]): Uint8Array {
  const [only] = blocks;
  if (only !== undefined && blocks.length === 1) return only;
  const all = new Uint8Array(lengthOf(blocks));
  let length = 0;
  for (const block of blocks) {
    all.set(block, length);
    length += block.length;
  }
  return all;
}
