import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { LoudnessMeter } from '../core/audio/loudness.js';
import { SAMPLE_RATE_HZ } from '../core/time.js';
import { loudnessOf, hearVoice, type HearVoiceOptions, type HeardVoice } from './hear-voice.js';
import { levelsOf, roomLevelOf } from './silence-unheard.js';
import { VOICE_FRAME, VoiceChunker } from './voice-chunker.js';

/*
 * Problem: ten minutes of sound are 115 MB and six seconds of work, beside a show that needs every frame in time.
 * Rule: nothing is copied whole, other work goes on between two seconds of sound, and after each piece the show has as
 * much time as the piece took.
 */

/** Longer pieces than a live voice's, since a recording can wait; each is one line with one caption. */
const LIMITS = { minMs: 5000, maxMs: 15_000 };
const REST_MS = 150;

export interface HeardPiece extends HeardVoice {
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
