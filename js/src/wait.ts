/** Waiting for pollables: the only place that does. */

import { LONGEST } from './wasi/clocks.js';
import type { Pollable } from './wasi/poll.js';

/** What to wait for, and until when in terms of `performance.now`. */
export interface Wait {
  pollables: Pollable[];
  until: number | undefined;
}

/** How a wait ended. */
export type Awaited = 'ready' | 'late';

/**
 * Waits until something is ready, it is too late, or `interrupted` is called.
 *
 * Whoever waits keeps the process alive; sockets don't.
 */
export function awaits({ pollables, until }: Wait, interruptible: (interrupt: () => void) => () => void) {
  return new Promise<Awaited>((resolve) => {
    let end = (awaited: Awaited): void => resolve(awaited);
    const ready = (): void => end('ready');
    const cancels = [
      keepAlive(),
      interruptible(ready),
      // What is ready at once is left for the next turn of the event loop, so that others get theirs.
      ...pollables.map((it) => (it.ready() ? soon(ready) : it.listen(ready))),
    ];
    if (until !== undefined) cancels.push(timer(until - performance.now(), () => end('late')));
    end = (awaited) => {
      end = () => {};
      for (const cancel of cancels) cancel();
      resolve(awaited);
    };
  });
}

function soon(listener: () => void): () => void {
  const immediate = setImmediate(listener);
  return () => clearImmediate(immediate);
}

function timer(milliseconds: number, listener: () => void): () => void {
  const timeout = setTimeout(listener, Math.min(Math.max(milliseconds, 1), LONGEST));
  return () => clearTimeout(timeout);
}

let waiting = 0;
let alive: NodeJS.Timeout | undefined;

function keepAlive(): () => void {
  waiting += 1;
  alive ??= setInterval(() => {}, LONGEST);
  if (waiting === 1) alive.ref();
  return () => {
    waiting -= 1;
    if (waiting === 0) alive?.unref();
  };
}
