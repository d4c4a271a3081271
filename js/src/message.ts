/** `HTTPMessage`: the headers of a response, or its trailers. */

import type { Pairs } from './settings.js';

/** Header fields, in order and case as received. Names match regardless of case. */
export class HTTPMessage implements Iterable<[name: string, value: string]> {
  readonly #fields: Pairs;

  /** @internal */
  constructor(fields: Pairs) {
    this.#fields = fields;
  }

  /** The field's value, several joined with `, `. */
  get(name: string): string | undefined {
    const values = this.getAll(name);
    return values.length === 0 ? undefined : values.join(', ');
  }

  /** Each value of the field, in order. */
  getAll(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.#fields.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  }

  /** Whether there is such a field. */
  has(name: string): boolean {
    return this.getAll(name).length > 0;
  }

  /** How many field lines there are. */
  get size(): number {
    return this.#fields.length;
  }

  /** Name and value of each field line; a repeated field comes again. */
  *[Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    for (const [name, value] of this.#fields) yield [name, value];
  }

  /** Name and value of each field line, for `JSON.stringify`. */
  toJSON(): [name: string, value: string][] {
    return [...this];
  }
}
