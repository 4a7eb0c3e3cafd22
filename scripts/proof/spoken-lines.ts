import { silentLog } from '../../src/core/log.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import type { SpokenLine } from './check-words.js';
import type { Injection } from './injection.js';
import { readMarks } from './lines.js';

/** The placed lines, synthesised again (the same text sounds the same), with their frames. */
export async function spokenLines(
  injections: readonly Injection[],
  startFrameOf: (line: string) => number | undefined,
  voice: { rate?: number; pitch?: number },
): Promise<SpokenLine[]> {
  const speech = new SpeechService({ log: silentLog });
  await speech.start();
  try {
    const lines: SpokenLine[] = [];
    for (const { line, marked, language } of injections) {
      const frame = line === undefined ? undefined : startFrameOf(line);
      if (line === undefined || marked === undefined || language === undefined || frame === undefined) continue;
      const utterance = await speech.speak(
        { id: line, text: readMarks(marked).text, language, rate: voice.rate ?? 1, pitch: voice.pitch ?? 1 },
        new AbortController().signal,
      );
      lines.push({ marked, frame, utterance });
    }
    return lines;
  } finally {
    await speech.close();
  }
}
