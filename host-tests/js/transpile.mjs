/**
 * `node transpile.mjs COMPONENT`: transpiles the component into `httplib/`, as
 * `jco transpile COMPONENT --name httplib --out-dir httplib` does.
 */

import { transpile, writeFiles } from '@bytecodealliance/jco-transpile';

const [component] = process.argv.slice(2);
if (component === undefined) {
  console.error('usage: node transpile.mjs COMPONENT');
  process.exit(1);
}
const { files } = await transpile(component, {
  name: 'httplib',
  outDir: 'httplib',
  // As jco's command line has it: what is thrown is an `Error`, and the WIT value its payload.
  noComponentErrorWrapping: false,
});
await writeFiles(files);
