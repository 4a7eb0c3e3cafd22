import t from 'tap';
import { normalise } from '../../../src/compliance/text/normalise.js';
import { normalisedWord } from '../../../src/compliance/text/normalised-words.js';

t.test('a word that the build did not know is normalised on the spot', async (t) => {
  const written = 'ＷｅＣｈａｔ';
  const word = normalise(written).words.text.trim();
  t.equal(word, 'wechat');
  t.equal(normalisedWord(written, new Map()), word);
  t.equal(normalisedWord(written, new Map([[written, word]])), word);
});
