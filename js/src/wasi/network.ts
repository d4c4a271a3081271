/** `wasi:sockets/network`: what can fail, and what is not there yet. */

import { Pollable, Signal, type Dialing } from './poll.js';

/** The network as a whole, which the component may use. */
export class Network {}

/** The cases of `error-code` that this host has. */
export type ErrorCode =
  | 'unknown'
  | 'access-denied'
  | 'not-supported'
  | 'invalid-argument'
  | 'out-of-memory'
  | 'timeout'
  | 'would-block'
  | 'invalid-state'
  | 'new-socket-limit'
  | 'address-not-bindable'
  | 'address-in-use'
  | 'remote-unreachable'
  | 'connection-refused'
  | 'connection-reset'
  | 'connection-aborted'
  | 'name-unresolvable'
  | 'temporary-resolver-failure'
  | 'permanent-resolver-failure';

const CODES: Record<string, ErrorCode> = {
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  ERR_ACCESS_DENIED: 'access-denied',
  EAFNOSUPPORT: 'not-supported',
  EPROTONOSUPPORT: 'not-supported',
  ENOTSUP: 'not-supported',
  EINVAL: 'invalid-argument',
  ENOMEM: 'out-of-memory',
  ENOBUFS: 'out-of-memory',
  ETIMEDOUT: 'timeout',
  EMFILE: 'new-socket-limit',
  ENFILE: 'new-socket-limit',
  EADDRNOTAVAIL: 'address-not-bindable',
  EADDRINUSE: 'address-in-use',
  EHOSTUNREACH: 'remote-unreachable',
  EHOSTDOWN: 'remote-unreachable',
  ENETUNREACH: 'remote-unreachable',
  ENETDOWN: 'remote-unreachable',
  ENONET: 'remote-unreachable',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  ECONNABORTED: 'connection-aborted',
};

/** What binding or connecting failed with. */
export function errorCode({ code = '', syscall }: NodeJS.ErrnoException): ErrorCode {
  // Where all ports are taken, Linux says this to `connect`.
  if (code === 'EADDRNOTAVAIL' && syscall === 'connect') return 'address-in-use';
  return CODES[code] ?? 'unknown';
}

type Outcome<T> = { value: T } | { code: ErrorCode };

/** What an operation that was started will have come to. */
export class Future<T> {
  #outcome: Outcome<T> | undefined;
  readonly #settled = new Signal();

  resolve(value: T): void {
    this.#settle({ value });
  }

  reject(code: ErrorCode): void {
    this.#settle({ code });
  }

  /** The value; throws the code of the failure, or `would-block`. */
  get(): T {
    if (this.#outcome === undefined) throw 'would-block' satisfies ErrorCode;
    if ('code' in this.#outcome) throw this.#outcome.code;
    return this.#outcome.value;
  }

  subscribe(dialing: Dialing): Pollable {
    return new Pollable(() => this.#outcome !== undefined, this.#settled.listen, dialing);
  }

  #settle(outcome: Outcome<T>): void {
    this.#outcome ??= outcome;
    this.#settled.raise();
  }
}
