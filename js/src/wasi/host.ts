/** Everything that one instance of the component imports, as `wit/world.wit` lists it. */

import { getRandomValues } from 'node:crypto';
import { env } from 'node:process';

import type { ImportObject } from '../generated/httplib.js';
import { MonotonicClock, wallClock } from './clocks.js';
import { Descriptor, DirectoryEntryStream, getDirectories } from './files.js';
import { ResolveAddressStream, resolveAddresses } from './lookup.js';
import { Network } from './network.js';
import { poll, Pollable } from './poll.js';
import { getStderr } from './stderr.js';
import { InputStream, IoError, OutputStream } from './streams.js';
import { TcpSocket } from './tcp.js';

/** The host of an instance: its clock, and the sockets that it has open. */
export class Host {
  readonly clock = new MonotonicClock();
  readonly #sockets = new Set<TcpSocket>();

  /** Closes every socket at once. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** What the component uses of each interface; the rest of them is not here. */
  imports(): ImportObject {
    const { now, subscribeInstant } = this.clock;
    const imports = {
      'wasi:cli/environment': { getEnvironment },
      'wasi:cli/stderr': { getStderr },
      'wasi:clocks/monotonic-clock': { now, subscribeInstant },
      'wasi:clocks/wall-clock': { now: wallClock },
      'wasi:filesystem/preopens': { getDirectories },
      'wasi:filesystem/types': { Descriptor, DirectoryEntryStream },
      'wasi:io/error': { Error: IoError },
      'wasi:io/poll': { Pollable, poll },
      'wasi:io/streams': { InputStream, OutputStream },
      'wasi:random/random': { getRandomU64 },
      'wasi:sockets/instance-network': { instanceNetwork },
      'wasi:sockets/ip-name-lookup': { ResolveAddressStream, resolveAddresses },
      'wasi:sockets/network': { Network },
      'wasi:sockets/tcp': { TcpSocket },
      'wasi:sockets/tcp-create-socket': { createTcpSocket: () => this.#socket() },
    };
    // The generated module asks for interfaces without their versions, which its declarations have.
    return imports as unknown as ImportObject;
  }

  #socket(): TcpSocket {
    const socket = new TcpSocket((it) => this.#sockets.delete(it));
    this.#sockets.add(socket);
    return socket;
  }
}

function getEnvironment(): [name: string, value: string][] {
  return Object.entries(env).map(([name, value = '']) => [name, value]);
}

function getRandomU64(): bigint {
  const [number = 0n] = getRandomValues(new BigUint64Array(1));
  return number;
}

function instanceNetwork(): Network {
  return new Network();
}
