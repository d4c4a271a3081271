/**
 * Errors, by Python's names and in Python's hierarchy.
 *
 * Each has a `code`, the name of the case in the component's WIT, and as its `cause` the WIT value. The messages are
 * for people and may change.
 *
 * ```text
 * ClientError
 * ├─ HTTPException
 * │  ├─ NotConnected, InvalidURL, UnknownProtocol, UnknownTransferEncoding, IncompleteRead, LineTooLong
 * │  ├─ ImproperConnectionState ─ CannotSendRequest, CannotSendHeader, ResponseNotReady
 * │  └─ BadStatusLine ─ RemoteDisconnected
 * ├─ ValueError
 * ├─ SocketError ─ TimeoutError, TLSError, TunnelError
 * └─ WorkerError
 * ```
 */

import type {
  ConnectionAttempt,
  ConnectionState,
  Error as WitError,
  HttpException,
  Phase,
  SocketErrorCode,
  TunnelRefusal,
} from './generated/interfaces/httplib-http-client.js';
import { HTTPMessage } from './message.js';

export type { ConnectionState, Phase };

/** Anything that goes wrong in this package. */
export class ClientError extends Error {
  /** The case's name in the WIT, such as `connection-refused` or `hostname-mismatch`. */
  readonly code: string;

  /** @internal */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** `HTTPException`: the reply, or the order of the calls, is not what HTTP asks for. */
export class HTTPException extends ClientError {}

/** The connection was closed before the response's body was read. */
export class NotConnected extends HTTPException {}

/** A host, a port or a request target that can't be used. */
export class InvalidURL extends HTTPException {}

/** The reply begins with `HTTP/`, but its version is not 1.x. */
export class UnknownProtocol extends HTTPException {}

/** A transfer coding that IANA's registry doesn't list. */
export class UnknownTransferEncoding extends HTTPException {}

/** The connection ended before the body did. */
export class IncompleteRead extends HTTPException {
  /** The bytes of the body that this call received. */
  readonly partial: Uint8Array;
  /** How many more bytes were announced; undefined if the body was chunked. */
  readonly expected: number | undefined;

  /** @internal */
  constructor(code: string, message: string, options: ErrorOptions, partial: Uint8Array, expected?: bigint) {
    super(code, message, options);
    this.partial = partial;
    this.expected = expected === undefined ? undefined : Number(expected);
  }
}

/** A call out of order. Nothing has changed. */
export class ImproperConnectionState extends HTTPException {
  /** The state that the connection was in. */
  readonly state: ConnectionState;

  /** @internal */
  constructor(code: string, message: string, options: ErrorOptions, state: ConnectionState) {
    super(code, message, options);
    this.state = state;
  }
}

/** `request` before the last request was answered. */
export class CannotSendRequest extends ImproperConnectionState {}

/** A header when no request was begun. */
export class CannotSendHeader extends ImproperConnectionState {}

/** `getResponse` without a complete request, or while the last response has unread body. */
export class ResponseNotReady extends ImproperConnectionState {}

/** The reply's first line is not a status line. */
export class BadStatusLine extends HTTPException {}

/** The server closed the connection without sending a byte of a reply. */
export class RemoteDisconnected extends BadStatusLine {}

/** A line of the reply is longer than 65,536 bytes. */
export class LineTooLong extends HTTPException {}

/** An argument that can't be sent, such as a line end in a header. Nothing was sent. */
export class ValueError extends ClientError {}

/** `socket.error`: the network failed. */
export class SocketError extends ClientError {
  /** What the connection was doing; undefined if that is not known. */
  readonly phase: Phase | undefined;
  /** The addresses that were tried, in order, if connecting failed. */
  readonly attempts: { address: string; code: string }[];

  /** @internal */
  constructor(code: string, message: string, options: ErrorOptions, phase?: Phase, attempts: ConnectionAttempt[] = []) {
    super(code, message, options);
    this.phase = phase;
    this.attempts = attempts.map(({ address, code }) => ({ address, code: socketCode(code) }));
  }
}

/** `socket.timeout`: the connection's timeout or deadline passed in this phase. */
export class TimeoutError extends SocketError {}

/** `ssl.SSLError`; `code` says why, such as `unknown-issuer` or `certificate-expired`. */
export class TLSError extends SocketError {}

/** The proxy refused to open the tunnel. */
export class TunnelError extends SocketError {
  /** The proxy's status, such as 407. */
  readonly status: number;
  /** The proxy's reason phrase. */
  readonly reason: string;
  /** The proxy's headers. */
  readonly headers: HTTPMessage;
  /** As much of the reply's body as arrived, up to 64 KiB. */
  readonly body: Uint8Array;

  /** @internal */
  constructor(code: string, message: string, options: ErrorOptions, refusal: TunnelRefusal) {
    super(code, message, options, 'tunnel');
    this.status = refusal.status;
    this.reason = refusal.reason;
    this.headers = new HTTPMessage(refusal.headers);
    this.body = refusal.body;
  }
}

/** The instance of the component that a connection runs in broke. The next request gets another one. */
export class WorkerError extends ClientError {
  /** @internal */
  constructor(message: string, options?: ErrorOptions) {
    super('worker', message, options);
  }
}

const CLASSES = {
  ClientError,
  HTTPException,
  NotConnected,
  InvalidURL,
  UnknownProtocol,
  UnknownTransferEncoding,
  IncompleteRead,
  ImproperConnectionState,
  CannotSendRequest,
  CannotSendHeader,
  ResponseNotReady,
  BadStatusLine,
  RemoteDisconnected,
  LineTooLong,
  ValueError,
  SocketError,
  TimeoutError,
  TLSError,
  TunnelError,
  WorkerError,
};

// On the prototype, as those of the language have it. The names are written out: minifiers change those of classes.
for (const [name, { prototype }] of Object.entries(CLASSES)) {
  Object.defineProperty(prototype, 'name', { value: name, configurable: true, writable: true });
}

/** @internal What a call fails with if its connection is closed meanwhile. */
export function closed(): NotConnected {
  const cause: WitError = { tag: 'http', val: { tag: 'not-connected' } };
  return new NotConnected('not-connected', 'the connection was closed', { cause });
}

/** @internal What the component says, which is `text` in words. */
export function fromWit(error: WitError, text: string): ClientError {
  const made = convert(error, text);
  // Python's texts begin with the name, as JavaScript's errors do by themselves.
  made.message = made.message.replace(`${made.name}: `, '');
  return made;
}

function convert(error: WitError, text: string): ClientError {
  const options = { cause: error };
  switch (error.tag) {
    case 'http':
      return fromHttp(error.val, text, options);
    case 'value':
      return new ValueError('value', text, options);
    case 'socket':
      return new SocketError(socketCode(error.val.code), text, options, error.val.phase, error.val.attempts);
    case 'timed-out':
      return new TimeoutError('timed-out', text, options, error.val);
    case 'tls':
      return new TLSError(error.val.tag, text, options);
    case 'tunnel':
      return new TunnelError('tunnel', text, options, error.val);
    case 'would-block':
    case 'file':
    case 'other':
      return new ClientError(error.tag, text, options);
  }
}

function fromHttp(exception: HttpException, text: string, options: ErrorOptions): HTTPException {
  const { tag } = exception;
  switch (tag) {
    case 'incomplete-read':
      return new IncompleteRead(tag, text, options, exception.val.partial, exception.val.expected);
    case 'improper-connection-state': {
      const { tag, val } = exception.val;
      return new STATES[tag](tag, text, options, val);
    }
    case 'unimplemented-file-mode':
    case 'too-many':
    case 'malformed':
    case 'other':
      return new HTTPException(tag, text, options);
    default:
      return new EXCEPTIONS[tag](tag, text, options);
  }
}

const STATES = {
  'cannot-send-request': CannotSendRequest,
  'cannot-send-header': CannotSendHeader,
  'response-not-ready': ResponseNotReady,
};

const EXCEPTIONS = {
  'not-connected': NotConnected,
  'invalid-url': InvalidURL,
  'unknown-protocol': UnknownProtocol,
  'unknown-transfer-encoding': UnknownTransferEncoding,
  'bad-status-line': BadStatusLine,
  'line-too-long': LineTooLong,
  'remote-disconnected': RemoteDisconnected,
};

function socketCode(code: SocketErrorCode): string {
  return code.tag;
}
