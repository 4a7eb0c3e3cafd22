import type { PackVoices } from '../avatar/presenter-pack.js';
import type { RoomConfig } from '../config/room-config.js';
import type { SpeechService } from '../speech/speech-service.js';
import { sleep } from '../core/sleep.js';
import { TAKES, lineVoice } from './line-voice.js';

/** Share of time spent working: frames and the due line come first. */
const WORK_SHARE = 0.3;

/**
 * Speaks the script's lines into the cache of a caching voice before they are due: all in one run, after which the
 * voice's process ends and its memory is free. Of a slow voice, the takes of the later rounds follow. A failure here is reported when the line is due.
 */
export async function speakAhead(
  room: RoomConfig,
  voices: PackVoices,
  speech: Pick<SpeechService, 'keep' | 'isSlow'>,
  signal: AbortSignal,
  assistantVoices: PackVoices = {},
): Promise<void> {
  const ahead = async (take: number): Promise<void> => {
    for (const segment of room.script.segments) {
      for (const line of segment.lines) {
        const voice = lineVoice(room, voices, line.language, line.role, assistantVoices);
        if (take > 0 && !speech.isSlow(voice)) continue;
        for (const text of [line.text, ...line.variants]) {
          if (signal.aborted) return;
          const startedMs = performance.now();
          const request = { id: 'ahead', text, ...(take === 0 ? {} : { seed: take }), ...voice };
          const worked = await speech.keep(request, signal).catch(() => false);
          if (worked) await sleep(((performance.now() - startedMs) * (1 - WORK_SHARE)) / WORK_SHARE, signal);
        }
      }
    }
  };
  await ahead(0);
  if (!room.script.loop) return;
  for (let take = 1; take < TAKES; take += 1) await ahead(take);
}
