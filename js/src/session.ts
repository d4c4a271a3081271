/** A connection of the component, as long as it has its instance. */

import { withContext } from './context.js';
import type {
  Body,
  HttpConnection,
  HttpResponse,
  InputStream,
  TlsSession,
} from './generated/interfaces/httplib-http-client.js';
import { Instance, isWouldBlock, WOULD_BLOCK } from './instance.js';
import { Reply } from './reply.js';
import type { Head, Pairs, Route, Settings } from './settings.js';
import { Steps } from './steps.js';
import { Turns } from './turns.js';
import { Upload } from './upload.js';
import { ETERNITY } from './wasi/clocks.js';
import type { Pollable } from './wasi/poll.js';
import { NOTHING } from './wasi/streams.js';

export class Session {
  readonly #instance: Instance;
  readonly #connection: HttpConnection;
  readonly #steps: Steps;
  readonly #timeout: number | undefined;
  readonly #turns: Turns;
  /** The last one. */
  #reply: Reply | undefined;

  private constructor(instance: Instance, connection: HttpConnection, settings: Settings) {
    this.#instance = instance;
    this.#turns = new Turns(instance);
    this.#connection = connection;
    this.#timeout = settings.timeout;
    this.#steps = new Steps(settings, connection);
  }

  /** Makes the connection that the settings describe. */
  static async open(settings: Settings): Promise<Session> {
    const instance = await Instance.open();
    try {
      const connection = await instance.perform({ attempt: () => instance.own(connectionOf(instance, settings)) });
      const session = new Session(instance, connection, settings);
      const { route, deadline, continueTimeout, debuglevel } = settings;
      if (route !== undefined) await session.setRoute(route);
      await session.setDeadline(deadline);
      await session.ask((it) => {
        // Bodies that come in pieces are chunked here, not by the caller.
        it.setEncodeChunked(true);
        if (continueTimeout !== undefined) it.setContinueTimeout(continueTimeout);
        if (debuglevel > 0) it.setDebuglevel(debuglevel);
      });
      return session;
    } catch (error) {
      instance.release();
      throw error;
    }
  }

  /** Whether it takes no more calls. */
  get isEnded(): boolean {
    return this.#instance.isEnded;
  }

  /** Whether it has not yet done something that it was asked for. */
  get isBusy(): boolean {
    return this.#instance.isBusy;
  }

  /** Ends it at once, whatever it is doing. Calls fail with `reason`, now and later. */
  end(reason: unknown): void {
    this.#instance.end(reason);
  }

  /** Closes the connection, and leaves the instance to the next one. */
  release(): void {
    this.#instance.release();
  }

  /** Asks something that needs no waiting. */
  ask<T>(question: (connection: HttpConnection) => T): Promise<T> {
    return this.#turns.take(() => this.#instance.perform({ attempt: () => question(this.#connection) }));
  }

  setRoute(route: Route): Promise<void> {
    return this.ask((it) => {
      if (route.kind === 'tunnel') it.setTunnel(route.host, route.port, route.headers);
      else withContext(this.#instance.client, route.tls, (context) => it.setProxy(route.url, context));
    });
  }

  /** A step can be ended only if its exchange has a deadline, however far. */
  setDeadline(total: bigint | undefined): Promise<void> {
    const least = this.#timeout === undefined ? undefined : ETERNITY;
    return this.ask((it) => it.setDeadline(total ?? least));
  }

  proxyResponseHeaders(): Promise<Pairs | undefined> {
    return this.ask((it) => it.getProxyResponseHeaders());
  }

  tlsSession(): Promise<TlsSession | undefined> {
    return this.ask((it) => it.tlsSession());
  }

  connect(): Promise<void> {
    return this.#call((it) => it.connect());
  }

  /** Sends a whole request. */
  request(head: Head, body: Uint8Array | undefined): Promise<void> {
    if (body === undefined || !has(head, 'expect')) return this.#request(head, body && { tag: 'bytes', val: body });
    // The component takes the body when the server wants it: until then each attempt would bring all of it.
    const length: [string, string] = ['Content-Length', String(body.length)];
    const isAnnounced = has(head, 'content-length') || has(head, 'transfer-encoding');
    const headers = isAnnounced ? head.headers : [length, ...head.headers];
    return this.upload({ ...head, headers }, new Upload([body].values()));
  }

  /** Sends a request whose body comes in pieces. */
  upload(head: Head, upload: Upload): Promise<void> {
    return this.#request(head, { tag: 'stream', val: upload as unknown as InputStream }, upload);
  }

  getResponse(): Promise<Reply> {
    return this.#call((it) => {
      const response = it.getResponse();
      return isWouldBlock(response) ? WOULD_BLOCK : this.#made(response);
    });
  }

  #made(response: HttpResponse): Reply {
    if (this.#reply?.state.complete) this.#reply.drop();
    this.#reply = new Reply(this.#instance, this.#turns, this.#steps, this.#instance.own(response));
    return this.#reply;
  }

  #request({ method, url, headers, trailers }: Head, body: Body | undefined, upload?: Upload): Promise<void> {
    let given = body;
    let isBegun = false;
    return this.#call((it) => {
      if (!isBegun) it.setTrailers(trailers);
      isBegun = true;
      const sent = it.request(method, url, given, headers);
      // The first attempt has brought all of it.
      if (isWouldBlock(sent) && body?.tag === 'bytes') given = { tag: 'bytes', val: NOTHING };
      return sent;
    }, upload);
  }

  #call<T>(ask: (connection: HttpConnection) => T | typeof WOULD_BLOCK, upload?: Upload): Promise<T> {
    const connection = this.#connection;
    return this.#turns.take(async () => {
      try {
        return await this.#instance.perform({
          attempt: () => ask(connection),
          wait: () => {
            const pollables = connection.subscribe() as unknown as Pollable[];
            // As long as the caller has no more of the body, it is not the server that takes its time.
            if (upload?.isAwaited) return { pollables: [...pollables, upload.subscribe()] };
            return this.#steps.wait(pollables);
          },
          hasDeadline: true,
        });
      } finally {
        this.#steps.done();
      }
    });
  }
}

function has({ headers }: Head, wanted: string): boolean {
  return headers.some(([name]) => name.toLowerCase() === wanted);
}

function connectionOf({ client }: Instance, { host, port, options, tls }: Settings): HttpConnection {
  const { HttpConnection } = client;
  const nonblocking = { ...options, timeout: 0n };
  if (tls === undefined) return HttpConnection.http(host, port, nonblocking);
  return withContext(client, tls, (context) => HttpConnection.https(host, port, nonblocking, context && { context }));
}
