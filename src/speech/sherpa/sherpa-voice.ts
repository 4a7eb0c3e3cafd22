import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isEngineError, EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { VoiceFault, type SourceClip, type SourceRequest, type VoiceSource } from '../providers/voice-source.js';
import { SynthesiserPool } from '../synthesiser/synthesiser-pool.js';
import type { SherpaDone, SherpaJob, SherpaModel } from './sherpa-messages.js';

/**
 * The kind of a model folder by its files, as the releases of sherpa-onnx name them: styles in `voices.bin` make it
 * Kokoro (or Kitten, which says so in its name), a vocoder beside the acoustic model makes it Matcha, and anything else
 * with tokens is VITS. Of several precisions the smaller model is taken.
 *
 * @param where place in the room file
 */
export function readSherpaFolder(folder: string, where: string): SherpaModel {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (cause) {
    throw new EngineError('E_ASSET_MISSING', {
      where: `${where}.model`,
      expected: 'the folder of a sherpa-onnx model',
      found: `no folder ${folder}`,
      cause,
    });
  }
  const isVocoder = (name: string): boolean => /^(vocos|hifigan)/i.test(name);
  const models = names.filter((name) => name.endsWith('.onnx'));
  const acoustic = models.filter((name) => !isVocoder(name));
  const model = acoustic.find((name) => /int8/.test(name)) ?? acoustic[0];
  if (model === undefined || !names.includes('tokens.txt'))
    throw new EngineError('E_ASSET_INVALID', {
      where: `${where}.model`,
      expected: 'a folder with an .onnx model and tokens.txt',
      found: names.length === 0 ? 'an empty folder' : names.slice(0, 8).join(', '),
    });
  const vocoder = models.find(isVocoder);
  const lexicons = names.filter((name) => /^lexicon.*\.txt$/.test(name)).map((name) => join(folder, name));
  const files = {
    tokens: join(folder, 'tokens.txt'),
    ...(names.includes('espeak-ng-data') ? { dataDir: join(folder, 'espeak-ng-data') } : {}),
    ...(lexicons.length === 0 ? {} : { lexicon: lexicons.join(',') }),
  };
  const ruleFsts = names
    .filter((name) => name.endsWith('.fst'))
    .map((name) => join(folder, name))
    .join(',');
  const path = join(folder, model);
  if (names.includes('voices.bin')) {
    const kind = /kitten/i.test(folder) ? 'kitten' : 'kokoro';
    return { model: { [kind]: { model: path, voices: join(folder, 'voices.bin'), ...files } }, ruleFsts };
  }
  if (vocoder !== undefined)
    return { model: { matcha: { acousticModel: path, vocoder: join(folder, vocoder), ...files } }, ruleFsts };
  return { model: { vits: { model: path, ...files } }, ruleFsts };
}

/** A model takes seconds to load. */
const IDLE_TIMEOUT_MS = 60_000;
const RATE_STEP_HZ = 50;

export interface SherpaVoiceOptions {
  readonly folder: string;
  /** Number of the speaker. */
  readonly speaker: string | undefined;
  readonly timeoutMs: number;
  readonly log: Log;
  /** Place in the room file. */
  readonly where: string;
}

/** A model folder of sherpa-onnx: Kokoro, Matcha, VITS, Kitten. It times no words. */
export class SherpaVoice implements VoiceSource {
  readonly identity: string;
  private readonly pool: SynthesiserPool<SherpaJob, object, SherpaDone>;
  private readonly model: SherpaModel;
  private readonly speaker: number;

  /** Throws E_ASSET_MISSING or E_ASSET_INVALID. */
  constructor({ folder, speaker = '0', timeoutMs, log, where }: SherpaVoiceOptions) {
    this.model = readSherpaFolder(folder, where);
    this.speaker = /^\d+$/.test(speaker) ? Number(speaker) : 0;
    this.identity = ['sherpa', JSON.stringify(this.model), this.speaker].join('|');
    const here = import.meta.url;
    const module = new URL(here.endsWith('.ts') ? './sherpa-voice-process.ts' : './sherpa-voice-process.js', here);
    this.pool = new SynthesiserPool({
      program: { name: 'sherpa', module, package: 'sherpa-onnx-node', heapMib: 256 },
      log,
      processes: 1,
      timeoutMs,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
    });
  }

  async synthesise({ text, rate, pitch }: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    const { model, speaker } = this;
    try {
      // Played faster for a higher pitch, so it is spoken slower by as much.
      const { pcm, rateHz } = await this.pool.run({ model, text, speaker, speed: rate / pitch }, signal);
      const playedHz = Math.round((rateHz * pitch) / RATE_STEP_HZ) * RATE_STEP_HZ;
      return { pcm, rateHz: playedHz, words: [], phonemes: [] };
    } catch (error) {
      signal.throwIfAborted();
      if (!isEngineError(error)) throw error;
      const found = error.found ?? error.message;
      throw new VoiceFault(found.includes('is not installed') ? 'setup' : 'passing', found);
    }
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
