/** `HTTPConnection` and `HTTPSConnection`. */

import { body, type BodyInput, type Pieces } from './body.js';
import { closed, ResponseNotReady } from './errors.js';
import { Exchange, type Lease } from './exchange.js';
import type { TlsSession } from './generated/interfaces/httplib-http-client.js';
import { HTTPMessage } from './message.js';
import {
  connectionSettings,
  continueTimeoutSetting,
  deadlineSetting,
  pairs,
  timeoutSetting,
  tlsSettings,
  type ConnectionOptions,
  type HeadersInput,
  type HTTPSConnectionOptions,
  type TLSOptions,
} from './options.js';
import { HTTPResponse } from './response.js';
import { Session } from './session.js';
import type { Head, Route, Settings, TLSSettings } from './settings.js';
import { Upload } from './upload.js';

/** What a request has besides its method and URL. */
export interface RequestOptions {
  /** Sent in their order and case, after `Host`, `Accept-Encoding` and `Content-Length` unless they have these. */
  headers?: HeadersInput;
  /** An iterable has no known length: it is sent in chunks, unless the headers have a `Content-Length`. */
  body?: BodyInput;
  /** Fields after a body that is sent in chunks. */
  trailers?: HeadersInput;
  /** Ends the exchange at any time up to the last byte of the response, and closes the connection. */
  signal?: AbortSignal;
}

/** What a TLS handshake agreed on. */
export type TLSSession = TlsSession;

/** Ends the sessions of connections that nobody holds any longer. */
const abandoned = new FinalizationRegistry<{ lease: Lease | undefined }>(({ lease }) => {
  lease?.session.end(closed());
});

/**
 * One server, one request after another, as in Python.
 *
 * It connects by itself when a request needs it, keeps the socket open between requests if the server does, and
 * reconnects if the server does not. After an error it is closed and idle: the next request opens a fresh socket.
 *
 * It has an instance of the component, which is given back when the connection is closed. An idle connection doesn't
 * keep the process alive.
 */
export class HTTPConnection implements AsyncDisposable {
  readonly #settings: Settings;
  readonly #held: { lease: Lease | undefined } = { lease: undefined };
  readonly #exchanges = new Set<Exchange>();
  #opening: Promise<Lease> | undefined;
  #exchange: Exchange | undefined;
  #closesWithResponse = false;
  /** How many times it was closed. */
  #closed = 0;

  /**
   * `host` may be `name`, `name:port`, an IPv4 address, `[IPv6]` or `[IPv6]:port`. Nothing happens yet: a host that
   * can't be used is an `InvalidURL` from the first call.
   */
  constructor(host: string, options?: ConnectionOptions);
  constructor(host: string, port: number | undefined, options?: ConnectionOptions);
  /** @internal */
  constructor(host: string, port: number | undefined, options: ConnectionOptions, tls: TLSSettings);
  constructor(host: string, port?: number | ConnectionOptions, options?: ConnectionOptions, tls?: TLSSettings) {
    const [number, given = {}] = portAndOptions(port, options);
    const { deadline, continueTimeout } = given;
    this.#settings = {
      host,
      port: number,
      options: connectionSettings(given),
      timeout: timeoutSetting(given.timeout),
      tls,
      route: undefined,
      deadline: deadlineSetting(deadline),
      continueTimeout: continueTimeout === undefined ? undefined : continueTimeoutSetting(continueTimeout),
      debuglevel: 0,
    };
    abandoned.register(this, this.#held);
  }

  /**
   * Sends a request, connecting first if needed. The promise resolves when it is sent; `getResponse` comes next.
   *
   * @throws {CannotSendRequest} Another request is waiting for its response.
   * @throws {InvalidURL} The host or the URL can't be used.
   * @throws {ValueError} A method, header or trailer can't be sent.
   * @throws {SocketError} Connecting or sending failed; {@link TimeoutError}, {@link TLSError} and
   * {@link TunnelError} are subclasses.
   */
  async request(method: string, url: string, options: RequestOptions = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    const head = { method, url, headers: pairs(options.headers), trailers: pairs(options.trailers) };
    const content = body(options.body);
    const exchange = this.#begin(await this.#open(), signal);
    try {
      if (content.kind === 'whole') {
        await exchange.session.request(head, content.data);
      } else {
        await this.#upload(exchange, head, content.pieces);
      }
    } catch (error) {
      exchange.finish();
      throw error;
    }
    this.#exchange = exchange;
  }

  /**
   * Waits for the response's head.
   *
   * @throws {ResponseNotReady} There is no complete request, or the last response has unread body.
   * @throws {HTTPException} What came is not a response.
   * @throws {SocketError} Receiving failed.
   */
  async getResponse(): Promise<HTTPResponse> {
    const exchange = this.#exchange ?? this.#begin(await this.#open(), undefined);
    try {
      const reply = await exchange.session.getResponse();
      this.#exchange = undefined;
      return new HTTPResponse(exchange, reply);
    } catch (error) {
      // Its response may still come.
      if (error instanceof ResponseNotReady && this.#exchange === exchange) throw error;
      if (this.#exchange === exchange) this.#exchange = undefined;
      exchange.finish();
      throw error;
    }
  }

  /** Opens the connection now, tunnel and TLS included. Does nothing when it is open. */
  async connect(options: { signal?: AbortSignal } = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const exchange = this.#begin(await this.#open(), options.signal);
    try {
      await exchange.session.connect();
    } finally {
      exchange.finish();
    }
  }

  /** Makes the constructor's host a proxy that opens a tunnel to `host`; `headers` go with the `CONNECT` only. */
  async setTunnel(host: string, port?: number, headers?: HeadersInput): Promise<void> {
    await this.#setRoute({ kind: 'tunnel', host, port, headers: pairs(headers) });
  }

  /**
   * Sends requests through a proxy, `http://[user:password@]host[:port]` or `https:`; `tls` is for the latter. An
   * undefined `url` goes back to a direct connection.
   */
  async setProxy(url: string | undefined, tls?: TLSOptions): Promise<void> {
    await this.#setRoute({ kind: 'proxy', url, tls: tls && tlsSettings(tls) });
  }

  /** The proxy that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name for this server. */
  proxyFromEnvironment(): Promise<string | undefined> {
    return this.#ask((it) => it.ask((connection) => connection.proxyFromEnvironment()));
  }

  /**
   * The headers of the proxy's reply to `CONNECT`, even of one that refused the tunnel; undefined before that, without
   * a tunnel and after `close`.
   */
  async getProxyResponseHeaders(): Promise<HTTPMessage | undefined> {
    const headers = await this.#ask((it) => it.proxyResponseHeaders());
    return headers && new HTTPMessage(headers);
  }

  /** How many milliseconds each exchange as a whole may take; undefined: no limit. */
  async setDeadline(milliseconds: number | undefined): Promise<void> {
    const deadline = deadlineSetting(milliseconds);
    await this.#ask((it) => it.setDeadline(deadline));
    this.#settings.deadline = deadline;
  }

  /** How many milliseconds to wait for `100 Continue` if a request has `Expect: 100-continue`. */
  async setContinueTimeout(milliseconds: number): Promise<void> {
    const timeout = continueTimeoutSetting(milliseconds);
    await this.#ask((it) => it.ask((connection) => connection.setContinueTimeout(timeout)));
    this.#settings.continueTimeout = timeout;
  }

  /** Above 0, `send:`, `reply:` and `header:` lines go to standard error. */
  async setDebuglevel(level: number): Promise<void> {
    await this.#ask((it) => it.ask((connection) => connection.setDebuglevel(level)));
    this.#settings.debuglevel = level;
  }

  /**
   * What the TLS handshake with the server agreed on, even if the server has closed the connection since; undefined
   * before that, without TLS and after `close`.
   */
  tlsSession(): Promise<TLSSession | undefined> {
    return this.#ask((it) => it.tlsSession());
  }

  /**
   * Closes the connection and forgets a request under way. Pending calls, and reads of its responses, fail with
   * `NotConnected`. The connection can be used again afterwards.
   */
  async close(): Promise<void> {
    const { lease } = this.#held;
    this.#closed += 1;
    this.#held.lease = undefined;
    this.#opening = undefined;
    this.#exchange = undefined;
    const exchanges = [...this.#exchanges];
    this.#exchanges.clear();
    for (const exchange of exchanges) exchange.finish();
    if (lease === undefined) return;
    lease.isOver = true;
    lease.session.release();
  }

  /** `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal Closes it when the next exchange is over, successful or not. */
  closeWithResponse(): void {
    this.#closesWithResponse = true;
  }

  #begin(lease: Lease, signal: AbortSignal | undefined): Exchange {
    const exchange = new Exchange(lease, signal, (it) => {
      const isLive = this.#exchanges.delete(it);
      if (isLive && this.#closesWithResponse) void this.close();
    });
    this.#exchanges.add(exchange);
    return exchange;
  }

  async #upload(exchange: Exchange, head: Head, pieces: Pieces): Promise<void> {
    const upload = new Upload(pieces);
    try {
      await exchange.session.upload(head, upload);
    } catch (error) {
      // The component knows of a failed body only that it failed.
      throw upload.failure === undefined ? error : upload.failure.reason;
    } finally {
      upload.close();
    }
  }

  async #setRoute(route: Route): Promise<void> {
    await this.#ask((it) => it.setRoute(route));
    this.#settings.route = route;
  }

  async #ask<T>(question: (session: Session) => Promise<T>): Promise<T> {
    const lease = await this.#open();
    if (lease.isOver) throw closed();
    return question(lease.session);
  }

  /** The session that this connection has. */
  #open(): Promise<Lease> {
    if (this.#held.lease?.session.isEnded) this.#opening = undefined;
    this.#opening ??= this.#start();
    return this.#opening;
  }

  async #start(): Promise<Lease> {
    const closings = this.#closed;
    try {
      const session = await Session.open(this.#settings);
      const lease: Lease = { session, isOver: false };
      if (closings === this.#closed) {
        this.#held.lease = lease;
        return lease;
      }
      session.release();
    } catch (error) {
      if (closings === this.#closed) this.#opening = undefined;
      throw error;
    }
    throw closed();
  }
}

/** `HTTPConnection` over TLS. The default port is 443. */
export class HTTPSConnection extends HTTPConnection {
  constructor(host: string, options?: HTTPSConnectionOptions);
  constructor(host: string, port: number | undefined, options?: HTTPSConnectionOptions);
  constructor(host: string, port?: number | HTTPSConnectionOptions, options?: HTTPSConnectionOptions) {
    const [number, given = {}] = portAndOptions(port, options);
    super(host, number, given, tlsSettings(given.tls ?? {}));
  }
}

/** The arguments of a constructor whose second one may be left out. */
function portAndOptions<Options extends object>(
  port: number | Options | undefined,
  options: Options | undefined,
): [port: number | undefined, options: Options | undefined] {
  return typeof port === 'object' ? [undefined, port ?? options] : [port, options];
}
