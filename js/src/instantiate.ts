/**
 * The component, compiled once and instantiated any number of times.
 *
 * An instance has a memory of its own and blocks the thread that calls it. Compiled modules can be posted to other
 * threads, which then share their machine code.
 */

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { env } from 'node:process';

import { WASIShim } from '@bytecodealliance/preview2-shim/instantiation';

import { instantiate, type Httplib, type ImportObject } from './generated/httplib.js';

/** The core modules that the component consists of, by file name. */
export type Modules = Record<string, WebAssembly.Module>;

const NAMES = ['httplib.core.wasm', 'httplib.core2.wasm', 'httplib.core3.wasm'];

/** Compiles the component off the calling thread. */
export async function compile(): Promise<Modules> {
  const compiled = NAMES.map(async (name) => [name, await WebAssembly.compile(await readFile(file(name)))] as const);
  return Object.fromEntries(await Promise.all(compiled));
}

/** Compiles the component at once. */
export function compileSync(): Modules {
  return Object.fromEntries(NAMES.map((name) => [name, new WebAssembly.Module(readFileSync(file(name)))]));
}

/** A new instance. It gets the network, clocks, randomness, the environment, and the directories of `preopens`. */
export function instance(modules: Modules): Httplib {
  const shim = new WASIShim({ sandbox: { preopens: preopens() } });
  // The generated module asks for interfaces without their versions, which its declarations have.
  const imports = shim.getImportObject() as unknown as ImportObject;
  return instantiate((name) => {
    const module = modules[name];
    if (module === undefined) throw new Error(`the component has a core module unknown here: ${name}`);
    return module;
  }, imports);
}

/** The directories of `SSL_CERT_FILE` and `SSL_CERT_DIR`: the only ones that an instance sees. */
function preopens(): Record<string, string> {
  const directories = env.SSL_CERT_DIR?.split(':').filter((path) => path !== '') ?? [];
  if (env.SSL_CERT_FILE) directories.push(dirname(env.SSL_CERT_FILE));
  return Object.fromEntries(directories.map((path) => [path, path]));
}

function file(name: string): URL {
  return new URL(`./generated/${name}`, import.meta.url);
}
