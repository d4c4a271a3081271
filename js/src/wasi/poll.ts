/** `wasi:io/poll`, without anything that blocks: whoever waits listens. */

/** Takes a listener back. */
export type Cancel = () => void;

/** Tells whoever listens that something may have changed. */
export class Signal {
  readonly #listeners = new Set<() => void>();

  readonly listen = (listener: () => void): Cancel => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  raise(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What a connection is doing as long as it has no stream. */
export type Dialing = 'resolve' | 'connect';

/** Something that can be waited for. */
export class Pollable {
  readonly ready: () => boolean;
  /** Calls the listener when this may have become ready. */
  readonly listen: (listener: () => void) => Cancel;
  /** What it belongs to, unless that is an open stream or a clock. */
  readonly dialing: Dialing | undefined;

  constructor(ready: () => boolean, listen: (listener: () => void) => Cancel, dialing?: Dialing) {
    this.ready = ready;
    this.listen = listen;
    this.dialing = dialing;
  }
}

/** With a timeout of 0 the component leaves all waiting to its caller. */
export function poll(): never {
  throw new Error('invariant: with a timeout of 0 the component does not wait');
}
