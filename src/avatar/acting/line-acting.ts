import { frameIndex, frameToSample, millisecondsToFrames, type FrameRate } from '../../core/time.js';
import type { Acting, WordTiming } from '../../core/speech.js';

/**
 * Works out how a line is acted.
 *
 * Problem: a head that nods on every loud word looks like a toy; one that never nods looks absent.
 * Rule: words that are clearly louder than their neighbours, at least 2.4 s apart, at most six a line, never in the first
 * or last half second. A question is followed by a smile; an answer to a viewer is preceded by listening.
 */
const APART_MS = 2400;
const MAX_NODS = 6;
const EDGE_MS = 500;
/** Loudness of a stressed word over the line's median, as a ratio of amplitudes. */
const STRESS = 1.18;
const SMILE_MS = 1300;
const LISTEN_MS = 1500;
const READ_MS = 1000;
const QUESTION = /[?？؟]["'”’」』）)]*\s*$/u;
/** Every how many samples loudness is taken. */
const STRIDE = 16;

export interface ActedLine {
  readonly text: string;
  /** It answers a viewer's comment. */
  readonly isAnswer: boolean;
  readonly pcm: Float32Array;
  readonly words: readonly WordTiming[];
}

export function lineActing(line: ActedLine, rate: FrameRate): Acting {
  const frames = (ms: number): number => millisecondsToFrames(ms, rate);
  return {
    nods: nodFrames(line, rate),
    smileFrames: QUESTION.test(line.text) ? frames(SMILE_MS) : 0,
    listenFrames: line.isAnswer ? frames(LISTEN_MS) : 0,
    readFrames: line.isAnswer ? frames(READ_MS) : 0,
  };
}

function nodFrames({ pcm, words }: ActedLine, rate: FrameRate): Uint16Array {
  const samplesPerFrame = frameToSample(frameIndex(1000), rate) / 1000;
  const edge = frameToSample(frameIndex(millisecondsToFrames(EDGE_MS, rate)), rate);
  const spoken = words
    .filter(({ startSample, endSample }) => endSample > startSample)
    .map(({ startSample, endSample }) => ({ startSample, level: levelOf(pcm, startSample, endSample) }));
  const levels = spoken.map(({ level }) => level).sort((a, b) => a - b);
  const median = levels[Math.floor(levels.length / 2)] ?? 0;
  const apart = millisecondsToFrames(APART_MS, rate);
  const nods: number[] = [];
  const stressed = spoken
    .filter(
      ({ startSample, level }) => level > median * STRESS && startSample > edge && startSample < pcm.length - edge,
    )
    .sort((a, b) => b.level - a.level);
  for (const { startSample } of stressed) {
    const frame = Math.round(startSample / samplesPerFrame);
    if (nods.length < MAX_NODS && nods.every((other) => Math.abs(other - frame) >= apart)) nods.push(frame);
  }
  return Uint16Array.from(nods.sort((a, b) => a - b));
}

function levelOf(pcm: Float32Array, from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (let i = Math.max(0, from); i < Math.min(pcm.length, to); i += STRIDE) {
    sum += pcm[i]! * pcm[i]!;
    count += 1;
  }
  return Math.sqrt(sum / Math.max(1, count));
}
