import t from 'tap';
import type { EventRecord } from '../../../src/config/api/events-handle.js';
import { ViewerTalk } from '../../../src/cli/terminal/viewer-talk.js';
import type { TerminalLanguage } from '../../../src/cli/terminal/terminal-language.js';

function talk(language: TerminalLanguage = 'en') {
  const lines: string[] = [];
  let nowMs = 0;
  let seq = 0;
  let listener: ((record: EventRecord) => void) | undefined;
  const shown = new ViewerTalk({
    events: {
      listen: (one) => {
        listener = one;
        return () => void (listener = undefined);
      },
    },
    language,
    print: (line) => lines.push(line),
    columns: () => 200,
    nowMs: () => nowMs,
    wallMs: () => new Date(2026, 0, 1, 10, 20, 30).getTime(),
  });
  const tell = (record: Partial<EventRecord>, afterMs = 5000): void => {
    nowMs += afterMs;
    seq += 1;
    const base = {
      id: `e${seq}`,
      seq,
      platform: 'simulator',
      kind: 'comment',
      user: 'Anna',
      atMs: 0,
      state: 'taken',
    } as const;
    listener?.({ ...base, text: 'How much for 500?', ...record });
  };
  return { lines, tell, shown };
}

t.test('prints a question once it is answered, with the answer', async (t) => {
  const { lines, tell, shown } = talk();
  tell({ state: 'taken' });
  tell({ state: 'answering', path: 'intent' });
  t.same(lines, []);
  tell({ state: 'answered', path: 'intent', answer: 'Anna, 500 pieces are $4.80 each.' });
  t.same(lines, ['10:20:30 › Anna: How much for 500?', '         → Anna, 500 pieces are $4.80 each.']);
  await shown.close();
  tell({ state: 'answered', path: 'intent', answer: 'Another one.' });
  t.equal(lines.length, 2, 'nothing after its end');
});

t.test('prints an answer to several viewers once, and greetings without a question', async (t) => {
  const { lines, tell } = talk();
  for (const user of ['Anna', 'Ben']) tell({ user, state: 'answered', path: 'intent', answer: 'It is steel.' });
  for (const user of ['Anna', 'Ben'])
    tell({ kind: 'enter', user, state: 'answered', path: 'reaction', answer: 'Welcome!' });
  t.equal(lines.length, 3);
  t.equal(lines[2], '10:20:30 · Welcome!');
});

t.test('repeats no word of a hostile comment, and no control character of any', async (t) => {
  const { lines, tell } = talk();
  tell({ state: 'hostile', text: 'WhatsApp +1 415 555 2671' });
  tell({ state: 'unanswered', user: 'A\u001b[2Jna', text: 'Does it\nfloat?' });
  t.notMatch(lines.join('\n'), /415/);
  t.notOk(lines.join('').includes('\u001b'));
  t.match(lines[1], /› A \[2Jna: Does it float\?/);
});

t.test('counts events that come too fast', async (t) => {
  const { lines, tell } = talk('zh');
  for (let i = 0; i < 5; i += 1) tell({ state: 'answered', path: 'intent', answer: `第${i}句` }, i === 0 ? 0 : 100);
  t.equal(lines.length, 2, 'one pair');
  tell({ state: 'answered', path: 'intent', answer: '再来' });
  t.match(lines.at(-1), /→ 再来（另有 4 条）/);
});

t.test('says why a comment has no answer, and prints no word of a refused answer', async (t) => {
  const reasons: [object, RegExp, RegExp][] = [
    [{ reason: 'waited too long for its turn' }, /waited too long/, /等待太久/],
    [{ outcome: 'forgotten', reason: 'waited longer than 60 s' }, /waited too long/, /等待太久/],
    [{ outcome: 'displaced', reason: 'more than 12 lines wait' }, /too many questions/, /问题太多/],
    [{ outcome: 'failed', reason: 'espeak: expected speech, found no answer in time' }, /voice was not ready/, /语音/],
    [{ outcome: 'refused', reason: '"3 days" (rule 5.1)' }, /rule 5\.1 refused/, /规则 5\.1/],
    [{ reason: 'the language model gave no JSON' }, /language model/, /语言模型/],
    [{ reason: 'nobody knows the answer' }, /nobody knows/, /没有找到答案/],
    [{ reason: 'the listing does not say (warranty)' }, /no answer from the listing/, /商品资料里没有答案/],
  ];
  for (const [record, en, zh] of reasons) {
    for (const [language, expected] of [
      ['en', en],
      ['zh', zh],
    ] as const) {
      const { lines, tell } = talk(language);
      tell({ state: 'unanswered', user: 'Ana', text: 'How long?', ...record });
      t.match(lines[1], expected);
      t.notMatch(lines.join(), /3 days/);
    }
  }
});
