/**
 * A worker as the calling thread sees it: calls go in, promises come out.
 *
 * A worker keeps the process alive only while it has something to do. If it dies, what it was asked for fails.
 */

import { MessagePort, Worker } from 'node:worker_threads';

import { closed, fromFailure, WorkerError } from './errors.js';
import { compile, type Modules } from './instantiate.js';
import type { Call, Operation, Operations, Reply, Start } from './worker/protocol.js';

/** How many workers wait for their next connection. Each has a thread, a second one for its sockets, and about 5 MB. */
const SPARE = 4;

type Answer<O extends Operation> = ReturnType<Operations[O]>;

interface Pending {
  /** Where the call came from. */
  called: Error;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

let modules: Promise<Modules> | undefined;
const spare: Channel[] = [];

export class Channel {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #end: { reason: unknown } | undefined;

  private constructor(modules: Modules) {
    const workerData: Start = { modules };
    // Node.js's own options are those of the program: some, such as `--input-type`, fail a worker.
    const options = { workerData, name: 'httplib', execArgv: [] };
    this.#worker = new Worker(new URL('./worker/main.js', import.meta.url), options);
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(new WorkerError('the worker died', { cause: error })));
    this.#worker.on('exit', () => this.#fail(new WorkerError('the worker ended')));
  }

  /** A worker without a connection: a spare one, or a new one. */
  static async open(): Promise<Channel> {
    modules ??= compile();
    const compiled = await modules;
    return spare.pop() ?? new Channel(compiled);
  }

  /** Whether it takes no more calls. */
  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Whether it has not yet done something that it was asked for. */
  get isBusy(): boolean {
    return this.#pending.size > 0;
  }

  /** Has the worker do something, after everything that it was asked for before. Bytes among `given` are moved. */
  call<O extends Operation>(operation: O, ...given: Parameters<Operations[O]>): Promise<Answer<O>> {
    if (this.#end !== undefined) return Promise.reject(this.#end.reason);
    return new Promise<unknown>((resolve, reject) => {
      const call: Call = { id: ++this.#last, operation, arguments: given };
      this.#worker.postMessage(call, given.flatMap(moved));
      this.#pending.set(call.id, { called: new Error(), resolve, reject });
      this.#worker.ref();
    }) as Promise<Answer<O>>;
  }

  /** Ends it at once, whatever it is doing; its sockets are closed. Calls fail with `reason`, now and later. */
  end(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#fail(reason);
    void this.#worker.terminate();
  }

  /** Leaves it to the next connection, or ends it if it is busy or if enough others are spare. */
  async release(): Promise<void> {
    if (this.isBusy) return this.end(closed());
    try {
      await this.call('reset');
    } catch {
      return this.end(closed());
    }
    if (spare.length < SPARE) spare.push(this);
    else this.end(closed());
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('value' in reply) {
      pending?.resolve(reply.value);
      return;
    }
    const error = fromFailure(reply.failure);
    const frames = pending?.called.stack?.split('\n').slice(1) ?? [];
    // Of the caller, who wants to know: the error came out of a message.
    error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
    pending?.reject(error);
    if (reply.failure.kind === 'trap') this.end(error);
  }

  #fail(reason: unknown): void {
    this.#end ??= { reason };
    this.#worker.unref();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
    const index = spare.indexOf(this);
    if (index >= 0) spare.splice(index, 1);
  }
}

/** The parts of an argument that are moved to the worker instead of being copied. */
function moved(argument: unknown): (ArrayBuffer | MessagePort)[] {
  if (argument instanceof MessagePort) return [argument];
  return argument instanceof Uint8Array ? [argument.buffer as ArrayBuffer] : [];
}
