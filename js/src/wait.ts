/** Waiting for pollables: the only place that does. */

import { after, LONGEST } from './wasi/clocks.js';
import type { Cancel, Pollable } from './wasi/poll.js';

/** What to wait for, and until when in terms of `performance.now`. */
export interface Wait {
  pollables: Pollable[];
  until?: number | undefined;
}

/** How a wait ended. */
export type Awaited = 'ready' | 'late';

/**
 * Waits until something is ready, or it is too late, or whoever `interruptible` tells of the wait ends it.
 *
 * Whoever waits keeps the process alive; sockets don't.
 */
export function awaits(
  { pollables, until = Infinity }: Wait,
  interruptible: (interrupt: () => void) => Cancel,
): Promise<Awaited> {
  return new Promise((resolve) => {
    const cancels: Cancel[] = [];
    const end = (awaited: Awaited): void => {
      for (const cancel of cancels.splice(0)) cancel();
      resolve(awaited);
    };
    const ready = (): void => end('ready');
    cancels.push(keepAlive(), interruptible(ready));
    // What is ready at once is left for the next turn of the event loop, so that others get theirs.
    for (const it of pollables) cancels.push(it.ready() ? soon(ready) : it.listen(ready));
    const left = until - performance.now();
    // What arrived while the thread did something else is looked for before it is too late.
    if (left <= LONGEST) cancels.push(after(left, () => cancels.push(soon(() => end('late')))));
  });
}

function soon(listener: () => void): Cancel {
  const immediate = setImmediate(listener);
  return () => clearImmediate(immediate);
}

let waiting = 0;
let alive: NodeJS.Timeout | undefined;

function keepAlive(): Cancel {
  waiting += 1;
  alive ??= setInterval(() => {}, LONGEST);
  if (waiting === 1) alive.ref();
  return () => {
    waiting -= 1;
    if (waiting === 0) alive?.unref();
  };
}
