/**
 * `wasi:filesystem`, to read the certificates in the directories that `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
 *
 * Nothing outside of a directory can be reached through it, by a path or by a link.
 */

import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { env } from 'node:process';

import { DISPOSE } from './dispose.js';

type ErrorCode = 'no-entry' | 'access' | 'not-directory' | 'is-directory' | 'not-permitted' | 'loop' | 'io';

type DescriptorType = 'regular-file' | 'directory' | 'unknown';

const CODES: Record<string, ErrorCode> = {
  ENOENT: 'no-entry',
  ENOTDIR: 'not-directory',
  EISDIR: 'is-directory',
  EACCES: 'access',
  EPERM: 'not-permitted',
  ERR_ACCESS_DENIED: 'not-permitted',
  ELOOP: 'loop',
};

/** A file or a directory that was opened for reading. */
export class Descriptor {
  /** Without links. */
  readonly #path: string;
  #file: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Paths lead no higher than here; links are followed. */
  openAt(_pathFlags: object, path: string): Descriptor {
    const descriptor = new Descriptor(this.#within(path));
    checked(() => descriptor.#open());
    return descriptor;
  }

  getType(): DescriptorType {
    return typeOf(checked(() => statSync(this.#path)));
  }

  statAt(_pathFlags: object, path: string): object {
    const stats = checked(() => statSync(this.#within(path)));
    return { type: typeOf(stats), linkCount: BigInt(stats.nlink), size: BigInt(stats.size) };
  }

  /** The bytes, and whether the file ends with them. */
  read(length: bigint, offset: bigint): [data: Uint8Array, isEnd: boolean] {
    const data = Buffer.allocUnsafe(Number(length));
    const amount = checked(() => readSync(this.#open(), data, 0, data.length, Number(offset)));
    return [data.subarray(0, amount), amount === 0];
  }

  readDirectory(): DirectoryEntryStream {
    return new DirectoryEntryStream(checked(() => readdirSync(this.#path)));
  }

  [DISPOSE](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): number {
    this.#file ??= openSync(this.#path, 'r');
    return this.#file;
  }

  #within(path: string): string {
    const found = checked(() => realpathSync.native(join(this.#path, path)));
    const inside = this.#path.endsWith(sep) ? this.#path : this.#path + sep;
    if (found !== this.#path && !found.startsWith(inside)) throw 'not-permitted' satisfies ErrorCode;
    return found;
  }
}

/** The entries of a directory. */
export class DirectoryEntryStream {
  readonly #names: string[];

  constructor(names: string[]) {
    this.#names = names;
  }

  /** Nobody asks for the type of an entry, but for that of what it leads to. */
  readDirectoryEntry(): { type: DescriptorType; name: string } | undefined {
    const name = this.#names.shift();
    return name === undefined ? undefined : { type: 'unknown', name };
  }
}

/** Those that there are, by the names that the environment gives them. */
export function getDirectories(): [descriptor: Descriptor, name: string][] {
  const names = env.SSL_CERT_DIR?.split(':').filter((path) => path !== '') ?? [];
  if (env.SSL_CERT_FILE) names.push(dirname(env.SSL_CERT_FILE));
  return [...new Set(names)].flatMap((name): [Descriptor, string][] => {
    try {
      return [[new Descriptor(realpathSync.native(name)), name]];
    } catch {
      return [];
    }
  });
}

function typeOf(stats: Stats): DescriptorType {
  if (stats.isDirectory()) return 'directory';
  return stats.isFile() ? 'regular-file' : 'unknown';
}

/** What Node.js throws as the code that WASI has for it. */
function checked<T>(operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw typeof error === 'string' ? error : (CODES[(error as NodeJS.ErrnoException).code ?? ''] ?? 'io');
  }
}
