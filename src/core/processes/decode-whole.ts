import { EngineError } from '../errors.js';
import { spawnChild } from './child-process.js';

export interface DecodeWholeOptions {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  /** Written to its standard input; without it, the arguments name a file. */
  readonly input?: Buffer;
  readonly maxBytes: number;
  /** The error of an output above `maxBytes`. */
  readonly tooLong: () => EngineError;
  readonly maxMs?: number;
  /** Names the file or recording in errors. */
  readonly where: string;
  readonly todoWithoutFfmpeg?: string;
  readonly signal: AbortSignal;
}

export interface DecodedWhole {
  readonly data: Buffer;
  /** Why ffmpeg failed; undefined when all was decoded. */
  readonly fault: string | undefined;
}

const MAX_STDERR_CHARACTERS = 500;

/**
 * Everything that ffmpeg writes for one input. Throws `tooLong`, E_TIMEOUT, E_FFMPEG_MISSING, or the signal's reason.
 */
export function decodeWhole(options: DecodeWholeOptions): Promise<DecodedWhole> {
  const { ffmpegPath, args, input, maxBytes, tooLong, maxMs, where, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawnChild(ffmpegPath, args, { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    let failure: unknown;
    const stop = (why: unknown): void => {
      failure ??= why;
      child.kill('SIGKILL');
    };
    const onAbort = (): void => stop(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const onTimeout = (): void =>
      stop(
        new EngineError('E_TIMEOUT', { where, expected: `decoded within ${maxMs! / 1000} s`, found: 'more to come' }),
      );
    const timer = maxMs === undefined ? undefined : setTimeout(onTimeout, maxMs);
    child.stdin?.on('error', () => undefined); // the exit says why
    child.stdin?.end(input);
    child.stdout!.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > maxBytes) stop(tooLong());
      else parts.push(part);
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MAX_STDERR_CHARACTERS);
    });
    child.once('error', (cause) => {
      failure ??= new EngineError('E_FFMPEG_MISSING', {
        where,
        expected: 'ffmpeg, to decode it',
        found: cause.message,
        ...(options.todoWithoutFfmpeg === undefined ? {} : { todo: options.todoWithoutFfmpeg }),
        cause,
      });
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (failure !== undefined) reject(failure);
      else resolve({ data: Buffer.concat(parts), fault: code === 0 ? undefined : stderr.trim() || `code ${code}` });
    });
  });
}
