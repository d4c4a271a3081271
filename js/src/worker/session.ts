/** One connection of the component, its responses, and what they were upgraded to: the work of a worker. */

import type { MessagePort } from 'node:worker_threads';

import type { Httplib } from '../generated/httplib.js';
import type {
  HttpConnection,
  HttpResponse,
  InputStream,
  UpgradedStream,
} from '../generated/interfaces/httplib-http-client.js';
import type { Block, BodyState, Head, Operations, Pairs, ResponseHead, Route, Settings, WitError } from './protocol.js';
import { tlsContext } from './tls.js';
import { UploadStream } from './upload.js';

/** Nanoseconds that `receive` waits, and a `transmit` behind it. */
const MOMENT = 5_000_000n;

/** As the component throws it: what is asked for was given up or used up before. */
const NOT_CONNECTED: { payload: WitError } = { payload: { tag: 'http', val: { tag: 'not-connected' } } };

type Wait = (pollables: ReturnType<UpgradedStream['subscribe']>, nanoseconds: bigint) => void;

export class Session implements Operations {
  readonly #client: Httplib['client'];
  readonly #wait: Wait;
  readonly #responses = new Map<number, HttpResponse>();
  readonly #streams = new Map<number, UpgradedStream>();
  #connection: HttpConnection | undefined;
  #last = 0;

  /** `wait` blocks until one of the pollables is ready or the time is over. */
  constructor(client: Httplib['client'], wait: Wait) {
    this.#client = client;
    this.#wait = wait;
  }

  open({ host, port, options, tls, route, deadline, continueTimeout, debuglevel }: Settings): void {
    const { HttpConnection } = this.#client;
    this.#connection =
      tls === undefined
        ? HttpConnection.http(host, port, options)
        : HttpConnection.https(host, port, options, withContext(tlsContext(this.#client, tls)));
    // Bodies that come in pieces are chunked here, not by the caller.
    this.#connection.setEncodeChunked(true);
    if (route !== undefined) this.setRoute(route);
    if (deadline !== undefined) this.setDeadline(deadline);
    if (continueTimeout !== undefined) this.setContinueTimeout(continueTimeout);
    if (debuglevel > 0) this.setDebuglevel(debuglevel);
  }

  connect(): void {
    this.#open.connect();
  }

  close(): void {
    this.#open.close();
  }

  setRoute(route: Route): void {
    if (route.kind === 'tunnel') {
      this.#open.setTunnel(route.host, route.port, route.headers);
    } else {
      this.#open.setProxy(route.url, tlsContext(this.#client, route.tls));
    }
  }

  setDeadline(total: bigint | undefined): void {
    this.#open.setDeadline(total);
  }

  setContinueTimeout(timeout: bigint): void {
    this.#open.setContinueTimeout(timeout);
  }

  setDebuglevel(level: number): void {
    this.#open.setDebuglevel(level);
  }

  proxyFromEnvironment(): string | undefined {
    return this.#open.proxyFromEnvironment();
  }

  proxyResponseHeaders(): Pairs | undefined {
    return this.#open.getProxyResponseHeaders();
  }

  tlsSession(): ReturnType<Operations['tlsSession']> {
    return this.#open.tlsSession();
  }

  request({ method, url, headers, trailers }: Head, body: Uint8Array | undefined): void {
    this.#open.setTrailers(trailers);
    this.#open.request(method, url, body && { tag: 'bytes', val: body }, headers);
  }

  upload({ method, url, headers, trailers }: Head, port: MessagePort, posted: SharedArrayBuffer): void {
    const stream = new UploadStream(port, posted) as unknown as InputStream;
    this.#open.setTrailers(trailers);
    this.#open.request(method, url, { tag: 'stream', val: stream }, headers);
  }

  getResponse(): ResponseHead {
    const response = this.#open.getResponse();
    for (const [name, earlier] of this.#responses) if (earlier.isClosed()) this.#forget(name);
    const name = ++this.#last;
    this.#responses.set(name, response);
    const head = {
      response: name,
      status: response.status(),
      reason: response.reason(),
      version: response.version(),
      headers: response.getHeaders(),
      interimResponses: response.interimResponses(),
      willClose: response.willClose(),
    };
    return { ...head, ...bodyState(response) };
  }

  read(name: number, amount: bigint | undefined): Block {
    return this.#read(name, (response) => response.read(amount));
  }

  readSome(name: number, amount: bigint): Block {
    return this.#read(name, (response) => response.read1(amount));
  }

  closeResponse(name: number): void {
    this.#responses.get(name)?.close();
    this.#forget(name);
  }

  upgrade(name: number): void {
    this.#streams.set(name, this.#response(name).upgrade());
    this.#forget(name);
  }

  receive(name: number, amount: bigint): Uint8Array | undefined {
    const stream = this.#stream(name);
    const pollables = stream.subscribe();
    try {
      this.#wait(pollables, MOMENT);
      return pollables.some((it) => it.ready()) ? stream.read(amount) : undefined;
    } finally {
      for (const it of pollables) dispose(it);
    }
  }

  transmit(name: number, data: Uint8Array): void {
    const stream = this.#stream(name);
    for (let rest = data; rest.length > 0; ) rest = rest.subarray(Number(stream.write(rest)));
    stream.flush();
  }

  shutdown(name: number): void {
    this.#stream(name).shutdown();
  }

  closeStream(name: number): void {
    dispose(this.#streams.get(name));
    this.#streams.delete(name);
  }

  reset(): void {
    for (const name of this.#responses.keys()) this.#forget(name);
    for (const name of this.#streams.keys()) this.closeStream(name);
    dispose(this.#connection);
    this.#connection = undefined;
  }

  get #open(): HttpConnection {
    if (this.#connection === undefined) throw new Error('invariant: a worker is told to open a connection first');
    return this.#connection;
  }

  #read(name: number, read: (response: HttpResponse) => Uint8Array): Block {
    const response = this.#response(name);
    const data = read(response);
    const block = { data, ...bodyState(response) };
    if (block.complete) this.#forget(name);
    return block;
  }

  #response(name: number): HttpResponse {
    const response = this.#responses.get(name);
    if (response === undefined) throw NOT_CONNECTED;
    return response;
  }

  #stream(name: number): UpgradedStream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw NOT_CONNECTED;
    return stream;
  }

  #forget(name: number): void {
    dispose(this.#responses.get(name));
    this.#responses.delete(name);
  }
}

function bodyState(response: HttpResponse): BodyState {
  const complete = response.isClosed();
  return { complete, length: response.length(), trailers: complete ? response.trailers() : undefined };
}

function withContext<T>(context: T | undefined): { context?: T } {
  return context === undefined ? {} : { context };
}

/** Drops a resource of the component now rather than when it is collected. */
function dispose(resource: object | undefined): void {
  (resource as Partial<Disposable> | undefined)?.[Symbol.dispose]?.();
}
