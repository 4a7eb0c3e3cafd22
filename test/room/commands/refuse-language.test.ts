import t from 'tap';
import { EngineError } from '../../../src/core/errors.js';
import { refuseLanguage } from '../../../src/room/commands/typed-lines.js';
import { findVoice } from '../../../src/speech/find-voice.js';

const voices = ['en-US', 'cmn'].map((name) => ({ name, title: name, languages: [name], provider: 'espeak' }));
const speech = { voiceFor: async (language: string) => findVoice(voices, language) };

t.test('refuses a language without a voice and names the available ones', async (t) => {
  for (const language of ['en', 'en-GB', 'zh', 'zh-CN']) await t.resolves(refuseLanguage(speech, language), language);
  await t.rejects(refuseLanguage(speech, 'klingon'), {
    code: 'E_VOICE_UNKNOWN',
    httpStatus: 400,
    where: 'language "klingon"',
    expected: /\ben, eo, .*\bfr, .*\bzh\b/,
  });
  await t.rejects(refuseLanguage(speech, 'tl'), { code: 'E_VOICE_UNKNOWN', found: /no embedded voice/ });
});

t.test('does not blame the language when the voice is gone', async (t) => {
  const gone = new EngineError('E_SPEECH_FAILED', { where: 'speech' });
  await t.rejects(refuseLanguage({ voiceFor: () => Promise.reject(gone) }, 'en'), { code: 'E_SPEECH_FAILED' });
});
