import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChildSync } from '../core/processes/child-process.js';
import type { Kernels } from '../core/kernels.js';
import { EngineError } from '../core/errors.js';

/**
 * The requested size; the system's limit (1 MiB for ordinary users on Linux) may reduce it. Smaller than a 720p
 * picture, so pictures can be lent.
 */
const VIDEO_PIPE_BYTES = 1 << 20;
const AUDIO_PIPE_BYTES = 1 << 16;

export interface InputPipe {
  readonly readFd: number;
  readonly writeFd: number;
}

/**
 * A pipe into an encoder. The native addon makes one with a large buffer; without it a FIFO serves with the system's
 * default buffer (a child's ordinary stdin is a non-blocking socket, which a write by descriptor would have to poll).
 * Picture writes block; sound writes return at once.
 */
export function openInputPipe(kernels: Kernels, kind: 'video' | 'audio'): InputPipe {
  const made =
    kind === 'video' ? kernels.openPipe(VIDEO_PIPE_BYTES, 'wait') : kernels.openPipe(AUDIO_PIPE_BYTES, 'return');
  if (made !== undefined) return { readFd: made[0], writeFd: made[1] };
  const folder = mkdtempSync(join(tmpdir(), 'engine-pipe-'));
  try {
    const path = join(folder, 'in');
    runChildSync('mkfifo', ['-m', '600', path]);
    // Opening one end of a FIFO waits for the other; opening for reading and writing does not (Linux).
    const both = openSync(path, 'r+');
    try {
      const readFd = openSync(path, 'r');
      const waits = kind === 'video' ? 0 : constants.O_NONBLOCK;
      return { readFd, writeFd: openSync(path, constants.O_WRONLY | waits) };
    } finally {
      closeSync(both);
    }
  } catch (cause) {
    throw new EngineError('E_ENCODER_DIED', {
      where: 'encoder input',
      expected: 'a pipe (native kernels) or a FIFO (mkfifo of coreutils)',
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'build the native addon or install coreutils',
      cause,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
