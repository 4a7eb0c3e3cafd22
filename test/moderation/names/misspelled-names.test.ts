import t from 'tap';
import { detectMisspelledNames } from '../../../src/moderation/stages/name-stage.js';
import { normalise } from '../../../src/moderation/normalise/normalise.js';

const found = (text: string): string[] =>
  detectMisspelledNames(normalise(text).folded).map((f) => `${f.rule} ${text.slice(f.start, f.end)}`);

t.test('detects one letter inserted, omitted, changed or swapped in a name', async (t) => {
  t.same(found('find us on Whatspap'), ['3.2 Whatspap']);
  t.same(found('por Telgram contesto'), ['3.2 Telgram']);
  t.same(found('notre Facebouk a tout'), ['3.2 Facebouk']);
  t.same(found('na Instagarmie jest więcej'), ['3.2 Instagarmie']);
  t.same(found('Paypla me the rest'), ['3.1 Paypla']);
});

t.test('leaves correctly spelled names to the lexicon, and ignores ordinary words', async (t) => {
  t.same(found('WhatsApp, Telegram, Instagrams and Facebookowi'), []);
  t.same(found('the telegraph key, ein Telegraf, telegrafie, a papal chair, ticktock'), []);
});
