import t from 'tap';
import type { EventRecord } from '../../../src/config/api/events-handle.js';
import { EventLog } from '../../../src/viewers/events/event-intake.js';
import { PendingAnswer, WaitingAnswers } from '../../../src/viewers/replies/pending-answer.js';

function waiting() {
  const events = new EventLog();
  const answers = new WaitingAnswers({ events, config: { sameQuestionMs: 60_000 }, name: (user) => user });
  const comment = (user: string): EventRecord =>
    events.add({ id: `${user}-${Math.random()}`, platform: 'test', kind: 'comment', user, text: 'How much?' }, 0);
  const ask = (key: string, user: string, atMs: number) => {
    const record = comment(user);
    const pending = new PendingAnswer(key, atMs, {
      first: record,
      path: 'intent',
      about: 'price',
      language: 'en',
      product: undefined,
      isClean: true,
      texts: [{ text: 'Ten dollars.', language: 'en' }],
    });
    return { record, pending, isNew: answers.add(pending, record) };
  };
  const stateOf = ({ seq }: EventRecord) => events.recent(100).find((one) => one.seq === seq);
  return { answers, ask, stateOf };
}

t.test('equal questions wait together and are counted once', async (t) => {
  const { answers, ask, stateOf } = waiting();
  const first = ask('price', 'Anna', 0);
  const second = ask('price', 'Li Wei', 500);
  t.same([first.isNew, second.isNew], [true, false]);
  t.equal(answers.ready.length, 1);
  t.equal(answers.ready[0]!.asked, 2);
  t.same(answers.ready[0]!.names, ['Anna', 'Li Wei']);
  t.match(stateOf(second.record), { state: 'merged', about: 'price' });
});

t.test('a question that was answered lately gets that answer, unless it was not spoken after all', async (t) => {
  const { answers, ask, stateOf } = waiting();
  answers.remember('price', 'Ten dollars.', 1000);
  const soon = ask('price', 'Anna', 30_000);
  t.notOk(soon.isNew);
  t.match(stateOf(soon.record), { state: 'merged', answer: 'Ten dollars.' });
  answers.forget('price');
  t.ok(ask('price', 'Anna', 31_000).isNew);
});

t.test('refuses a question beyond its room, and expires those that waited a minute', async (t) => {
  const { answers, ask, stateOf } = waiting();
  let n = 0;
  while (!answers.isFull) ask(`question ${(n += 1)}`, 'Anna', n);
  const beyond = ask('one more', 'Anna', n + 1);
  t.notOk(beyond.isNew);
  t.match(stateOf(beyond.record), { state: 'unanswered', reason: 'too many questions are waiting' });
  t.same(
    answers.expire(60_002).map(({ key }) => key),
    ['question 1'],
  );
  t.notOk(answers.has('question 1'));
  t.ok(answers.has('question 2'));
});
