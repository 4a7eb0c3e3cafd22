import { statSync } from 'node:fs';
import { isEngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { positions, type EspeakProvider } from '../espeak/espeak-provider.js';
import {
  VoiceFault,
  type HeardWord,
  type SourceClip,
  type SourceRequest,
  type VoiceSource,
} from '../providers/voice-source.js';
import type { PhonemeMark } from '../speech-provider.js';
import { splitSentences } from '../spoken-text.js';
import { SynthesiserPool } from '../synthesiser/synthesiser-pool.js';
import type { PiperDone, PiperJob } from './piper-messages.js';
import {
  espeakSymbols,
  letterSymbols,
  piperIds,
  type PiperInput,
  type PiperSettings,
  type PiperSymbol,
  readPiperModel,
  speakerOf,
} from './piper-model.js';

/** A run of 10 s takes 500 MB, one of a second 170 MB. */
const PIECE_CHARS = 100;
/** A model of 60 MB takes seconds to load. */
const IDLE_TIMEOUT_MS = 60_000;
/** Steps of the sample rate that stands for another pitch: each rate needs a filter bank of its own. */
const RATE_STEP_HZ = 50;

export interface PiperVoiceOptions {
  /** Path of the .onnx file. */
  readonly model: string;
  /** Name or number in a model with several voices. */
  readonly speaker: string | undefined;
  readonly espeak: EspeakProvider;
  readonly timeoutMs: number;
  readonly log: Log;
  /** Place in the room file. */
  readonly where: string;
}

/** A Piper model of this machine. eSpeak turns text into sounds, the model into a voice with the time of each sound. */
export class PiperVoice implements VoiceSource {
  readonly identity: string;
  readonly pool: SynthesiserPool<PiperJob, object, PiperDone>;
  private readonly settings: PiperSettings;
  private readonly speaker: number | undefined;

  /** Throws E_ASSET_MISSING, E_ASSET_INVALID or E_VOICE_UNKNOWN. */
  constructor(private readonly options: PiperVoiceOptions) {
    const { model, speaker, where, log, timeoutMs } = options;
    this.settings = readPiperModel(model, where);
    this.speaker = speakerOf(this.settings, speaker, where);
    const { size, mtimeMs } = statSync(model, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
    this.identity = ['piper', model, size, Math.round(mtimeMs), this.speaker ?? ''].join('|');
    const here = import.meta.url;
    const module = new URL(here.endsWith('.ts') ? './piper-process.ts' : './piper-process.js', here);
    this.pool = new SynthesiserPool({
      program: { name: 'piper', module, package: 'onnxruntime-node', heapMib: 256 },
      log,
      processes: 1,
      timeoutMs,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
    });
  }

  async synthesise({ text, rate, pitch }: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    const ownHz = this.settings.audio.sample_rate;
    const rateHz = Math.round((ownHz * pitch) / RATE_STEP_HZ) * RATE_STEP_HZ;
    // Played faster for a higher pitch, so it is spoken slower by as much.
    const { noise_scale: noise, length_scale: length, noise_w: noiseW } = this.settings.inference;
    const scales = [noise, (length / rate) * (rateHz / ownHz), noiseW] as const;
    const parts: Int16Array[] = [];
    const words: HeardWord[] = [];
    const phonemes: PhonemeMark[] = [];
    let at = 0;
    let isTimed = true;
    try {
      for (const { start, end } of splitSentences(text, PIECE_CHARS)) {
        const piece = text.slice(start, end);
        const symbols = await this.symbolsOf(piece, signal);
        const input = piperIds(symbols, this.settings);
        if (!symbols.some(({ ipa, text: sign }) => ipa !== '' || /[\p{L}\p{N}]/u.test(sign))) continue;
        const { model } = this.options;
        const { pcm, samples } = await this.pool.run({ model, ids: input.ids, scales, speaker: this.speaker }, signal);
        isTimed &&= samples.length > 0;
        addTimes(symbols, input, samples, { at, start, rateHz, words, phonemes });
        parts.push(pcm);
        at += pcm.length;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (isEngineError(error)) throw new VoiceFault('passing', error.found ?? error.message);
      throw error;
    }
    const pcm = new Int16Array(at);
    let to = 0;
    for (const part of parts) {
      pcm.set(part, to);
      to += part.length;
    }
    return isTimed ? { pcm, rateHz, words, phonemes } : { pcm, rateHz, words: [], phonemes: [] };
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async symbolsOf(text: string, signal: AbortSignal): Promise<PiperSymbol[]> {
    const { espeak } = this.settings;
    if (this.settings.phoneme_type === 'text' || espeak === undefined) return letterSymbols(text);
    const job = { text: text.replaceAll('&', '&amp;'), voice: espeak.voice, rate: 175, pitch: 50 };
    const { events } = await this.options.espeak.pool.run(job, signal);
    const own = Int32Array.from({ length: text.length }, (_, i) => i);
    return espeakSymbols(text, events, positions(text, own, 0));
  }
}

interface Times {
  /** First sample of the piece. */
  readonly at: number;
  /** UTF-16 offset of the piece. */
  readonly start: number;
  readonly rateHz: number;
  readonly words: HeardWord[];
  readonly phonemes: PhonemeMark[];
}

/** Adds the range of each symbol: from its first id to its last, with the pads after them. */
function addTimes(symbols: readonly PiperSymbol[], { symbolOf }: PiperInput, samples: Float64Array, to: Times): void {
  if (samples.length === 0) return;
  let sample = to.at;
  for (let i = 0; i < symbolOf.length;) {
    const index = symbolOf[i]!;
    const from = sample;
    for (; i < symbolOf.length && symbolOf[i] === index; i += 1) sample += samples[i]!;
    const symbol = symbols[index];
    if (symbol === undefined) continue;
    if (symbol.first) to.words.push({ text: 'word', at: to.start + symbol.char, atMs: (from * 1000) / to.rateHz });
    if (symbol.ipa !== '')
      to.phonemes.push({ ipa: symbol.ipa, startSample: Math.round(from), endSample: Math.round(sample) });
  }
}
