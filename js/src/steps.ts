/** How long a step may take: `timeout`, which the component leaves to whoever waits. */

import type { HttpConnection } from './generated/interfaces/httplib-http-client.js';
import type { Settings } from './settings.js';
import type { Wait } from './wait.js';
import type { Pollable } from './wasi/poll.js';

/**
 * The steps of one connection.
 *
 * The look-up, connecting, a proxy's tunnel and the handshake are a step each, however often they wait. After that
 * each wait is a step of its own.
 */
export class Steps {
  readonly #settings: Settings;
  readonly #connection: HttpConnection;
  /** The step of opening that is under way, and when it must be over. */
  #opening: { step: string; until: number } | undefined;

  constructor(settings: Settings, connection: HttpConnection) {
    this.#settings = settings;
    this.#connection = connection;
  }

  /** A wait for these, within the step that it belongs to. */
  wait(pollables: Pollable[]): Wait {
    const { timeout } = this.#settings;
    if (timeout === undefined) return { pollables };
    const step = this.#step(pollables);
    const isSame = step !== undefined && step === this.#opening?.step;
    const until = isSame ? this.#opening?.until : performance.now() + timeout;
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
    // A stream that is being opened was connected before.
    if (this.#opening === undefined || this.#isOpen) return undefined;
    return this.#connection.getProxyResponseHeaders() === undefined ? 'first' : 'behind a proxy';
  }

  get #isOpen(): boolean {
    const { tls, route } = this.#settings;
    if (tls !== undefined) return this.#connection.tlsSession() !== undefined;
    return route?.kind !== 'tunnel' || this.#connection.getProxyResponseHeaders() !== undefined;
  }
}
