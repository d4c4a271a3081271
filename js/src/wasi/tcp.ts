/** `wasi:sockets/tcp` for clients, over the sockets of Node.js. */

import { connect, createServer, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { DuplexOptions } from 'node:stream';

import { text, type IpAddressFamily, type IpSocketAddress } from './addresses.js';
import { Channel, HIGH_WATER } from './channel.js';
import { errorCode, Future, type Network } from './network.js';
import type { Pollable } from './poll.js';
import type { InputStream, OutputStream } from './streams.js';

type ShutdownType = 'receive' | 'send' | 'both';

export class TcpSocket {
  readonly #forget: (socket: TcpSocket) => void;
  #local: IpSocketAddress | undefined;
  #bound = new Future<void>();
  #connected: Future<Channel> | undefined;
  #socket: Socket | undefined;

  /** `forget` is called when it is closed. */
  constructor(forget: (socket: TcpSocket) => void) {
    this.#forget = forget;
  }

  /**
   * Node.js binds a socket only when it connects. Whether the address can be had shows where a server listens there
   * for a moment.
   */
  startBind(_network: Network, local: IpSocketAddress): void {
    this.#local = local;
    const server = createServer((socket) => socket.destroy()).unref();
    server.on('error', (error) => this.#bound.reject(errorCode(error)));
    server.listen({ host: text(local), port: local.val.port, ipv6Only: local.tag === 'ipv6', exclusive: true }, () =>
      server.close(() => this.#bound.resolve()),
    );
  }

  finishBind(): void {
    this.#bound.get();
  }

  startConnect(_network: Network, remote: IpSocketAddress): void {
    const connected = new Future<Channel>();
    this.#connected = connected;
    const local = this.#local;
    const options: TcpNetConnectOpts & DuplexOptions = {
      host: text(remote),
      port: remote.val.port,
      ...(local === undefined ? {} : { localAddress: text(local), localPort: local.val.port }),
      allowHalfOpen: true,
      noDelay: true,
      writableHighWaterMark: HIGH_WATER,
    };
    const socket = connect(options);
    // Whoever waits for it keeps the process alive.
    socket.unref();
    socket.once('error', (error) => connected.reject(errorCode(error)));
    socket.once('connect', () => connected.resolve(new Channel(socket)));
    this.#socket = socket;
  }

  finishConnect(): [InputStream, OutputStream] {
    if (this.#connected === undefined) throw 'invalid-state';
    const { input, output } = this.#connected.get();
    return [input, output];
  }

  subscribe(): Pollable {
    return (this.#connected ?? this.#bound).subscribe('connect');
  }

  shutdown(type: ShutdownType): void {
    if (this.#connected === undefined) throw 'invalid-state';
    const channel = this.#connected.get();
    if (type === 'send') channel.end();
    else channel.close();
  }

  /** Closes it at once: what is still to be sent is lost. */
  destroy(): void {
    this.#socket?.destroy();
    this.#forget(this);
  }

  /** Closes it when all is sent. */
  [Symbol.dispose](): void {
    this.#forget(this);
    try {
      this.#connected?.get().close();
    } catch {
      // It has not connected.
      this.#socket?.destroy();
    }
  }
}

export type CreateTcpSocket = (family: IpAddressFamily) => TcpSocket;
