/**
 * The component, compiled once and instantiated any number of times.
 *
 * An instance has a memory of its own; all share the machine code.
 */

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

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

/** A new instance with these imports. With `wouldBlock`, its calls return that where they throw `would-block` otherwise. */
export function instantiated(modules: Modules, imports: ImportObject, wouldBlock?: symbol): Httplib {
  return instantiate(
    (name) => {
      const module = modules[name];
      if (module === undefined) throw new Error(`the component has a core module unknown here: ${name}`);
      return module;
    },
    Object.assign(imports, { wouldBlock }),
  );
}

function file(name: string): URL {
  return new URL(`./generated/${name}`, import.meta.url);
}
