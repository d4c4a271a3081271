/** A response of the component. */

import type { Error as WitError, HttpResponse } from './generated/interfaces/httplib-http-client.js';
import { isWouldBlock, WOULD_BLOCK, type Instance } from './instance.js';
import type { Pairs } from './settings.js';
import type { Steps } from './steps.js';
import { Stream } from './stream.js';
import type { Turns } from './turns.js';
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
const BLOCK = 65_536n;

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
  #state: BodyState;
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
    this.#state = this.#bodyState();
  }

  /** What is known of the body after the last read. */
  get state(): BodyState {
    return this.#state;
  }

  /** All that is left, or exactly `amount` bytes unless the body ends before. */
  read(amount: number | undefined): Promise<Uint8Array> {
    const received = this.#kept;
    this.#kept = [];
    return this.#read(
      () => (this.#receive(received, amount) ? joined(received) : WOULD_BLOCK),
      () => (this.#kept = received),
    );
  }

  /** What is at hand, at least one byte unless the body ends. */
  readSome(): Promise<Uint8Array> {
    return this.#read(() => this.#kept.shift() ?? this.#response.read1(BLOCK));
  }

  /** Gives up the rest of the body. */
  close(): Promise<void> {
    return this.#turns.take(() => this.#instance.perform({ attempt: () => this.drop() }));
  }

  /** The raw stream that the connection became. */
  upgrade(): Promise<Stream> {
    const attempt = (): Stream => {
      this.#check();
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

  #read(read: () => Uint8Array | typeof WOULD_BLOCK, fail?: () => void): Promise<Uint8Array> {
    return this.#turns.take(async () => {
      try {
        return await this.#instance.perform({
          attempt: () => {
            this.#check();
            const data = read();
            if (!isWouldBlock(data)) this.#took(data.length);
            return data;
          },
          wait: () => this.#steps.wait(this.#response.subscribe() as unknown as Pollable[]),
          hasDeadline: true,
        });
      } catch (error) {
        fail?.();
        throw error;
      }
    });
  }

  /** Receives until `received` has so many bytes, or the whole body; whether it has. */
  #receive(received: Uint8Array[], amount = Infinity): boolean {
    try {
      for (let left = amount - lengthOf(received); left > 0; ) {
        const data = this.#response.read(left === Infinity ? undefined : BigInt(left));
        if (isWouldBlock(data)) return false;
        if (data.length === 0) break;
        received.push(data);
        left -= data.length;
      }
      return true;
    } catch (error) {
      const payload = (error as { payload?: WitError }).payload;
      if (payload?.tag === 'http' && payload.val.tag === 'incomplete-read') {
        const { val } = payload.val;
        val.partial = joined([...received.splice(0), val.partial]);
      }
      throw error;
    }
  }

  #took(amount: number): void {
    const { length } = this.#state;
    // As long as more is announced, it is not complete.
    if (length !== undefined && length > amount) this.#state = { ...this.#state, length: length - amount };
    else this.#state = this.#bodyState();
    if (this.#state.complete) this.drop();
  }

  #bodyState(): BodyState {
    const response = this.#response;
    const kept = lengthOf(this.#kept);
    const complete = kept === 0 && response.isClosed();
    const length = response.length();
    return {
      complete,
      length: length === undefined ? undefined : Number(length) + kept,
      trailers: complete ? response.trailers() : undefined,
    };
  }

  #check(): void {
    if (this.#isDropped) throw NOT_CONNECTED;
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
