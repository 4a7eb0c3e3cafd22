import t from 'tap';
import { speakAhead } from '../../src/show/speak-ahead.js';
import type { SpeechRequest } from '../../src/speech/speech-service.js';
import { showRig } from './show-rig.js';

const LOOP = { script: { loop: true } };

t.test('a line that comes again is another take where a person speaks, three at most', async (t) => {
  for (const [language, isSlowVoice, wanted] of [
    ['es', true, [0, 1, 2, 0]],
    ['en', false, [0, 1, 2, 0]],
    ['es', false, [0, 0, 0, 0]],
  ] as const) {
    const rig = showRig(t, ['Hola a todos, bienvenidos.'], { ...LOOP, isSlowVoice, room: { language } });
    await rig.to(90);
    t.same(rig.takes.slice(0, 4), wanted, `${language}, ${isSlowVoice ? 'slow' : 'fast'}`);
  }
});

t.test('of a slow voice, all takes of all lines are made ahead, first takes first', async (t) => {
  const { room } = showRig(t, ['Hola.', 'Adiós.'], { ...LOOP, room: { language: 'es' } });
  for (const [isSlow, wanted] of [
    [true, ['Hola. 0', 'Adiós. 0', 'Hola. 1', 'Adiós. 1', 'Hola. 2', 'Adiós. 2']],
    [false, ['Hola. 0', 'Adiós. 0']],
  ] as const) {
    const made: string[] = [];
    const speech = {
      isSlow: () => isSlow,
      keep: ({ text, seed = 0 }: SpeechRequest) => {
        made.push(`${text} ${seed}`);
        return Promise.resolve(false);
      },
    };
    await speakAhead(room, {}, speech, new AbortController().signal);
    t.same(made, wanted);
  }
});
