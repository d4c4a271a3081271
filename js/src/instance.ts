/**
 * An instance of the component, in the caller's thread: calls are made until they need not wait.
 *
 * The component never blocks. A call that would have to wait says so; it is made again, with the same arguments, when
 * what it waits for is there. Meanwhile the event loop goes on.
 */

import type { Httplib } from './generated/httplib.js';
import type { Error as WitError } from './generated/interfaces/httplib-http-client.js';
import { closed, fromWit, WorkerError } from './errors.js';
import { compile, instantiated, type Modules } from './instantiate.js';
import { awaits, type Awaited, type Wait } from './wait.js';
import { dispose } from './wasi/dispose.js';
import { Host } from './wasi/host.js';
import { Signal } from './wasi/poll.js';

/** How many instances wait for their next connection. Each has some MB of memory. */
const SPARE = 4;

/** What the component returns where it would have to wait. */
export const WOULD_BLOCK = Symbol('would-block');

export function isWouldBlock(value: unknown): value is typeof WOULD_BLOCK {
  return value === WOULD_BLOCK;
}

/** Something that the component is asked for. */
export interface Call<T> {
  /** Asks; returns and throws what the component does, which may be {@link WOULD_BLOCK} in spite of its types. */
  attempt: () => T | typeof WOULD_BLOCK;
  /** What to wait for where it would block. Without it the call never waits. */
  wait?: () => Wait;
  /** Whether the deadline of its exchange ends it, which is where the component puts an end to a step, too. */
  hasDeadline?: boolean;
}

let modules: Promise<Modules> | undefined;
const spare: Instance[] = [];

/** Those that trapped. They are kept: where a resource is collected, the component would be called to drop it. */
const broken = new Set<Instance>();

export class Instance {
  readonly client: Httplib['client'];
  readonly #host = new Host();
  readonly #ended = new Signal();
  /** Resources of the component. */
  readonly #resources = new Set<object>();
  #underWay = 0;
  #end: { reason: unknown } | undefined;

  private constructor(modules: Modules) {
    this.client = instantiated(modules, this.#host.imports(), WOULD_BLOCK).client;
  }

  /** An instance without a connection: a spare one, or a new one. */
  static async open(): Promise<Instance> {
    modules ??= compile();
    const compiled = await modules;
    return spare.pop() ?? new Instance(compiled);
  }

  /** Whether it takes no more calls. */
  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Whether it has not yet done something that it was asked for. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** Is busy until what this returns is called. */
  enter(): () => void {
    this.#underWay += 1;
    return () => {
      this.#underWay -= 1;
    };
  }

  /** Makes the call as often as it takes, and throws in our words. */
  async perform<T>({ attempt, wait, hasDeadline = false }: Call<T>): Promise<T> {
    for (let awaited: Awaited = 'ready'; ; ) {
      if (this.#end !== undefined) throw this.#end.reason;
      const value = awaited === 'ready' ? this.#ask(attempt) : this.#timeOut(attempt, hasDeadline);
      if (value !== WOULD_BLOCK) return value;
      if (wait === undefined) throw new Error('invariant: this never waits');
      awaited = await awaits(this.#ask(wait), this.#ended.listen);
    }
  }

  /** Drops the resource with the connection that has this instance, unless that is done before by {@link drop}. */
  own<T extends object>(resource: T): T {
    this.#resources.add(resource);
    return resource;
  }

  /** Drops a resource of the component now rather than when it is collected. */
  drop(resource: object): void {
    if (!this.#resources.delete(resource) || broken.has(this)) return;
    try {
      dispose(resource);
    } catch (error) {
      this.#break(error);
    }
  }

  /** Ends it at once; its sockets are closed. Calls fail with `reason`, now and later. */
  end(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { reason };
    this.#host.destroy();
    if (!broken.has(this)) this.#dropAll();
    this.#ended.raise();
  }

  /** Leaves it to the next connection, or ends it if it is busy or if enough others are spare. */
  release(): void {
    if (!this.isBusy) this.#dropAll();
    if (this.isEnded) return;
    if (this.isBusy || spare.length >= SPARE) this.end(closed());
    else spare.push(this);
  }

  /** The youngest first: what belongs to another goes before that. */
  #dropAll(): void {
    for (const resource of [...this.#resources].reverse()) this.drop(resource);
  }

  #timeOut<T>(attempt: () => T, hasDeadline: boolean): T {
    if (hasDeadline) return this.#ask(() => this.#host.clock.jump(attempt));
    return this.#ask(() => {
      throw { payload: { tag: 'timed-out', val: 'send' } satisfies WitError };
    });
  }

  #ask<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      const payload = (error as { payload?: WitError } | undefined)?.payload;
      if (payload !== undefined) throw fromWit(payload, this.client.describe(payload));
      if (error instanceof TypeError) throw new TypeError(error.message);
      throw this.#break(error);
    }
  }

  /** It trapped: nothing in it can be relied on any more. */
  #break(error: unknown): WorkerError {
    broken.add(this);
    const text = String((error as Error | undefined)?.stack ?? error);
    const trap = new WorkerError(`the component trapped: ${text}`, { cause: error });
    this.end(trap);
    return trap;
  }
}
