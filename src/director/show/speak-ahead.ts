import type { PackVoices } from '../../avatar/presenter-pack.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { SpeechService } from '../../speech/speech-service.js';
import { sleep } from '../../core/sleep.js';
import { lineVoice } from './line-voice.js';

/** Part of the time in which it works: frames and the line that is due come first. */
const WORK_SHARE = 0.3;

/**
 * Has the script's lines spoken into the cache of a voice that keeps them, before they are due: all in one go, after
 * which the voice's process ends and its memory is free for the rest of the show. What fails here is told when its
 * line is due.
 */
export async function speakAhead(
  room: RoomConfig,
  voices: PackVoices,
  speech: Pick<SpeechService, 'keep'>,
  signal: AbortSignal,
): Promise<void> {
  for (const segment of room.script.segments) {
    for (const line of segment.lines) {
      const voice = lineVoice(room, voices, line.language);
      for (const text of [line.text, ...line.variants]) {
        if (signal.aborted) return;
        const startedMs = performance.now();
        const worked = await speech.keep({ id: 'ahead', text, ...voice }, signal).catch(() => false);
        if (worked) await sleep(((performance.now() - startedMs) * (1 - WORK_SHARE)) / WORK_SHARE, signal);
      }
    }
  }
}
