/** `wasi:sockets/tcp` for clients, over the sockets of Node.js. */

import { connect, createServer, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { DuplexOptions } from 'node:stream';

import { text, type IpSocketAddress } from './addresses.js';
import { DISPOSE } from './dispose.js';
import { Inbox } from './inbox.js';
import { errorCode, Future, type Network } from './network.js';
import { HIGH_WATER, Outbox } from './outbox.js';
import type { Pollable } from './poll.js';

type ShutdownType = 'receive' | 'send' | 'both';

/** Milliseconds after which a peer that takes nothing more is left alone. */
const LINGER = 10_000;

/** A socket and its streams. */
interface Ends {
  socket: Socket;
  inbox: Inbox;
  outbox: Outbox;
}

export class TcpSocket {
  readonly #forget: (socket: TcpSocket) => void;
  #local: IpSocketAddress | undefined;
  readonly #bound = new Future<void>();
  #connected: Future<[Inbox, Outbox]> | undefined;
  #ends: Ends | undefined;

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
    const local = this.#local;
    const inbox = new Inbox();
    const options: TcpNetConnectOpts & DuplexOptions = {
      host: text(remote),
      port: remote.val.port,
      ...(local === undefined ? {} : { localAddress: text(local), localPort: local.val.port }),
      allowHalfOpen: true,
      noDelay: true,
      writableHighWaterMark: HIGH_WATER,
      onread: inbox.onread,
    };
    // Whoever waits for it keeps the process alive.
    const socket = connect(options).unref();
    const outbox = new Outbox(socket);
    const connected = new Future<[Inbox, Outbox]>();
    inbox.open(socket);
    socket.once('error', (error) => connected.reject(errorCode(error)));
    socket.once('connect', () => connected.resolve([inbox, outbox]));
    this.#connected = connected;
    this.#ends = { socket, inbox, outbox };
  }

  finishConnect(): [Inbox, Outbox] {
    if (this.#connected === undefined) throw 'invalid-state';
    return this.#connected.get();
  }

  subscribe(): Pollable {
    return (this.#connected ?? this.#bound).subscribe('connect');
  }

  shutdown(type: ShutdownType): void {
    if (type === 'send') this.#ends?.socket.end();
    else this[DISPOSE]();
  }

  /** Closes it at once: what is still to be sent is lost. */
  destroy(): void {
    this.#close((socket) => socket.destroy());
  }

  /** Closes it when all is sent. */
  [DISPOSE](): void {
    this.#close((socket) => {
      if (socket.connecting || socket.writableLength === 0) {
        socket.destroy();
        return;
      }
      // Nobody reads what still comes.
      socket.pause();
      socket.setTimeout(LINGER, () => socket.destroy());
      socket.destroySoon();
    });
  }

  #close(close: (socket: Socket) => void): void {
    this.#forget(this);
    if (this.#ends === undefined) return;
    const { socket, inbox, outbox } = this.#ends;
    close(socket);
    inbox.close();
    outbox.close();
    this.#ends = undefined;
    this.#connected = undefined;
  }
}
