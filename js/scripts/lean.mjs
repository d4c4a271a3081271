/**
 * Takes out of jco's module what only asynchronous components need.
 *
 * jco makes a task of every call, in both directions, and keeps a log of it for debugging, which asks the environment
 * each time. This component has synchronous functions only, where none of it has an effect; there it takes most of the
 * time of a call, and each request makes dozens. What is replaced is named exactly, and must be there: another version
 * of jco says so when the package is built.
 */

import { minify } from 'oxc-minify';

/**
 * Stands in for all tasks. The module also tries `WebAssembly.promising` on each function and goes on where that throws,
 * which costs Node.js 10 ms each time, as the message quotes the call out of a function of 800 KB.
 */
const PRELUDE = `const WebAssembly = Object.create(globalThis.WebAssembly, {
  promising: { value: (f) => f },
});
const nothing = () => {};
const TASK = {
  componentIdx: () => 0,
  enterSync: () => true,
  exit: nothing,
  getParentSubtask: nothing,
  id: () => 0,
  isExited: () => true,
  isResolvedState: () => true,
  mayBlock: () => false,
  reject: nothing,
  resolve: nothing,
  setCalleeIsAsync: nothing,
  setErrored: nothing,
  setParentSubtask: nothing,
  setReturnMemory: nothing,
  setReturnMemoryIdx: nothing,
};
const TASKS = [TASK, 0];
`;

/** A whole statement that logs. */
const LOG = /^ *_debugLog\([\s\S]*?\);\n/gm;

/** A set of all resources that ever were, which nobody reads: it would grow with each wait. */
const REMEMBERED = 'table._createdReps.add(rep);';

/** What to put in the place of functions, by the line that they begin with. */
const FUNCTIONS = {
  'function createNewCurrentTask(args) {': 'function createNewCurrentTask() { return TASKS; }',
  'function getCurrentTask(componentIdx, taskID) {': 'function getCurrentTask() {}',
  'function _getGlobalCurrentTaskMeta(componentIdx) {': 'function _getGlobalCurrentTaskMeta() {}',
  'function _withGlobalCurrentTaskMeta(args) {': 'function _withGlobalCurrentTaskMeta({ fn }) { return fn(); }',
  // An import is what lowers it, without the task around it.
  'function _lowerImportBackwardsCompat(args) {':
    'const _lowerImportBackwardsCompat = { bind: (_, { importFn }) => importFn };',
  'function _trackHostOperation(operation) {': 'function _trackHostOperation(operation) { return operation(); }',
};

/**
 * `would-block` is no exception for whoever never waits, and to throw it costs ten times as much as the call: it is
 * returned as the `wouldBlock` of the imports where they have one.
 */
const THROWN = 'throw new ComponentError(';
const RETURNED = 'return fail(';
const FAIL = `function fail(value) {
  if (imports.wouldBlock !== undefined && value?.tag === 'would-block') return imports.wouldBlock;
  throw new ComponentError(value);
}
`;

/** The module as it is shipped. */
export async function lean(source) {
  let text = replaced(source.replaceAll(LOG, ''), REMEMBERED, '');
  for (const [line, replacement] of Object.entries(FUNCTIONS)) {
    // What nobody calls any more is left out when the module is minified.
    text = replaced(text, line, `${replacement}\n${line.replace('(', '$unused(')}`);
  }
  text = replaced(text.replaceAll(THROWN, RETURNED), 'class ComponentError ', `${FAIL}class ComponentError `);
  const options = { module: true, compress: { target: 'es2022' }, mangle: { keepNames: true } };
  const { code, errors } = await minify('httplib.js', PRELUDE + text, options);
  if (errors.length > 0) throw new Error(`jco's module can't be read: ${errors[0].message}`);
  return code;
}

/** The text with something else in the place of what it has once. */
function replaced(text, what, replacement) {
  const parts = text.split(what);
  if (parts.length !== 2) throw new Error(`jco's module has ${parts.length - 1} times: ${what}`);
  return parts.join(replacement);
}
