import { SAMPLE_RATE_HZ } from '../../core/time.js';
import { loudnessOf, hearVoice, type HearVoiceOptions, type HeardVoice } from './hear-voice.js';
import { piecesOf } from './voice-chunker.js';

/** Longer pieces than a live voice's, since a recording can wait; each is one line with one caption. */
const LIMITS = { minMs: 5000, maxMs: 15_000 };

export interface HeardPiece extends HeardVoice {
  /** Silence between it and the next piece. */
  readonly pauseMs: number;
}

/**
 * Writes down a whole recording, piece by piece. All words are known before any is heard: a piece without words in time
 * fails the recording.
 */
export async function hearRecording(pcm: Float32Array, options: HearVoiceOptions): Promise<HeardPiece[]> {
  const loudnessLufs = loudnessOf(pcm);
  const heard: HeardPiece[] = [];
  const pieces = piecesOf(pcm, LIMITS);
  for (const [i, piece] of pieces.entries()) {
    options.signal.throwIfAborted();
    const voice = await hearVoice(piece.pcm, { ...options, loudnessLufs });
    const end = piece.startSample + piece.pcm.length;
    const pause = Math.max(0, (pieces[i + 1]?.startSample ?? end) - end);
    if (voice !== undefined) heard.push({ ...voice, pauseMs: Math.round((pause * 1000) / SAMPLE_RATE_HZ) });
  }
  return heard;
}
