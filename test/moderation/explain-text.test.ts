import t from 'tap';
import { OwnWords } from '../../src/moderation/own-words/own-words.js';
import { ruleWords } from '../../src/config/rule-words.js';
import { explainText } from '../../src/moderation/explain-text.js';

t.test('names the pack, list and odds behind a verdict', async (t) => {
  const { verdict, words, sets, model } = explainText('Message me on WhatsApp', { surface: 'speech', language: 'en' });
  t.match(verdict.hits, [{ rule: '3.2', action: 'mute' }]);
  t.match(
    words.find(({ match }) => match === 'WhatsApp'),
    { rule: '3.2', pack: '3.2/any.json', where: 'say.platform', dropped: false },
  );
  t.ok(sets.some(({ set, match }) => set === 'contact-verb' && match === 'Message'));
  t.equal(model.rules[0]?.rule, '3.2');
  t.ok(model.line > 0 && model.together > model.addAt);
});

t.test('names the sets of a combination', async (t) => {
  const { words } = explainText('这是全世界最好的杯子', { surface: 'speech', language: 'zh' });
  t.ok(
    words.some(
      ({ where, pack }) => /^near: superlative .*of-all within \d+ characters$/.test(where) && pack === '2.1/any.json',
    ),
  );
});

t.test('names dropped matches and the reason', async (t) => {
  const own = new OwnWords(ruleWords.parse({ allow: [{ terms: ["World's Best Mug"] }] }));
  const line = "This is the World's Best Mug, our own brand.";
  const { verdict, words, allowed } = explainText(line, { surface: 'caption', language: 'en', own });
  t.strictSame(verdict, { verdict: 'clean', hits: [] });
  t.ok(words.length > 0 && words.every(({ dropped }) => dropped));
  t.strictSame(allowed, ["World's Best Mug"]);
});
