/** `HTTPResponse`. */

import type { Exchange } from './exchange.js';
import { HTTPMessage } from './message.js';
import type { BodyState, Reply } from './reply.js';
import { UpgradedStream } from './upgrade.js';

/** An interim response (1xx), such as `103 Early Hints`. */
export interface InterimResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: HTTPMessage;
}

/**
 * A response: its head, and its body as it arrives.
 *
 * The body is read by `read`, by `bytes`, `text` or `json`, or by iteration; what is not asked for is not received.
 * Read it to its end, or `close` it: only then can the connection go on.
 */
export class HTTPResponse implements AsyncIterable<Uint8Array>, AsyncDisposable {
  /** 100 to 999. */
  readonly status: number;
  /** The reason phrase; empty if the server sent none. */
  readonly reason: string;
  /** 9, 10 or 11 for HTTP/0.9, 1.0 and 1.1. */
  readonly version: number;
  /** The headers. */
  readonly headers: HTTPMessage;
  /** The interim responses that came before this one. */
  readonly interimResponses: readonly InterimResponse[];
  /** Whether the connection ends with this response. */
  readonly willClose: boolean;

  readonly #exchange: Exchange;
  readonly #reply: Reply;
  #state: BodyState;

  /** @internal */
  constructor(exchange: Exchange, reply: Reply) {
    const { head } = reply;
    this.#exchange = exchange;
    this.#reply = reply;
    this.status = head.status;
    this.reason = head.reason;
    this.version = head.version;
    this.headers = new HTTPMessage(head.headers);
    this.interimResponses = head.interimResponses.map(({ status, reason, headers }) => ({
      status,
      reason,
      headers: new HTTPMessage(headers),
    }));
    this.willClose = head.willClose;
    this.#state = reply.state;
    if (this.#state.complete && head.status !== 101) exchange.finish();
  }

  /** Whether the body is complete or `close` was called. */
  get isClosed(): boolean {
    return this.#state.complete;
  }

  /** How many bytes of the body are left; undefined if that is not known. */
  get length(): number | undefined {
    return this.#state.length;
  }

  /** The trailers after a chunked body; undefined before the body is read to its end. */
  get trailers(): HTTPMessage | undefined {
    const { trailers } = this.#state;
    return trailers === undefined ? undefined : new HTTPMessage(trailers);
  }

  /**
   * The rest of the body, or its next `amount` bytes. Fewer come only at the end; none means that the body is
   * complete.
   *
   * @throws {IncompleteRead} The connection ended before the body did.
   * @throws {HTTPException} The body's framing is broken, or the connection was closed.
   * @throws {SocketError} Receiving failed.
   */
  async read(amount?: number): Promise<Uint8Array> {
    if (amount !== undefined && !(Number.isSafeInteger(amount) && amount >= 0)) {
      throw new RangeError(`not a number of bytes: ${amount}`);
    }
    if (this.#state.complete) return new Uint8Array();
    return this.#take((reply) => reply.read(amount));
  }

  /** The body in blocks, as they arrive, each received when it is asked for. Leaving the loop early calls `close`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      while (!this.#state.complete) {
        const data = await this.#take((reply) => reply.readSome());
        if (data.length > 0) yield data;
      }
    } finally {
      await this.close();
    }
  }

  /** The rest of the body. */
  bytes(): Promise<Uint8Array> {
    return this.read();
  }

  /** The rest of the body, as UTF-8. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.read());
  }

  /** The rest of the body, as JSON. */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  /**
   * The raw stream after `101 Switching Protocols` or a 2xx reply to `CONNECT`. TLS stays in place.
   *
   * @throws {NotConnected} This response did not switch protocols, or the stream was taken before.
   */
  async upgrade(): Promise<UpgradedStream> {
    this.#exchange.check();
    return new UpgradedStream(this.#exchange, await this.#reply.upgrade());
  }

  /** Gives up the rest of the body. The connection is closed too unless that rest has already arrived. */
  async close(): Promise<void> {
    if (this.#state.complete) return;
    this.#state = { complete: true, length: 0, trailers: undefined };
    await this.#exchange.endOr(() => this.#reply.close());
    this.#exchange.finish();
  }

  /** `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #take(read: (reply: Reply) => Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      this.#exchange.check();
      const data = await read(this.#reply);
      this.#state = this.#reply.state;
      if (this.#state.complete) this.#exchange.finish();
      return data;
    } catch (error) {
      // The connection is over.
      this.#exchange.finish();
      throw error;
    }
  }
}
