import { silentLog } from '../../core/log.js';
import type { Utterance } from '../../core/speech.js';
import { isKokoro } from '../../speech/kokoro/human-voices.js';
import { SpeechService } from '../../speech/speech-service.js';

export interface SayOptions {
  readonly language: string;
  readonly voice: string | undefined;
  readonly seed: number | undefined;
}

/** A text in the voice that a room of that language would have, or in a named one. */
export async function sayText(text: string, { language, voice, seed }: SayOptions): Promise<Utterance> {
  const speech = new SpeechService({ log: silentLog, timeoutMs: 60_000 });
  try {
    await speech.start();
    const named =
      voice === undefined
        ? { human: { gender: 'female' as const, person: '', rate: 1, pitch: 1 } }
        : { voice, ...(isKokoro(voice) ? { provider: 'kokoro' } : {}) };
    return await speech.speak(
      { id: 'say', text, language, ...(seed === undefined ? {} : { seed }), ...named },
      new AbortController().signal,
    );
  } finally {
    await speech.close();
  }
}
