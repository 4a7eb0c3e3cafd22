import { EngineError, isEngineError } from '../../core/errors.js';
import { languageTable } from '../../config/languages/language-table.js';
import type { SpeechService } from '../../speech/speech-service.js';

/** Throws E_VOICE_UNKNOWN, with the available languages, when no voice speaks the language. */
export async function refuseLanguage(speech: Pick<SpeechService, 'voiceFor'>, language: string): Promise<void> {
  try {
    await speech.voiceFor(language);
  } catch (error) {
    if (!isEngineError(error) || error.code !== 'E_VOICE_UNKNOWN') throw error;
    const languages = languageTable().languages.flatMap(({ tag, voice }) => (voice === null ? [] : [tag]));
    throw new EngineError('E_VOICE_UNKNOWN', {
      where: `language "${language}"`,
      expected: `one of ${languages.join(', ')}`,
      found: error.found ?? 'no voice for it',
      todo: '`engine doctor --voices` lists all voices and their languages',
      details: { languages },
      cause: error,
    });
  }
}
