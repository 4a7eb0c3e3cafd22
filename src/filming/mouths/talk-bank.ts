import { chooseMouths } from '../../avatar/filmed/choose-mouths.js';
import { MAX_FILM_FRAMES, type MouthTrackFile } from '../../avatar/filmed/film-manifest.js';
import { mouthTrack } from '../../avatar/mouth-track.js';
import type { Log } from '../../core/log.js';
import { type MouthTrack, type PhonemeTiming, type Viseme, VISEMES } from '../../core/speech.js';
import { SAMPLE_RATE_HZ } from '../../core/time.js';
import { alignSpeech } from '../../speech/align/align-speech.js';
import { EspeakProvider } from '../../speech/espeak/espeak-provider.js';
import type { PhonemeMark } from '../../speech/speech-provider.js';
import { judgeFrames } from '../face/choose-references.js';
import { gapsOf, smoothPoints, trackFace, widthsOf } from '../face/track-face.js';
import { type MouthSpace, poseOf } from '../face/mouth-space.js';
import { refinePose } from '../face/refine-pose.js';
import { openFootage, SOUND_HZ } from '../footage/open-footage.js';
import { type Patch, samplePatch } from '../footage/sample-patch.js';
import type { FilmPresenterOptions } from '../write-film.js';
import type { FaceNets } from '../nets/find-face.js';
import { maskOf, type MouthBankParts, type Reference } from './warp-bank.js';

/** Gives a mouth's picture the mean and contrast that the skin around the mouth has in another one. In place. */
function matchColours(patch: Patch, to: Patch, space: MouthSpace): Patch {
  const { unit, left, top, chinY, halfWidth } = space;
  for (let k = 0; k < 3; k += 1) {
    let [n, a, b] = [0, 0, 0];
    for (let v = 0; v < patch.height; v += 2) {
      const y = top + v + 0.5;
      if (y > 0.35 * chinY) break; // the chin is elsewhere in an open mouth
      for (let u = 0; u < patch.width; u += 2) {
        const x = left + u + 0.5;
        if (Math.abs(x) > halfWidth[v]! * 0.85 || (x / (0.36 * unit)) ** 2 + (y / (0.2 * unit)) ** 2 < 1) continue;
        const at = (v * patch.width + u) * 3 + k;
        a += patch.data[at]!;
        b += to.data[at]!;
        n += 1;
      }
    }
    const gain = a === 0 ? 1 : Math.min(1.3, Math.max(0.77, b / a));
    if (n === 0) continue;
    for (let i = k; i < patch.data.length; i += 3) patch.data[i]! *= gain;
  }
  return patch;
}

const TIMEOUT_MS = 120_000;

/** When each sound of a read text is heard in a recording, at 48 kHz; undefined when eSpeak has no such language. */
async function talkPhonemes(
  text: string,
  language: string,
  sound: Float32Array,
  log: Log,
  signal: AbortSignal,
): Promise<PhonemeTiming[] | undefined> {
  const espeak = new EspeakProvider({ log, processes: 1, timeoutMs: TIMEOUT_MS });
  try {
    const wanted = language.toLowerCase().split('-')[0]!;
    const voices = await espeak.voices();
    const voice = voices.find(
      (v) => !v.name.includes('+') && v.languages.some((l) => l.toLowerCase().split('-')[0] === wanted),
    );
    if (voice === undefined) return undefined;
    const parts: Float32Array[] = [];
    const phonemes: PhonemeMark[] = [];
    let [length, rateHz] = [0, SOUND_HZ];
    for await (const chunk of espeak.speak({ text, language, voice, rate: 1, pitch: 1 }, signal)) {
      parts.push(chunk.pcm);
      rateHz = chunk.sampleRateHz;
      for (const p of chunk.phonemes)
        phonemes.push({ ipa: p.ipa, startSample: p.startSample + length, endSample: p.endSample + length });
      length += chunk.pcm.length;
    }
    const pcm = new Float32Array(length);
    let at = 0;
    for (const part of parts) {
      pcm.set(part, at);
      at += part.length;
    }
    const aligned = await alignSpeech({ pcm, rateHz, words: [], phonemes }, { pcm: sound, rateHz: SOUND_HZ }, signal);
    const to48 = (sample: number): number => Math.round((sample * SAMPLE_RATE_HZ) / SOUND_HZ);
    return aligned?.phonemes.map(({ ipa, startSample, endSample }) => ({
      ipa,
      startSample: to48(startSample),
      endSample: to48(endSample),
    }));
  } finally {
    await espeak.close();
  }
}

/** A frame of the talk as a candidate for the bank. */
interface TalkFrame {
  readonly frame: number;
  readonly viseme: Viseme;
  readonly openness: number;
  readonly spread: number;
  /** Higher is better: sharp and looking into the camera. */
  readonly quality: number;
}

const MAX_MOUTHS = 180;
const PER_BIN = 5;
const OPEN_BIN = 26;
const SPREAD_BIN = 0.5;
/** Neighbours of a chosen frame come along, since steps between them are the person's own. */
const NEIGHBOURS = 1;

/** Mouths of each viseme, opening and spread, the best of each, with their neighbours in the footage; by frame. */
function pickMouths(frames: readonly TalkFrame[]): TalkFrame[] {
  const bins = new Map<string, TalkFrame[]>();
  for (const one of frames) {
    const key = `${one.viseme} ${Math.floor(one.openness / OPEN_BIN)} ${Math.round(one.spread / SPREAD_BIN)}`;
    const list = bins.get(key);
    if (list === undefined) bins.set(key, [one]);
    else list.push(one);
  }
  const byFrame = new Map(frames.map((f) => [f.frame, f]));
  const chosen = new Map<number, TalkFrame>();
  for (const list of bins.values()) list.sort((a, b) => b.quality - a.quality);
  // One of each kind, then a second, so that a full bank lacks no kind.
  for (let round = 0; round < PER_BIN && chosen.size < MAX_MOUTHS; round += 1) {
    for (const list of bins.values()) {
      const one = list.find((f) => !chosen.has(f.frame));
      if (one === undefined || chosen.size >= MAX_MOUTHS) continue;
      chosen.set(one.frame, one);
      for (let d = -NEIGHBOURS; d <= NEIGHBOURS; d += 1) {
        const near = byFrame.get(one.frame + d);
        if (near !== undefined && chosen.size < MAX_MOUTHS) chosen.set(near.frame, near);
      }
    }
  }
  return [...chosen.values()].sort((a, b) => a.frame - b.frame);
}

/** With fewer mouths than this a bank made from the resting one looks better. */
const MIN_MOUTHS = 24;
/** The talk may be three times as long as the base. */
const MAX_TALK_FRAMES = 3 * MAX_FILM_FRAMES;
const MAX_YAW_OFF = 12;
/** Minimum lip gap of the widest vowel over closed lips. */
const MIN_RANGE = 0.07;
const MAX_OPENNESS = 235;
/** −50 dB: a track without a voice. */
const MIN_PEAK = 0.003;

interface TalkBank {
  /** Undefined when the talk gave too few mouths; `why` says so. */
  readonly bank: MouthBankParts | undefined;
  readonly why: string;
  /** What the person who filmed should know; empty where all went well. */
  readonly note: string;
  readonly summary: readonly (readonly [string, string])[];
  /** Correlation of the lip opening with that of the person, over the part that was held out. */
  readonly correlation: number | undefined;
  readonly heldOutFrames: number;
}

interface TalkParts {
  readonly options: FilmPresenterOptions;
  readonly space: MouthSpace;
  readonly reference: Reference;
  readonly mask: Float32Array;
  readonly nets: FaceNets;
  readonly warped: MouthBankParts;
  readonly tell: (what: string) => void;
}

/** A bank of the person's own mouths, from footage in which they read a text. */
export async function talkBank({ options, space, reference, mask, nets, warped, tell }: TalkParts): Promise<TalkBank> {
  const { talk = '', signal, decoderPath, log, text, language, holdOut = 0 } = options;
  const footage = await openFootage(talk, '--talk', decoderPath, signal);
  const track = await trackFace(footage, `--talk ${talk}`, nets, MAX_TALK_FRAMES, signal, (n) => {
    if (n % 25 === 0) tell(`reading the talk: frame ${n}`);
  });
  const rejected = judgeFrames(track.frames, track.width, track.height);
  const points = smoothPoints(track.frames.map((f) => f.points));
  const gaps = gapsOf(points);
  const widths = widthsOf(points);
  tell('listening to the talk');
  const sound = footage.hasSound ? await footage.sound(signal) : new Float32Array(0);
  const isSilent = !sound.some((x) => Math.abs(x) > MIN_PEAK);
  const note = isSilent ? '--talk has no sound: its mouths are sorted by their shape alone' : '';
  const phonemes =
    text === undefined || language === undefined || isSilent
      ? undefined
      : await talkPhonemes(text, language, sound, log, signal);
  const samples = Math.round((track.frames.length * 48_000 * footage.rate.den) / footage.rate.num);
  const heard = phonemes && mouthTrack(phonemes, samples, footage.rate);
  const good = rejected.map((r) => r === undefined);
  const usableGaps = gaps.filter((_, i) => good[i]).sort((a, b) => a - b);
  const share = (p: number): number => usableGaps[Math.floor((usableGaps.length - 1) * p)] ?? 0;
  const closed = share(0.08);
  const range = Math.max(MIN_RANGE, share(0.97) - closed);
  const restWidth = median(widths.filter((_, i) => good[i] && gaps[i]! < closed + 0.1 * range));
  const opennessOf = (i: number): number =>
    Math.round(Math.min(255, Math.max(0, (MAX_OPENNESS * (gaps[i]! - closed - 0.04 * range)) / range)));
  const refYaw = median(track.frames.filter((_, i) => good[i]).map((f) => f.yaw));
  const end = Math.floor(track.frames.length * (1 - holdOut));
  const talkFrames: TalkFrame[] = [];
  for (let i = 0; i < end; i += 1) {
    if (!good[i] || Math.abs(track.frames[i]!.yaw - refYaw) > MAX_YAW_OFF) continue;
    const openness = opennessOf(i);
    const spread = Math.max(-1.2, Math.min(1.2, (widths[i]! - restWidth) / 0.05));
    const viseme = visemeOf(heard, i, openness, spread);
    const quality = track.frames[i]!.sharpness - Math.abs(track.frames[i]!.yaw - refYaw);
    talkFrames.push({ frame: i, viseme, openness, spread, quality });
  }
  const picked = pickMouths(talkFrames);
  const summary: [string, string][] = [
    [
      'Talk 朗读',
      `${track.frames.length} frames, ${good.filter(Boolean).length} usable, ${picked.length} mouths taken`,
    ],
    [
      'Sounds 音素',
      heard === undefined ? 'not aligned: mouths sorted by shape 未对齐' : `aligned with the text (${language}) 已对齐`,
    ],
  ];
  if (picked.length < MIN_MOUTHS) {
    const why = `--talk gave ${picked.length} good mouths, fewer than ${MIN_MOUTHS}: mouths are made from the resting one`;
    return { bank: undefined, why, note, summary, correlation: undefined, heldOutFrames: 0 };
  }
  const patches = await takePatches(picked, footage, space, reference, points, signal);
  const own = maskOf(mask, reference.matte);
  // The rest is that of the base; teeth on the lip come from it where the talk has none.
  const mouths: MouthTrackFile['mouths'] = [{ viseme: 'sil', openness: 0, spread: 0, next: -1 }];
  const all: Patch[] = [reference.rest];
  const hasBite = picked.some((p) => p.viseme === 'FF');
  warped.mouths.forEach((mouth, k) => {
    if (mouth.viseme !== 'PP' && !(mouth.viseme === 'FF' && !hasBite)) return;
    mouths.push(mouth);
    all.push(warped.patches[k * warped.references]!);
  });
  const first = mouths.length;
  picked.forEach(({ viseme, openness, spread, frame }, k) => {
    const next = picked[k + 1]?.frame === frame + 1 ? first + k + 1 : -1;
    mouths.push({ viseme, openness, spread, next });
    all.push(patches.get(frame)!);
  });
  const bank: MouthBankParts = { patches: all, masks: all.map(() => own), references: 1, mouths };
  let correlation: number | undefined;
  if (holdOut > 0 && heard !== undefined) {
    const part: MouthTrack = { viseme: heard.viseme.slice(end), openness: heard.openness.slice(end) };
    const chosen = chooseMouths(part, featuresOf(mouths));
    const truth = [...part.viseme].map((_, i) => gaps[end + i] ?? 0);
    correlation = pearson(
      truth,
      [...chosen].map((m) => mouths[m]!.openness),
    );
    summary.push(['Correlation of the lip opening, held out 唇形相关', correlation.toFixed(2)]);
  }
  return { bank, why: '', note, summary, correlation, heldOutFrames: track.frames.length - end };
}

export const featuresOf = (mouths: MouthTrackFile['mouths']): Parameters<typeof chooseMouths>[1] => ({
  viseme: Uint8Array.from(mouths, (m) => VISEMES.indexOf(m.viseme)),
  openness: Uint8Array.from(mouths, (m) => m.openness),
  spread: Float32Array.from(mouths, (m) => m.spread),
  next: Int16Array.from(mouths, (m) => m.next),
});

export function pearson(a: readonly number[], b: readonly number[]): number {
  const n = Math.min(a.length, b.length);
  const mean = (v: readonly number[]): number => v.slice(0, n).reduce((x, y) => x + y, 0) / Math.max(1, n);
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The heard viseme where lips and sound agree, else one by the lips alone. */
function visemeOf(heard: MouthTrack | undefined, i: number, openness: number, spread: number): Viseme {
  const sound = heard?.viseme[i];
  if (sound !== undefined) {
    const viseme = VISEMES[sound]!;
    if (viseme === 'PP' || viseme === 'sil') return openness < 14 ? 'PP' : byLips(openness, spread);
    if (viseme !== 'FF' || openness < 90) return viseme;
  }
  return byLips(openness, spread);
}

function byLips(openness: number, spread: number): Viseme {
  if (openness < 14) return 'PP';
  if (spread < -0.75) return openness > 110 ? 'O' : 'U';
  if (spread < -0.35) return openness > 60 ? 'O' : 'U';
  if (spread > 0.6) return 'I';
  return openness > 120 ? 'aa' : spread > 0.2 ? 'E' : 'aa';
}

/** Pictures of the chosen frames in the mouth space, in the colours of the base. */
async function takePatches(
  picked: readonly TalkFrame[],
  footage: Awaited<ReturnType<typeof openFootage>>,
  space: MouthSpace,
  reference: Reference,
  points: readonly (Float32Array | undefined)[],
  signal: AbortSignal,
): Promise<Map<number, Patch>> {
  const wanted = new Set(picked.map((p) => p.frame));
  const patches = new Map<number, Patch>();
  let n = 0;
  for await (const picture of footage.frames(signal)) {
    const own = wanted.has(n) ? points[n] : undefined;
    if (own !== undefined) {
      const pose = refinePose(picture, poseOf(space, own), reference.upper, space);
      patches.set(n, matchColours(samplePatch(picture, pose, space), reference.rest, space));
    }
    n += 1;
    if (patches.size === wanted.size) break;
  }
  return patches;
}
