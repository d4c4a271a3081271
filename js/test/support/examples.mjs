/** The blocks of a Markdown file, as programs and what they print. */

import { readFileSync } from 'node:fs';

const BLOCK = /^```js\n(.*?)^```$/gms;

/** What is printed stands behind the call that prints it. */
const PRINTED = /console\.log\(.*\); \/\/ (.*)$/gm;

/** Every block of JavaScript; `printed` has its lines in order. */
export function examples(file) {
  const blocks = readFileSync(file, 'utf8').matchAll(BLOCK);
  return [...blocks].map(([, program]) => ({
    program,
    imports: /'(@httplib[^']*)'/.exec(program)[1],
    printed: [...program.matchAll(PRINTED)].map(([, text]) => text),
  }));
}
