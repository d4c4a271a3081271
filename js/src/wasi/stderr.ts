/** `wasi:cli/stderr`: the process's own, written at once, so that nothing is lost when the process ends. */

import { writeSync } from 'node:fs';
import { stderr } from 'node:process';

import { Pollable } from './poll.js';
import { OutputStream } from './streams.js';

const STDERR = 2;

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

  flush(): void {}

  blockingWriteAndFlush(data: Uint8Array): void {
    this.write(data);
  }

  subscribe(): Pollable {
    return new Pollable(
      () => true,
      () => () => {},
    );
  }
}

export function getStderr(): OutputStream {
  return new StandardError();
}
