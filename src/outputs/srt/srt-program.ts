import { runChild } from '../../core/processes/child-process.js';
import { EngineError } from '../../core/errors.js';

const PROBE_MS = 15_000;

/**
 * Checks that an ffmpeg can push SRT.
 *
 * @throws EngineError E_OUTPUT_INVALID when it cannot
 */
export async function checkSrtProgram(ffmpegPath: string, where: string): Promise<void> {
  const todo = "install the system's ffmpeg (Debian: apt install ffmpeg) or point ENGINE_FFMPEG at another";
  const protocols = await ask(ffmpegPath, ['-hide_banner', '-protocols']);
  if (!/^ *srt$/m.test(protocols.split('Output:')[1] ?? '')) {
    throw new EngineError('E_OUTPUT_INVALID', { where, expected: 'an ffmpeg with libsrt', found: 'one without', todo });
  }
}

function ask(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    // An ffmpeg that does not run is reported as one without SRT.
    runChild(program, args, { timeout: PROBE_MS, maxBuffer: 1 << 20 }, (_error, stdout) => resolve(stdout));
  });
}
