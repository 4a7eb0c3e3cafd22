import { isEngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { VoiceFault } from '../providers/voice-fault.js';
import type { SourceClip, SourceRequest, VoiceSource } from '../providers/voice-source.js';
import { SynthesiserPool } from '../synthesiser/synthesiser-pool.js';
import type { SherpaDone, SherpaJob, SherpaModel } from './sherpa-messages.js';
import { readSherpaFolder } from './sherpa-model.js';

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
    const module = new URL(here.endsWith('.ts') ? './sherpa-process.ts' : './sherpa-process.js', here);
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
