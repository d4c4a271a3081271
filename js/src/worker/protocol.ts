/** What a worker can be asked for, and what it answers. Both sides import only types from here. */

import type { MessagePort } from 'node:worker_threads';

import type { Error as WitError, TlsSession } from '../generated/interfaces/httplib-http-client.js';
import type { Modules } from '../instantiate.js';

export type { TlsSession, WitError };

/** Header lines, in the order and case of the wire. */
export type Pairs = [name: string, value: string][];

/** A span in nanoseconds. */
export type Nanoseconds = bigint;

/** A PEM file's contents. */
export type Pem = Uint8Array;

/** What a `tls-context` is made of. */
export interface TLSSettings {
  ca: Pem[];
  /** Whether those that are trusted by default are, too. */
  defaultAuthorities: boolean;
  crls: Pem[];
  pins: Uint8Array[];
  chain: { certificate: Pem; key: Pem | undefined } | undefined;
  checkHostname: boolean | undefined;
  verifyMode: 'cert-none' | 'cert-optional' | 'cert-required' | undefined;
  minimumVersion: 'tls12' | 'tls13' | undefined;
  alpn: string[] | undefined;
}

/** The options of a connection's constructor. */
export interface ConnectionSettings {
  strict: boolean;
  timeout?: Nanoseconds;
  sourceAddress?: [address: string, port: number];
  maxResponseHeaders?: number;
}

/** Where requests go through. */
export type Route =
  | { kind: 'tunnel'; host: string; port: number | undefined; headers: Pairs }
  | { kind: 'proxy'; url: string | undefined; tls: TLSSettings | undefined };

/** All that a connection was told, so that another worker can go on with it. */
export interface Settings {
  host: string;
  port: number | undefined;
  options: ConnectionSettings;
  /** None: plain HTTP. */
  tls: TLSSettings | undefined;
  route: Route | undefined;
  deadline: Nanoseconds | undefined;
  continueTimeout: Nanoseconds | undefined;
  debuglevel: number;
}

/** A request without its body. */
export interface Head {
  method: string;
  url: string;
  headers: Pairs;
  trailers: Pairs;
}

/** A response without its body. */
export interface ResponseHead extends BodyState {
  /** Names the response in later calls. */
  response: number;
  status: number;
  reason: string;
  version: number;
  headers: Pairs;
  interimResponses: { status: number; reason: string; headers: Pairs }[];
  willClose: boolean;
}

/** What is known of a body after a read. */
export interface BodyState {
  /** Whether there is nothing more to read; the worker has then forgotten the response. */
  complete: boolean;
  length: bigint | undefined;
  trailers: Pairs | undefined;
}

export interface Block extends BodyState {
  data: Uint8Array;
}

/** A piece of a request's body, or why there is none. The answer is how many bytes of it were taken. */
export type UploadMessage = { kind: 'piece'; data: Uint8Array } | { kind: 'end' } | { kind: 'failure' };

/** Everything a worker does. */
export interface Operations {
  /** Makes the connection that the other calls are about. */
  open(settings: Settings): void;
  connect(): void;
  /** Closes the connection; what is unread of its responses is gone. */
  close(): void;
  setRoute(route: Route): void;
  setDeadline(total: Nanoseconds | undefined): void;
  setContinueTimeout(timeout: Nanoseconds): void;
  setDebuglevel(level: number): void;
  proxyFromEnvironment(): string | undefined;
  proxyResponseHeaders(): Pairs | undefined;
  tlsSession(): TlsSession | undefined;
  /** Sends a whole request. */
  request(head: Head, body: Uint8Array | undefined): void;
  /** Sends a request whose body comes as {@link UploadMessage}s, as many as `posted` counts. */
  upload(head: Head, port: MessagePort, posted: SharedArrayBuffer): void;
  getResponse(): ResponseHead;
  /** All that is left, or exactly `amount` bytes unless the body ends before. */
  read(response: number, amount: bigint | undefined): Block;
  /** What is at hand, at least one byte unless the body ends, at most `amount`. */
  readSome(response: number, amount: bigint): Block;
  closeResponse(response: number): void;
  /** The raw stream behind a response, under the response's name. */
  upgrade(response: number): void;
  /** The stream's next bytes; none where nothing came for a moment. */
  receive(stream: number, amount: bigint): Uint8Array | undefined;
  transmit(stream: number, data: Uint8Array): void;
  shutdown(stream: number): void;
  closeStream(stream: number): void;
  /** Forgets everything, for the next connection. */
  reset(): void;
}

export type Operation = keyof Operations;

export interface Call {
  id: number;
  operation: Operation;
  arguments: unknown[];
}

/** Why a call failed. */
export type Failure =
  /** The component says so. */
  | { kind: 'component'; error: WitError; text: string }
  /** The instance trapped and can't be used any more. */
  | { kind: 'trap'; text: string }
  /** An argument is of the wrong type. */
  | { kind: 'argument'; text: string };

export type Reply = { id: number; value: unknown } | { id: number; failure: Failure };

/** What a worker is started with. */
export interface Start {
  modules: Modules;
}
