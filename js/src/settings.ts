/** What callers give, as the component takes it. */

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
  cipherSuites: string[] | undefined;
  alpn: string[] | undefined;
}

/** The options of a connection's constructor, but for the timeout, which is kept outside of the component. */
export interface ConnectionSettings {
  strict: boolean;
  sourceAddress?: [address: string, port: number];
  maxResponseHeaders?: number;
}

/** Where requests go through. */
export type Route =
  | { kind: 'tunnel'; host: string; port: number | undefined; headers: Pairs }
  | { kind: 'proxy'; url: string | undefined; tls: TLSSettings | undefined };

/** All that a connection was told, so that another instance can go on with it. */
export interface Settings {
  host: string;
  port: number | undefined;
  options: ConnectionSettings;
  /** Milliseconds that each step may take. */
  timeout: number | undefined;
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
