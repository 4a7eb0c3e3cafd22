import { silentLog } from '../../core/log.js';
import { LANGUAGES } from '../../speech/language-table.js';
import { SpeechService } from '../../speech/speech-service.js';

export interface ListedVoice {
  readonly name: string;
  /** BCP-47, the one it serves best. */
  readonly language: string;
  readonly title: string;
  /** What it is known to get wrong, or its title. */
  readonly note: string;
}

/** Every voice that a room can name, with what is known against it. */
export async function listVoices(): Promise<ListedVoice[]> {
  const speech = new SpeechService({ log: silentLog });
  try {
    await speech.start();
    return (await speech.voices()).map((v) => {
      const fault = LANGUAGES.find((l) => l.voice === v.name)?.fault ?? '';
      return {
        name: v.name,
        language: v.languages[0] ?? '',
        title: v.title,
        note: fault === '' ? v.title : `${v.title}: ${fault}`,
      };
    });
  } finally {
    await speech.close();
  }
}
