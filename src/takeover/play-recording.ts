import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { EngineError } from '../core/errors.js';
import type { TakeoverAudio } from '../config/api/takeover-handle.js';
import { SAMPLE_RATE_HZ } from '../core/time.js';
import { typedText } from '../core/visible-text.js';
import type { LineOutcome } from '../show/agenda/agenda.js';
import { SILENCED, UNSPOKEN } from '../show/line-notes.js';
import { LoudnessMeter } from '../core/audio/loudness.js';
import type { TakeoverParts } from './takeover-parts.js';
import { type HeardVoice, hearVoice, type HearVoiceOptions, levelsOf, loudnessOf, roomLevelOf } from './hear-voice.js';
import { VOICE_FRAME, VoiceChunker } from './voice-chunker.js';

/*
 * Problem: ten minutes of sound are 115 MB and six seconds of work, beside a show that needs every frame in time.
 * Rule: nothing is copied whole, other work goes on between two seconds of sound, and after each piece the show has as
 * much time as the piece took.
 */

/** Longer pieces than a live voice's, since a recording can wait; each is one line with one caption. */
const LIMITS = { minMs: 5000, maxMs: 15_000 };
const REST_MS = 150;

interface HeardPiece extends HeardVoice {
  /** Silence between it and the next piece. */
  readonly pauseMs: number;
}

/**
 * Writes down a whole recording, piece by piece. All words are known before any is heard: a piece without words in time
 * fails the recording.
 */
export async function hearRecording(pcm: Float32Array, options: HearVoiceOptions): Promise<HeardPiece[]> {
  const { spans, loudnessLufs, roomDb } = await surveyed(pcm, options.signal);
  const heard: HeardPiece[] = [];
  for (const [i, { from, to }] of spans.entries()) {
    options.signal.throwIfAborted();
    const voice = await hearVoice(pcm.subarray(from, to), { ...options, loudnessLufs, roomDb });
    const pause = Math.max(0, (spans[i + 1]?.from ?? to) - to);
    if (voice !== undefined) heard.push({ ...voice, pauseMs: Math.round((pause * 1000) / SAMPLE_RATE_HZ) });
    if (i + 1 < spans.length) await wait(REST_MS, undefined, { signal: options.signal });
  }
  return heard;
}

interface Survey {
  /** The pieces, in samples. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
  readonly loudnessLufs: number;
  readonly roomDb: number;
}

/** Measures a whole recording and cuts it at its pauses. */
async function surveyed(pcm: Float32Array, signal: AbortSignal): Promise<Survey> {
  const spans: { from: number; to: number }[] = [];
  const chunker = new VoiceChunker(
    ({ startSample: from, pcm: { length } }) => spans.push({ from, to: Math.min(pcm.length, from + length) }),
    LIMITS,
  );
  const meter = new LoudnessMeter(1);
  const levels = new Float64Array(Math.ceil(pcm.length / VOICE_FRAME));
  for (let from = 0; from < pcm.length; from += SAMPLE_RATE_HZ) {
    const part = pcm.subarray(from, from + SAMPLE_RATE_HZ);
    chunker.push(part);
    meter.process(pcm, from, part.length);
    levels.set(levelsOf(part), from / VOICE_FRAME);
    await turn();
    signal.throwIfAborted();
  }
  chunker.push(new Float32Array(VOICE_FRAME));
  chunker.end();
  const lufs = meter.integrated();
  return { spans, loudnessLufs: lufs === -Infinity ? loudnessOf(pcm) : lufs, roomDb: roomLevelOf(levels) };
}

/** Maximum lines that wait in the agenda: the prepared one, and those that the loop takes ahead. */
const MAX_AHEAD = 3;

export interface PlayedRecording {
  readonly answer: TakeoverAudio;
  /** Resolves when its last line is scheduled. */
  readonly done: Promise<void>;
  /** Its further lines are not heard. */
  stop(): void;
}

type Parts = Pick<TakeoverParts, 'agenda' | 'decode' | 'judge' | 'language' | 'note'> & {
  readonly recogniser: NonNullable<TakeoverParts['recogniser']>;
};

/**
 * Decodes a recording, writes down and judges all of its words, and plays it as lines of the agenda. Throws
 * E_TEXT_REFUSED when a rule forbids the whole, E_ASSET_INVALID when no word is recognised.
 *
 * @param caption shown instead of the recognised words; it proves nothing
 * @param begins called when its words are known; may throw
 */
export async function playRecording(
  { agenda, decode, judge, language, note, recogniser }: Parts,
  bytes: Buffer,
  caption: string | undefined,
  signal: AbortSignal,
  begins: () => void,
): Promise<PlayedRecording> {
  const pcm = await decode(bytes, signal);
  const pieces = await hearRecording(pcm, { recogniser, language: language(), signal });
  const text = pieces.map(({ utterance }) => utterance.text).join(' ');
  if (pieces.length === 0)
    throw new EngineError('E_ASSET_INVALID', {
      where: 'recording',
      expected: 'words that the recogniser understands',
      found: 'no words',
      todo: 'record it again, nearer to the microphone and without music',
    });
  const hits = judge(text).filter(({ action }) => UNSPOKEN.has(action) || SILENCED.has(action));
  const refusing = hits.filter(({ action }) => UNSPOKEN.has(action));
  if (refusing.length > 0) {
    for (const { rule, kind, match } of refusing)
      note({
        kind: 'text',
        rule,
        surface: 'speech',
        action: 'refuse',
        evidence: match.slice(0, 200),
        detail: { kind },
      });
    const [first] = refusing;
    throw new EngineError('E_TEXT_REFUSED', {
      where: 'recording',
      expected: 'words that may be spoken',
      found: `"${first!.match.slice(0, 60)}" (rule ${first!.rule}, ${first!.kind})`,
      details: { hits: refusing },
    });
  }
  begins();
  const shown = pieces.length === 1 && caption !== undefined ? typedText(caption) || undefined : undefined;
  const answer: TakeoverAudio = {
    lines: pieces.length,
    text,
    durationMs: Math.round((pcm.length * 1000) / SAMPLE_RATE_HZ),
    silencedMs: pieces.reduce((sum, { silencedMs }) => sum + silencedMs, 0),
    hits: hits.map(({ rule, kind, match, action }) => ({ rule, kind, match, action })),
  };
  return { answer, ...feed(agenda, pieces, shown) };
}

/** Adds the pieces one after the other, so that a long recording leaves the agenda to others. */
function feed(
  agenda: Parts['agenda'],
  pieces: readonly HeardPiece[],
  caption: string | undefined,
): Pick<PlayedRecording, 'done' | 'stop'> {
  let next = 0;
  let open = 0;
  let stopped = false;
  const waiting = new Set<string>();
  let finished = (): void => undefined;
  const done = new Promise<void>((resolve) => (finished = resolve));
  const more = (): void => {
    while (!stopped && open < MAX_AHEAD && next < pieces.length) {
      const { utterance, pauseMs } = pieces[next]!;
      const isFirst = next === 0;
      next += 1;
      open += 1;
      const own: { id?: string } = {};
      const onOutcome = (_outcome: LineOutcome): void => {
        open -= 1;
        if (own.id !== undefined) waiting.delete(own.id);
        more();
      };
      const added = agenda.add({
        kind: 'takeover',
        text: utterance.text,
        voice: utterance,
        gesture: 'none',
        pauseMs,
        ...(caption === undefined ? {} : { caption }),
        ...(isFirst ? { interrupt: true } : {}),
        onOutcome,
      });
      if (added === undefined) open -= 1;
      else waiting.add((own.id = added.id));
    }
    if (open === 0 && (stopped || next >= pieces.length)) finished();
  };
  more();
  return {
    done,
    stop: () => {
      stopped = true;
      for (const id of waiting) agenda.cancel(id);
      if (open === 0) finished();
    },
  };
}
