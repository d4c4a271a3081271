/** What callers give, in JavaScript's terms, as the component takes it: nanoseconds for milliseconds, bytes for text. */

import type { ConnectionSettings, Nanoseconds, Pairs, TLSSettings } from './settings.js';

/** Header fields: an object, or pairs if order and repetition matter. A `Headers` or a `Map` will do. */
export type HeadersInput =
  | Readonly<Record<string, string | number | readonly string[]>>
  | Iterable<readonly [name: string, value: string]>;

/** PEM as text, PEM or DER as bytes; or several of these. */
export type PEM = string | Uint8Array | readonly (string | Uint8Array)[];

/** Whom to trust, and which certificate to present: Python's `SSLContext`. */
export interface TLSOptions {
  /** Certificate authorities to trust, in addition to the default ones, unlike in Node.js. */
  ca?: PEM;
  /**
   * Whether the default authorities are trusted: those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, or Mozilla's. With
   * `false` only `ca` is. Default: true.
   */
  defaultAuthorities?: boolean;
  /** The certificate, with its chain, that proves this client to servers that ask. */
  cert?: string | Uint8Array;
  /** The certificate's private key. Default: the key is in `cert` too. */
  key?: string | Uint8Array;
  /** Whether the certificate must be for the server's name or address. Default: true. */
  checkHostname?: boolean;
  /** Whether the server's certificates are verified. Default: `required`. `none` needs `checkHostname: false`. */
  verifyMode?: 'none' | 'optional' | 'required';
  /** The oldest version that is offered. Default: `TLSv1.2`. */
  minimumVersion?: 'TLSv1.2' | 'TLSv1.3';
  /**
   * The cipher suites that are offered, the most wanted first, by IANA's names, as `tlsSession` has them. Default: all,
   * ChaCha20-Poly1305 first, which is several times faster here than AES.
   */
  cipherSuites?: readonly string[];
  /** The protocols offered by ALPN; an empty list: no ALPN. Default: `http/1.1`. */
  alpn?: readonly string[];
  /**
   * Accepts only chains with one of these keys: the SHA-256 of a certificate's `SubjectPublicKeyInfo` in DER, as 32
   * bytes or in base64.
   */
  pins?: readonly (string | Uint8Array)[];
  /** Lists of revoked certificates (CRLs). */
  crls?: PEM;
}

/** The options of `HTTPConnection`. Times are in milliseconds. */
export interface ConnectionOptions {
  /**
   * How long each step may take: the look-up, the connect, the handshake, and each wait for the peer. Default: no
   * limit.
   */
  timeout?: number;
  /** How long each exchange as a whole may take, up to the last byte of the body. Default: no limit. */
  deadline?: number;
  /** Whether a first reply without a status line is `BadStatusLine` instead of HTTP/0.9. Default: true. */
  strict?: boolean;
  /** The local address to connect from, and its port; 0 for any port. */
  sourceAddress?: readonly [address: string, port: number];
  /** How many header lines, and how many trailer lines, a response may have. Default: 100. */
  maxResponseHeaders?: number;
  /** How long to wait for `100 Continue` if the request has `Expect: 100-continue`. Default: 1000. */
  continueTimeout?: number;
}

/** The options of `HTTPSConnection`. */
export interface HTTPSConnectionOptions extends ConnectionOptions {
  /** Default: certificates and names are verified, with Mozilla's certificate authorities. */
  tls?: TLSOptions;
}

/** @internal */
export function connectionSettings(options: ConnectionOptions): ConnectionSettings {
  const { strict = true, sourceAddress, maxResponseHeaders } = options;
  return {
    strict,
    ...(sourceAddress === undefined ? {} : { sourceAddress: [sourceAddress[0], sourceAddress[1]] }),
    ...(maxResponseHeaders === undefined ? {} : { maxResponseHeaders }),
  };
}

/** @internal */
export function timeoutSetting(milliseconds: number | undefined): number | undefined {
  if (milliseconds === undefined || milliseconds === Infinity) return undefined;
  return checked('timeout', milliseconds);
}

/** @internal */
export function deadlineSetting(milliseconds: number | undefined): Nanoseconds | undefined {
  return milliseconds === undefined || milliseconds === Infinity ? undefined : nanoseconds('deadline', milliseconds);
}

/** @internal */
export function continueTimeoutSetting(milliseconds: number): Nanoseconds {
  return nanoseconds('continueTimeout', milliseconds);
}

/** @internal */
export function tlsSettings(options: TLSOptions): TLSSettings {
  const { ca, defaultAuthorities = true, cert, key, checkHostname, verifyMode, minimumVersion } = options;
  const { cipherSuites, alpn, pins, crls } = options;
  if (key !== undefined && cert === undefined) throw new TypeError('a key needs its certificate: cert is missing');
  return {
    ca: pems(ca),
    defaultAuthorities,
    crls: pems(crls),
    pins: (pins ?? []).map((pin) => bytes(typeof pin === 'string' ? Buffer.from(pin, 'base64') : pin)),
    chain: cert === undefined ? undefined : { certificate: bytes(cert), key: key === undefined ? key : bytes(key) },
    checkHostname,
    verifyMode: verifyMode && choice('verifyMode', VERIFY_MODES, verifyMode),
    minimumVersion: minimumVersion && choice('minimumVersion', VERSIONS, minimumVersion),
    cipherSuites: cipherSuites && [...cipherSuites],
    alpn: alpn && [...alpn],
  };
}

/** @internal */
export function pairs(headers: HeadersInput | undefined): Pairs {
  if (headers === undefined) return [];
  if (Symbol.iterator in headers) {
    return Array.from(headers as Iterable<readonly [string, string]>, ([name, value]) => [name, String(value)]);
  }
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((value): [string, string] => [name, String(value)]),
  );
}

/**
 * @internal Bytes of our own: the caller may write to theirs before they are sent.
 */
export function bytes(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(value);
}

const VERIFY_MODES = { none: 'cert-none', optional: 'cert-optional', required: 'cert-required' } as const;

const VERSIONS = { 'TLSv1.2': 'tls12', 'TLSv1.3': 'tls13' } as const;

function choice<T extends object, K extends keyof T & string>(name: string, choices: T, key: K): T[K] {
  if (Object.hasOwn(choices, key)) return choices[key];
  throw new TypeError(`${name} is not one of ${Object.keys(choices).join(', ')}: ${key}`);
}

function nanoseconds(name: string, milliseconds: number): Nanoseconds {
  return BigInt(Math.ceil(checked(name, milliseconds) * 1e6));
}

/** 0 would mean never to block, which a promise does not do in any case. */
function checked(name: string, milliseconds: number): number {
  if (typeof milliseconds === 'number' && milliseconds > 0 && milliseconds < 2 ** 53) return milliseconds;
  throw new RangeError(`${name} is not a number of milliseconds above 0: ${milliseconds}`);
}

function pems(value: PEM | undefined): Uint8Array[] {
  if (value === undefined) return [];
  return typeof value === 'string' || value instanceof Uint8Array ? [bytes(value)] : value.map(bytes);
}
