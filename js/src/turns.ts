/** Work with an instance that is done one after the other, in the order in which it was asked for. */

import type { Instance } from './instance.js';

export class Turns {
  readonly #instance: Instance;
  #isTaken = false;
  readonly #queue: (() => void)[] = [];

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  async take<T>(work: () => T | Promise<T>): Promise<T> {
    const leave = this.#instance.enter();
    if (this.#isTaken) await new Promise<void>((turn) => this.#queue.push(turn));
    this.#isTaken = true;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#isTaken = false;
      else next();
      leave();
    }
  }
}
