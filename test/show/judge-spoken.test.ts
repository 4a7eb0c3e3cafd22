import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { judgeSpoken } from '../../src/show/judge-spoken.js';
import { spokenText } from '../../src/speech/spoken-text.js';

const judge = new TextJudge();
const judged = (text: string, language: string) =>
  judgeSpoken(judge, text, spokenText(text, language), { surface: 'speech', language });

t.test('locates words that only sound forbidden in the written text', async (t) => {
  for (const [text, language, match] of [
    ['Message me on we😀chat.', 'en', 'Message me on we😀chat'],
    ['加我微😀信。', 'zh', '加我微😀信'],
  ] as const) {
    const { verdict, hits } = judged(text, language);
    t.equal(verdict, 'violation');
    t.match(hits, [{ rule: '3.2', match }], 'once, as a whole');
    t.equal(text.slice(hits[0]!.start, hits[0]!.end), match);
  }
});

t.test('reports a written hit once, and accepts harmless lines', async (t) => {
  t.same(
    judged('Add me on <b>WhatsApp</b> 😀 +1 415 555 2671', 'en').hits.map(({ match }) => match),
    ['Add me on <b>WhatsApp', '+1 415 555 2671'],
  );
  for (const text of ['Only $29.99 today 😀', 'Warm [and] bright, £5 off {or more}', 'Hello ❤️']) {
    t.equal(judged(text, 'en').verdict, 'clean', text);
  }
  t.equal(judged('Plain words.', 'en').verdict, 'clean');
});
