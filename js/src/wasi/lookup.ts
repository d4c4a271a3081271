/** `wasi:sockets/ip-name-lookup`. */

import { lookup } from 'node:dns';

import { parse, type IpAddress } from './addresses.js';
import { Future, type ErrorCode, type Network } from './network.js';
import type { Pollable } from './poll.js';

/** The addresses of a name, in the order in which the resolver gave them. */
export class ResolveAddressStream {
  readonly #addresses = new Future<IpAddress[]>();

  constructor(name: string) {
    lookup(name, { all: true, verbatim: true }, (error, found) => {
      if (error === null) this.#addresses.resolve(found.map(({ address, family }) => parse(address, family)));
      else this.#addresses.reject(resolverCode(error));
    });
  }

  resolveNextAddress(): IpAddress | undefined {
    return this.#addresses.get().shift();
  }

  subscribe(): Pollable {
    return this.#addresses.subscribe('resolve');
  }
}

export function resolveAddresses(_network: Network, name: string): ResolveAddressStream {
  return new ResolveAddressStream(name);
}

function resolverCode({ code }: NodeJS.ErrnoException): ErrorCode {
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
    case 'EAI_NONAME':
    case 'EAI_NODATA':
    case 'EAI_ADDRFAMILY':
      return 'name-unresolvable';
    case 'EAI_AGAIN':
    case 'EAI_MEMORY':
    case 'ETIMEOUT':
      return 'temporary-resolver-failure';
    case 'ERR_ACCESS_DENIED':
      return 'access-denied';
    default:
      return 'permanent-resolver-failure';
  }
}
