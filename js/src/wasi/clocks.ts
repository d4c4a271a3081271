/** `wasi:clocks`. */

import { hrtime } from 'node:process';

import { Pollable, type Cancel } from './poll.js';

/** Nanoseconds, some 18 years: far beyond what anyone waits for, and far from what 64 bits hold. */
export const ETERNITY = 2n ** 59n;

/** The longest that a timer of Node.js can wait, in milliseconds. */
export const LONGEST = 2 ** 31 - 1;

const NANOSECONDS = 1_000_000_000n;

export class MonotonicClock {
  #ahead = 0n;

  readonly now = (): bigint => hrtime.bigint() + this.#ahead;

  readonly subscribeInstant = (instant: bigint): Pollable => {
    const left = (): number => Number(instant - this.now()) / 1e6;
    return new Pollable(
      () => left() <= 0,
      (listener) => after(left(), listener),
    );
  };

  /** Makes a call for which every deadline has passed. */
  jump<T>(call: () => T): T {
    this.#ahead = 2n * ETERNITY;
    try {
      return call();
    } finally {
      this.#ahead = 0n;
    }
  }
}

/** `wall-clock.now`. */
export function wallClock(): { seconds: bigint; nanoseconds: number } {
  const now = BigInt(Date.now()) * 1_000_000n;
  return { seconds: now / NANOSECONDS, nanoseconds: Number(now % NANOSECONDS) };
}

/** Calls the listener in so many milliseconds, or before that if a timer can't wait so long. */
export function after(milliseconds: number, listener: () => void): Cancel {
  const timer = setTimeout(listener, Math.min(Math.max(Math.ceil(milliseconds), 0), LONGEST));
  return () => clearTimeout(timer);
}
