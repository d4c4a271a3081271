/** `wasi:sockets/tcp` for clients, over the sockets of Node.js. */

import { connect, createServer, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { DuplexOptions } from 'node:stream';

import { text, type IpSocketAddress } from './addresses.js';
import { Inbox } from './inbox.js';
import { errorCode, Future, type Network } from './network.js';
import { HIGH_WATER, Outbox } from './outbox.js';
import type { Pollable } from './poll.js';
import type { InputStream, OutputStream } from './streams.js';

type ShutdownType = 'receive' | 'send' | 'both';

/** Milliseconds after which a peer that takes nothing more is left alone. */
const LINGER = 10_000;

export class TcpSocket {
  readonly #forget: (socket: TcpSocket) => void;
  #local: IpSocketAddress | undefined;
  #bound = new Future<void>();
  #connected: Future<[InputStream, OutputStream]> | undefined;
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
    const connected = new Future<[InputStream, OutputStream]>();
    const inbox = new Inbox();
    this.#connected = connected;
    const local = this.#local;
    const options: TcpNetConnectOpts & DuplexOptions = {
      host: text(remote),
      port: remote.val.port,
      ...(local === undefined ? {} : { localAddress: text(local), localPort: local.val.port }),
      allowHalfOpen: true,
      noDelay: true,
      writableHighWaterMark: HIGH_WATER,
      onread: inbox.onread,
    };
    const socket = connect(options);
    // Whoever waits for it keeps the process alive.
    socket.unref();
    socket.once('error', (error) => connected.reject(errorCode(error)));
    socket.once('connect', () => connected.resolve([inbox, new Outbox(socket)]));
    inbox.open(socket);
    this.#socket = socket;
  }

  finishConnect(): [InputStream, OutputStream] {
    if (this.#connected === undefined) throw 'invalid-state';
    return this.#connected.get();
  }

  subscribe(): Pollable {
    return (this.#connected ?? this.#bound).subscribe('connect');
  }

  shutdown(type: ShutdownType): void {
    if (type === 'send') this.#socket?.end();
    else this[Symbol.dispose]();
  }

  /** Closes it at once: what is still to be sent is lost. */
  destroy(): void {
    this.#socket?.destroy();
    this.#forget(this);
  }

  /** Closes it when all is sent. */
  [Symbol.dispose](): void {
    const socket = this.#socket;
    if (socket === undefined || socket.connecting || socket.writableLength === 0) {
      this.destroy();
      return;
    }
    socket.setTimeout(LINGER, () => socket.destroy());
    socket.destroySoon();
    this.#forget(this);
  }
}
