/**
 * Standard error for the component: the process's own.
 *
 * A worker's goes through the main thread, and what is still on its way when the process or the worker ends is lost.
 */

import { writeSync } from 'node:fs';
import { stderr } from 'node:process';

import { cli, clocks, io } from '@bytecodealliance/preview2-shim';

const STDERR = 2;

// WIT has no constructors for these; the shim's classes have.
const OutputStream = io.streams.OutputStream as unknown as new () => object;

class StandardError extends OutputStream {
  checkWrite(): bigint {
    return 65_536n;
  }

  write(data: Uint8Array): void {
    try {
      writeSync(STDERR, data);
    } catch {
      // A pipe that is full.
      stderr.write(data);
    }
  }

  blockingWriteAndFlush(data: Uint8Array): void {
    this.write(data);
  }

  flush(): void {}

  blockingFlush(): void {}

  /** Always ready. */
  subscribe(): object {
    return clocks.monotonicClock.subscribeDuration(0n);
  }
}

/** Directs the instances of this thread there. */
export function useStandardError(): void {
  cli._setStderr(new StandardError() as never);
}
