/** What jco calls where the component drops a resource: before Node.js 20.4 there is no `Symbol.dispose`. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('dispose');

/** Drops a resource of the component now rather than when it is collected. */
export function dispose(resource: object): void {
  (resource as Partial<Disposable>)[DISPOSE]?.();
}
