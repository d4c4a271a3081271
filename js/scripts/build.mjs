/**
 * `npm run build [-- COMPONENT]`: makes `dist/` of the component and of `src/`.
 *
 * The component is the argument, or what `HTTPLIB_COMPONENT` names, or what `make build` leaves in the
 * repository. Its types come from `../wit`: the built component has lost the documentation.
 */

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { generateHostTypes, transpile } from '@bytecodealliance/jco-transpile';
import { filesystem } from '@bytecodealliance/preview2-shim';

import { lean } from './lean.mjs';

const PACKAGE = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const REPOSITORY = resolve(PACKAGE, '..');
const DIST = resolve(PACKAGE, 'dist');
const GENERATED = resolve(DIST, 'generated');

/** What the generated module and its files are called. */
const NAME = 'httplib';

const component = resolve(
  process.argv[2] ??
    process.env.HTTPLIB_COMPONENT ??
    resolve(REPOSITORY, 'target/component/wasm32-wasip2/release/httplib.wasm'),
);
if (!existsSync(component)) {
  console.error(`there is no component at ${component}: run \`make build\`, or name one`);
  process.exit(1);
}

rmSync(DIST, { recursive: true, force: true });
write(await modules());
write(await types());
execFileSync(process.execPath, [resolve(PACKAGE, 'node_modules/typescript/bin/tsc')], {
  cwd: PACKAGE,
  stdio: 'inherit',
});
// Last: whoever looks whether the package is up to date looks at this file's time.
copyFileSync(resolve(REPOSITORY, 'LICENSE'), resolve(PACKAGE, 'LICENSE'));

/** The component as an ES module and the core modules that it instantiates. */
async function modules() {
  const { files } = await transpile(component, {
    name: NAME,
    outDir: GENERATED,
    // Whoever instantiates brings the compiled modules: instances share them.
    instantiation: 'sync',
    // What is thrown is an `Error`, and the WIT value its payload.
    noComponentErrorWrapping: false,
    emitTypescriptDeclarations: false,
  });
  const module = `${GENERATED}/${NAME}.js`;
  files[module] = await lean(Buffer.from(files[module]).toString());
  return files;
}

/** The declarations of the interfaces, with the documentation of `../wit`. */
async function types() {
  // The generator is a component itself, and sees the directories that it is given.
  filesystem._addPreopen('/', '/');
  return generateHostTypes(resolve(REPOSITORY, 'wit'), {
    name: NAME,
    outDir: GENERATED,
    instantiation: { tag: 'sync' },
  });
}

function write(files) {
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
}
