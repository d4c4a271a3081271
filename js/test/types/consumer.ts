/** What a program in TypeScript may do; compiled, never run. */

import {
  ClientError,
  HTTPConnection,
  HTTPSConnection,
  IncompleteRead,
  request,
  TunnelError,
  type BodyInput,
  type HTTPResponse,
  type RequestOptions,
  type TLSOptions,
  type TLSSession,
} from '@httplib/http';
import { client, type Client } from '@httplib/http/component';

export async function exchange(tls: TLSOptions, body: BodyInput): Promise<string | undefined> {
  const connection = new HTTPSConnection('host', 443, { tls, timeout: 1000, sourceAddress: ['127.0.0.1', 0] });
  const options: RequestOptions = { body, headers: { A: '1', B: ['2', '3'], C: 4 }, trailers: new Headers() };
  await connection.request('POST', '/', options);
  const response: HTTPResponse = await connection.getResponse();
  const session: TLSSession | undefined = await connection.tlsSession();
  for await (const block of response) console.log(block.byteLength, session?.alpn);
  for (const [name, value] of response.headers) console.log(name.length + value.length);
  await connection[Symbol.asyncDispose]();
  return response.trailers?.get('digest');
}

export function explain(error: unknown): string {
  if (error instanceof IncompleteRead) return String(error.partial.length + (error.expected ?? 0));
  if (error instanceof TunnelError) return `${error.status} ${error.phase ?? ''}`;
  return error instanceof ClientError ? error.code : '';
}

export async function one(): Promise<unknown> {
  return (await request('GET', 'https://host/', { tls: { ca: '', defaultAuthorities: false } })).json();
}

export function low(): Client.HttpResponse {
  const connection: Client.HttpConnection = client.HttpConnection.http('host', undefined, { timeout: 1n });
  return connection.getResponse();
}

// @ts-expect-error A port is a number.
new HTTPConnection('host', '80');
// @ts-expect-error There is no such mode.
export const mode: TLSOptions = { verifyMode: 'maybe' };
// @ts-expect-error Callers make no errors of ours.
new ClientError('code', 5n);
