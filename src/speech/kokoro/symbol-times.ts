import type { PhonemeMark, WordMark } from '../speech-provider.js';
import { KOKORO_RATE_HZ } from './kokoro-messages.js';
import { isMark, type KokoroSymbol } from './symbols.js';

/**
 * When Kokoro's symbols are heard.
 *
 * Problem: the durations come from an aligner that attends to the middle of a sound, in frames of 25 ms. The sound itself begins
 * before, by how it is made: a hiss by 84 ms, a vowel by 50. A mute by one lead for all would miss the beginning of one word
 * and take the end of another.
 * Rule: each symbol begins by the lead of its kind before its duration says. Behind a pause the sound itself tells: a
 * word begins where the silence ends.
 */
const LEADS_MS: readonly (readonly [sounds: string, leadMs: number])[] = [
  ['sʃzʒɕʑʂʐfvθðxhçɣβɸS', 84],
  ['mnŋɲɴ', 72],
  ['lɹrjwʎɥʁɾɽʋT', 66],
  // Where the mouth closes; the burst comes 45 ms later.
  ['pbtdkgɡqcɟʔ', 60],
  ['ʤʧʦʣʨʥꭧ', 57],
];
const VOWEL_LEAD_MS = 50;
const LEADS = new Map(LEADS_MS.flatMap(([sounds, ms]) => Array.from(sounds, (sound) => [sound, ms] as const)));

/** Levels are of stretches so long. */
const STEP = KOKORO_RATE_HZ / 500;
/** Below the loud parts of the clip. */
const SILENT_DB = -38;
const LOUD_SHARE = 0.98;
const MIN_SILENCE = (0.04 * KOKORO_RATE_HZ) / STEP;
/** How far from its expected place the end of a pause is looked for. */
const REACH = 0.12 * KOKORO_RATE_HZ;
const PAUSES = new Set(';:,.!?—…"()“”');

const isStress = (symbol: string): boolean => symbol === 'ˈ' || symbol === 'ˌ';
const leadOf = (sound: string): number => ((LEADS.get(sound) ?? VOWEL_LEAD_MS) * KOKORO_RATE_HZ) / 1000;

/**
 * Words begin with their first symbol; marks last as long as the sound that they follow, stress as the next one.
 * @param samples of each symbol, with the silence before them
 */
export function symbolTimes(
  symbols: readonly KokoroSymbol[],
  samples: readonly number[],
  pcm: Int16Array,
): { words: WordMark[]; phonemes: PhonemeMark[] } {
  const starts = startsOf(symbols, samples, pcm);
  const words: WordMark[] = [];
  const phonemes: { ipa: string; startSample: number; endSample: number }[] = [];
  let stress: number | undefined;
  for (const [i, { text, ipa, char, first }] of symbols.entries()) {
    const start = starts[i]!;
    const end = starts[i + 1]!;
    if (first) words.push({ char, sample: start });
    if (ipa !== '') phonemes.push({ ipa, startSample: stress ?? start, endSample: end });
    else if (isMark(text) && !isStress(text) && phonemes.length > 0) phonemes.at(-1)!.endSample = end;
    stress = isStress(text) ? (stress ?? start) : undefined;
  }
  return { words, phonemes };
}

/** Start of each symbol and, behind the last, the end of the last. */
function startsOf(symbols: readonly KokoroSymbol[], samples: readonly number[], pcm: Int16Array): number[] {
  const ends = silencesOf(pcm);
  const starts: number[] = [];
  let told = samples[0] ?? 0;
  let behindPause = true;
  let least = 0;
  for (const [i, { text, ipa }] of symbols.entries()) {
    // A stress mark and a space belong to the sound behind them.
    const sound = ipa === '' ? symbols.slice(i).find((one) => one.ipa !== '')?.text : text;
    let start = told - leadOf(isMark(text) && !isStress(text) ? '' : (sound ?? ''));
    if (behindPause && sound !== undefined && !PAUSES.has(text)) start = nearest(ends, start) ?? start;
    if (ipa !== '') behindPause = false;
    else if (PAUSES.has(text)) behindPause = true;
    least = Math.min(pcm.length, Math.max(least, Math.round(start)));
    starts.push(least);
    told += samples[i + 1] ?? 0;
  }
  starts.push(Math.min(pcm.length, Math.max(least, Math.round(told - leadOf('')))));
  return starts;
}

/** Where the silences of a clip end. */
function silencesOf(pcm: Int16Array): number[] {
  const levels: number[] = [];
  for (let at = 0; at + STEP <= pcm.length; at += STEP) {
    let sum = 0;
    for (let i = at; i < at + STEP; i += 1) sum += pcm[i]! * pcm[i]!;
    levels.push(Math.sqrt(sum / STEP));
  }
  const loud = levels.toSorted((a, b) => a - b)[Math.floor((levels.length - 1) * LOUD_SHARE)] ?? 0;
  const silent = loud * 10 ** (SILENT_DB / 20);
  const ends: number[] = [];
  let since = -MIN_SILENCE;
  for (const [i, level] of levels.entries()) {
    if (level <= silent) continue;
    if (i - since > MIN_SILENCE) ends.push(i * STEP);
    since = i;
  }
  return ends;
}

function nearest(places: readonly number[], wanted: number): number | undefined {
  const near = places.filter((one) => Math.abs(one - wanted) <= REACH);
  return near.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
}
