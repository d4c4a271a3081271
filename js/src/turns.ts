/** Work that is done one after the other, in the order in which it was asked for. */

export class Turns {
  #isTaken = false;
  readonly #queue: (() => void)[] = [];

  async take<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#isTaken) await new Promise<void>((turn) => this.#queue.push(turn));
    this.#isTaken = true;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#isTaken = false;
      else next();
    }
  }
}
