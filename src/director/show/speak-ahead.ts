import type { PackVoices } from '../../avatar/presenter-pack.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { SpeechService } from '../../speech/speech-service.js';
import { sleep } from '../../core/sleep.js';
import { lineVoice } from './line-voice.js';

/** Share of time spent working: frames and the due line come first. */
const WORK_SHARE = 0.3;

/**
 * Speaks the script's lines into the cache of a caching voice before they are due: all in one run, after which the
 * voice's process ends and its memory is free. A failure here is reported when the line is due.
 */
export async function speakAhead(
  room: RoomConfig,
  voices: PackVoices,
  speech: Pick<SpeechService, 'keep'>,
  signal: AbortSignal,
  assistantVoices: PackVoices = {},
): Promise<void> {
  for (const segment of room.script.segments) {
    for (const line of segment.lines) {
      const voice = lineVoice(room, voices, line.language, line.role, assistantVoices);
      for (const text of [line.text, ...line.variants]) {
        if (signal.aborted) return;
        const startedMs = performance.now();
        const worked = await speech.keep({ id: 'ahead', text, ...voice }, signal).catch(() => false);
        if (worked) await sleep(((performance.now() - startedMs) * (1 - WORK_SHARE)) / WORK_SHARE, signal);
      }
    }
  }
}
