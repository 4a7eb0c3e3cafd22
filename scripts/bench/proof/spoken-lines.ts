import { readPackVoices } from '../../../src/avatar/presenter-pack.js';
import type { RoomConfig } from '../../../src/config/room-config.js';
import { silentLog } from '../../../src/core/log.js';
import { lineVoice } from '../../../src/show/line-voice.js';
import { SpeechService } from '../../../src/speech/speech-service.js';
import type { SpokenLine } from './check-words.js';
import type { Injection } from './injection.js';
import { readMarks } from './lines.js';

/** The placed lines, synthesised again in the voice of the show (the same text sounds the same), with their frames. */
export async function spokenLines(
  injections: readonly Injection[],
  startFrameOf: (line: string) => number | undefined,
  room: RoomConfig,
): Promise<SpokenLine[]> {
  const own = await readPackVoices(room.presenter.pack);
  const speech = new SpeechService({ log: silentLog });
  await speech.start();
  try {
    const lines: SpokenLine[] = [];
    for (const { line, marked, language } of injections) {
      const frame = line === undefined ? undefined : startFrameOf(line);
      if (line === undefined || marked === undefined || language === undefined || frame === undefined) continue;
      const utterance = await speech.speak(
        { id: line, text: readMarks(marked).text, ...lineVoice(room, own, language) },
        new AbortController().signal,
      );
      lines.push({ marked, frame, utterance });
    }
    return lines;
  } finally {
    await speech.close();
  }
}
