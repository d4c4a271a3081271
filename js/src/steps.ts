/** How long a step may take: `timeout`, which the component leaves to whoever waits. */

import type { HttpConnection } from './generated/interfaces/httplib-http-client.js';
import type { Wait } from './wait.js';
import type { Pollable } from './wasi/poll.js';

/**
 * The steps of one connection.
 *
 * The look-up, connecting, a proxy's tunnel and the handshake are a step each, however often they wait. After that
 * each wait is a step of its own.
 */
export class Steps {
  readonly #timeout: number | undefined;
  readonly #connection: HttpConnection;
  readonly #isSecure: boolean;
  /** The step of opening that is under way, and when it must be over. */
  #opening: { step: string; until: number } | undefined;

  constructor(timeout: number | undefined, connection: HttpConnection, isSecure: boolean) {
    this.#timeout = timeout;
    this.#connection = connection;
    this.#isSecure = isSecure;
  }

  /** A wait for these, within the step that it belongs to. */
  wait(pollables: Pollable[]): Wait {
    if (this.#timeout === undefined) return { pollables, until: undefined };
    const step = this.#step(pollables);
    const isSame = step !== undefined && step === this.#opening?.step;
    const until = isSame ? this.#opening?.until : performance.now() + this.#timeout;
    this.#opening = step === undefined || until === undefined ? undefined : { step, until };
    return { pollables, until };
  }

  /** What was waited for is there. */
  done(): void {
    this.#opening = undefined;
  }

  /** The step of opening that waits for these; none if the connection is open. */
  #step(pollables: Pollable[]): string | undefined {
    const dialing = pollables.find((it) => it.dialing !== undefined)?.dialing;
    if (dialing !== undefined) return dialing;
    // A stream that is opened was connected before.
    if (this.#opening === undefined || !this.#isSecure || this.#connection.tlsSession() !== undefined) return undefined;
    return this.#connection.getProxyResponseHeaders() === undefined ? 'first' : 'behind a proxy';
  }
}
