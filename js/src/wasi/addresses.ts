/** Addresses as `wasi:sockets/network` has them, and as Node.js has them. */

export type IpAddressFamily = 'ipv4' | 'ipv6';

export interface IpAddress {
  tag: IpAddressFamily;
  val: number[];
}

export interface IpSocketAddress {
  tag: IpAddressFamily;
  val: { address: number[]; port: number; scopeId?: number };
}

/** The address in text, with its zone if it has one. */
export function text({ tag, val: { address, scopeId = 0 } }: IpSocketAddress): string {
  if (tag === 'ipv4') return address.join('.');
  const groups = address.map((group) => group.toString(16)).join(':');
  return scopeId === 0 ? groups : `${groups}%${scopeId}`;
}

/** What the resolver of Node.js found. */
export function parse(address: string, family: number): IpAddress {
  if (family === 4) return { tag: 'ipv4', val: address.split('.').map(Number) };
  return { tag: 'ipv6', val: groups(address.replace(/%.*$/, '')) };
}

/** The eight groups of an IPv6 address, which may leave zeros out and end like an IPv4 address. */
function groups(address: string): number[] {
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [before = '', after] = plain.split('::');
  const numbers = (part: string): number[] => (part === '' ? [] : part.split(':').map((it) => Number.parseInt(it, 16)));
  const [left, right] = [numbers(before), numbers(after ?? '')];
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}
