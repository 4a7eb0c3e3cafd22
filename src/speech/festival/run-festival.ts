import { TimeLimit } from '../../core/time-limit.js';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnChild } from '../../core/processes/child-process.js';
import { VoiceFault } from '../providers/voice-fault.js';
import { decodeWav } from '../providers/decode-audio.js';
import { festivalScript, readFestivalTimes, type FestivalTimes } from './festival-script.js';

export interface FestivalSpeech extends FestivalTimes {
  readonly pcm: Int16Array;
  readonly rateHz: number;
}

const MAX_OUTPUT_CHARS = 1 << 20;

/**
 * Speaks one text in a process of its own: the voice takes half a gigabyte while it is loaded, and a second to load. The
 * process ends with its text, its time or the signal.
 *
 * @throws VoiceFault
 */
export async function runFestival(
  program: string,
  text: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<FestivalSpeech> {
  const folder = await mkdtemp(join(tmpdir(), 'showroom-festival-'));
  try {
    const file = join(folder, 'said.wav');
    const stdout = await answerOf(program, festivalScript(text, file), { timeoutMs, signal });
    const times = readFestivalTimes(stdout);
    if (times === undefined) throw new VoiceFault('passing', 'festival ended before the text');
    const sound = await readFile(file).catch(() => undefined);
    if (sound === undefined) throw new VoiceFault('passing', 'festival wrote no sound');
    return { ...times, ...decodeWav(sound) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function answerOf(
  program: string,
  script: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<string> {
  const limit = new TimeLimit(timeoutMs, signal);
  return new Promise<string>((resolve, reject) => {
    const child = spawnChild(program, ['--pipe'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      signal: limit.signal,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      if (stdout.length < MAX_OUTPUT_CHARS) stdout += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      stderr = (stderr + part).slice(-300);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason as Error);
      else if (limit.isOver) reject(new VoiceFault('passing', `festival gave no answer within ${timeoutMs / 1000} s`));
      else reject(new VoiceFault('setup', `festival does not start: ${error.code ?? error.message}`));
    });
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(stdout);
      else
        reject(new VoiceFault('passing', `festival ended with ${killedBy ?? `code ${code}`} ${stderr.trim()}`.trim()));
    });
    // A program that ends early closes its input; its end is reported.
    child.stdin.on('error', () => undefined);
    child.stdin.end(script);
  }).finally(() => limit.end());
}
