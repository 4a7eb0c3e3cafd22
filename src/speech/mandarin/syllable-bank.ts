import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../../core/processes/child-process.js';
import { VoiceFault } from '../providers/voice-fault.js';
import type { Zhuyin } from './zhuyin.js';

export const BANK_RATE_HZ = 24_000;
const FOLDERS = ['/usr/share/gcin-voice/ogg', '/usr/local/share/gcin-voice/ogg'];
const FILE = '5.ogg';
/** Files in one run of the decoder. */
const BATCH = 64;
const TIMEOUT_MS = 20_000;
const AUDIBLE = 32_768 * 10 ** (-42 / 20);

/** The folder of recorded syllables on this machine (Debian: gcin-voice); undefined where it is not installed. */
export const findSyllables = (folders: readonly string[] = FOLDERS): string | undefined =>
  folders.find((folder) => existsSync(folder));

/**
 * Recorded syllables of one speaker (羅竺, ChionMeilin, CC-BY-3.0), decoded when first needed: 12 kB a syllable, 13 MB for
 * all.
 */
export class SyllableBank {
  private readonly known = new Map<string, Float32Array>();

  constructor(
    private readonly folder: string,
    private readonly decoder = 'ffmpeg',
  ) {}

  /** Decodes the missing ones among these. */
  async load(names: readonly string[], signal: AbortSignal): Promise<void> {
    const wanted = [...new Set(names)].filter((name) => !this.known.has(name));
    for (let i = 0; i < wanted.length; i += BATCH) await this.decode(wanted.slice(i, i + BATCH), signal);
  }

  get(name: string): Float32Array | undefined {
    return this.known.get(name);
  }

  /** The recording for a syllable and tone: its own, else that of another tone, else that of its parts. */
  nameOf(syllable: Zhuyin, tone: number): string | undefined {
    const { initial, final } = syllable;
    const bases = [initial + final, ...(STAND_INS[initial + final] ?? [])];
    for (const base of bases) {
      for (const one of [tone, ...(FALLBACK_TONES[tone] ?? [])]) {
        const name = base + SUFFIX[one]!;
        if (existsSync(join(this.folder, name, FILE))) return name;
      }
    }
    return undefined;
  }

  private async decode(names: readonly string[], signal: AbortSignal): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'showroom-syllables-'));
    try {
      const inputs = names.flatMap((name) => ['-i', join(this.folder, name, FILE)]);
      const raw = ['-ac', '1', '-ar', String(BANK_RATE_HZ), '-f', 's16le'];
      const outputs = names.flatMap((_, i) => ['-map', `${i}:a`, ...raw, join(folder, String(i))]);
      await this.run(['-v', 'error', '-nostdin', ...inputs, ...outputs], signal);
      for (const [i, name] of names.entries()) this.known.set(name, trimmed(await readFile(join(folder, String(i)))));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private run(args: readonly string[], signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const options = { signal, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' } as const;
      runChild(this.decoder, args, options, ((error: NodeJS.ErrnoException | null) => {
        if (error === null) resolve();
        else if (signal.aborted) reject(signal.reason as Error);
        else reject(new VoiceFault(error.code === 'ENOENT' ? 'setup' : 'passing', `ffmpeg: ${error.message.slice(0, 120)}`));
      }) as never);
    });
  }
}

/** Folder names: tone 1 has no digit, the neutral tone has 1. */
const SUFFIX: Readonly<Record<number, string>> = { 1: '', 2: '2', 3: '3', 4: '4', 5: '1' };
const FALLBACK_TONES: Readonly<Record<number, readonly number[]>> = {
  1: [4, 2, 3, 5],
  2: [3, 1, 4],
  3: [2, 4, 1],
  4: [1, 3, 2],
  5: [4, 1, 3, 2],
};
/** Syllables that the speaker did not record, and the nearest that she did. */
const STAND_INS: Readonly<Record<string, readonly string[]>> = {
  ㄒㄧㄥ: ['ㄒㄧㄣ'],
  ㄋㄩ: ['ㄋㄧㄡ'],
  ㄌㄩ: ['ㄌㄧㄡ'],
  ㄇㄣ: ['ㄇㄥ'],
  ㄛ: ['ㄨㄛ'],
};

/** Without the silence around it, level ±1. */
function trimmed(raw: Buffer): Float32Array {
  const samples = raw.length >> 1;
  let [from, to] = [0, samples];
  while (from < to && Math.abs(raw.readInt16LE(2 * from)) < AUDIBLE) from += 1;
  while (to > from && Math.abs(raw.readInt16LE(2 * (to - 1))) < AUDIBLE) to -= 1;
  const out = new Float32Array(to - from);
  for (let i = 0; i < out.length; i += 1) out[i] = raw.readInt16LE(2 * (from + i)) / 32_768;
  return out;
}
