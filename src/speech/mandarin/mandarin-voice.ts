import { EngineError } from '../../core/errors.js';
import type { PhonemeMark } from '../speech-provider.js';
import { VoiceFault } from '../providers/voice-fault.js';
import type { HeardWord, SourceClip, SourceRequest, VoiceSource } from '../providers/voice-source.js';
import { mandarinSyllables, type MandarinSyllable } from './mandarin-syllables.js';
import { shiftSyllable } from './shift-syllable.js';
import { BANK_RATE_HZ as RATE_HZ, findSyllables, SyllableBank } from './syllable-bank.js';
import { zhuyinIpa } from './zhuyin.js';

/**
 * Mandarin from recorded syllables.
 *
 * Problem: the recordings are single syllables, sung-like at 370 to 400 Hz and of equal length and level.
 * Rule: each is lowered to the pitch of a grown woman, sinks a little along its phrase, is levelled, and laid beside the
 * next with a short cross-fade; the last of a phrase is longer, a neutral tone shorter, softer and lower. Every syllable's
 * time is known.
 */
const PITCH = 0.6;
/** Pitch at the beginning and the end of a phrase. */
const DECLINATION = { from: 1.06, to: 0.88 };
const NEUTRAL = { pitch: 0.85, stretch: 0.72, gain: 0.7 };
const STRETCH = 0.92;
const PHRASE_END_STRETCH = 1.12;
const CROSSFADE = Math.round(0.014 * RATE_HZ);
const LEVEL = 0.1;
/** An initial's share of its syllable, for the mouth. */
const INITIAL_SHARE = 0.3;

export interface MandarinVoiceOptions {
  /** Place in the room file. */
  readonly where: string;
  /** Default: the one of this machine. */
  readonly folder?: string | undefined;
  readonly decoder?: string;
}

export class MandarinVoice implements VoiceSource {
  readonly identity = 'gcin|5|1';
  private readonly bank: SyllableBank;

  /** Throws E_ASSET_MISSING. */
  constructor(options: MandarinVoiceOptions) {
    const folder = 'folder' in options ? options.folder : findSyllables();
    if (folder === undefined)
      throw new EngineError('E_ASSET_MISSING', {
        where: `${options.where}.provider`,
        expected: 'the recorded syllables of gcin-voice',
        found: 'none on this machine',
        todo: 'install the Debian package gcin-voice, or choose another voice',
      });
    this.bank = new SyllableBank(folder, options.decoder);
  }

  async synthesise({ text, rate, pitch }: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    const syllables = mandarinSyllables(text);
    if (syllables === undefined || syllables.length === 0)
      throw new VoiceFault('text', 'letters or signs that the Mandarin voice cannot read');
    const names = syllables.map((one) => this.bank.nameOf(one, one.tone));
    const unknown = syllables[names.indexOf(undefined)];
    if (unknown !== undefined) throw new VoiceFault('text', `no recording of ${unknown.initial}${unknown.final}`);
    await this.bank.load(names as string[], signal);
    return joined(syllables, names as string[], this.bank, { rate, pitch });
  }
}

interface Spoken {
  readonly pcm: Float32Array;
  readonly at: number;
}

function joined(
  syllables: readonly MandarinSyllable[],
  names: readonly string[],
  bank: SyllableBank,
  { rate, pitch }: { rate: number; pitch: number },
): SourceClip {
  const placed: Spoken[] = [];
  let at = 0;
  for (const phrase of phrasesOf(syllables)) {
    for (let i = phrase.from; i < phrase.to; i += 1) {
      const { tone, pauseMs } = syllables[i]!;
      const neutral = tone === 5;
      const length = phrase.to - phrase.from;
      const sinking = (share: number): number =>
        DECLINATION.from + (DECLINATION.to - DECLINATION.from) * ((i - phrase.from + share) / length);
      const ratio = PITCH * pitch * (neutral ? NEUTRAL.pitch : 1);
      const stretch = (STRETCH * (neutral ? NEUTRAL.stretch : i === phrase.to - 1 ? PHRASE_END_STRETCH : 1)) / rate;
      const pcm = shiftSyllable(bank.get(names[i]!)!, RATE_HZ, (share) => ratio * sinking(share), stretch);
      level(pcm, LEVEL * (neutral ? NEUTRAL.gain : 1));
      placed.push({ pcm, at });
      at += pcm.length + (pauseMs > 0 ? Math.round((pauseMs / rate / 1000) * RATE_HZ) : -Math.min(CROSSFADE, pcm.length >> 2));
    }
  }
  const last = placed.at(-1)!;
  const mixed = new Float32Array(last.at + last.pcm.length);
  for (const { pcm, at: from } of placed) fadeIn(mixed, pcm, from);
  const out = Int16Array.from(mixed, (x) => Math.max(-32_768, Math.min(32_767, Math.round(x * 32_768))));
  const words: HeardWord[] = [];
  const phonemes: PhonemeMark[] = [];
  for (const [i, syllable] of syllables.entries()) {
    const { pcm, at: from } = placed[i]!;
    if (syllable.at !== syllables[i - 1]?.at) words.push({ text: syllable.initial + syllable.final, atMs: (1000 * from) / RATE_HZ, at: syllable.at });
    phonemes.push(...soundsOf(syllable, from, Math.min(from + pcm.length, placed[i + 1]?.at ?? Infinity)));
  }
  return { pcm: out, rateHz: RATE_HZ, words, phonemes };
}

function phrasesOf(syllables: readonly MandarinSyllable[]): { from: number; to: number }[] {
  const phrases: { from: number; to: number }[] = [];
  let from = 0;
  for (const [i, { pauseMs }] of syllables.entries()) {
    if (pauseMs === 0 && i + 1 < syllables.length) continue;
    phrases.push({ from, to: i + 1 });
    from = i + 1;
  }
  return phrases;
}

function soundsOf(syllable: MandarinSyllable, from: number, to: number): PhonemeMark[] {
  const { initial, final } = zhuyinIpa(syllable);
  const middle = initial === '' ? from : Math.round(from + (to - from) * INITIAL_SHARE);
  const marks: PhonemeMark[] = initial === '' ? [] : [{ ipa: initial, startSample: from, endSample: middle }];
  for (const [i, ipa] of final.entries()) {
    const cut = (share: number): number => Math.round(middle + ((to - middle) * share) / final.length);
    marks.push({ ipa, startSample: cut(i), endSample: cut(i + 1) });
  }
  return marks;
}

/** To a level over its voiced part, so that no syllable jumps out. */
function level(pcm: Float32Array, wanted: number): void {
  let sum = 0;
  for (const x of pcm) sum += x * x;
  const rms = Math.sqrt(sum / Math.max(1, pcm.length));
  if (rms === 0) return;
  const gain = wanted / rms;
  for (let i = 0; i < pcm.length; i += 1) pcm[i]! *= gain;
}

function fadeIn(mixed: Float32Array, pcm: Float32Array, from: number): void {
  const fade = Math.min(CROSSFADE, pcm.length >> 2);
  for (let i = 0; i < pcm.length; i += 1) {
    const edge = Math.min(1, (i + 1) / fade, (pcm.length - i) / fade);
    mixed[from + i]! += pcm[i]! * edge;
  }
}
