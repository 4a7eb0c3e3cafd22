import t from 'tap';
import { TextJudge } from '../../../../src/moderation/text-judge.js';
import { ReplyWatch } from '../../../../src/compliance/watch/reply-watch.js';
import { replyWatch } from '../../../../src/config/compliance/watch.js';
import type { LedgerEntry } from '../../../../src/core/verdict.js';
import { spokenText } from '../../../../src/speech/spoken-text.js';
import { sayLine } from '../../../../src/engine/room/commands/say-line.js';

const judge = new TextJudge();

/** A room of which only that is real which a line meets on its way. */
function desk(): { say: (text: string, reply: boolean) => ReturnType<typeof sayLine>; noted: LedgerEntry[] } {
  const noted: LedgerEntry[] = [];
  const replies = new ReplyWatch(replyWatch.parse({ perMinute: 4, repeats: 2 }));
  let now = 0;
  const parts = {
    room: { language: 'en', products: [], presenter: { voice: {} } },
    speech: { spoken: spokenText },
    judge,
    rundown: { insert: () => ({ id: `l${now}` }), waiting: 0 },
    ledger: { append: (entry: LedgerEntry) => void noted.push(entry) },
    replies,
    nowMs: () => (now += 1000),
  } as unknown as Parameters<typeof sayLine>[0];
  return { say: (text, reply) => sayLine(parts, text, { reply }), noted };
}

t.test('an answer that comes again and again is refused as spam and noted, a line of the host is not', async (t) => {
  const { say, noted } = desk();
  const text = 'The bottle holds half a litre and fits into the cup holder of your car.';
  t.equal(say(text, true).result, 'queued');
  t.equal(say(text, true).result, 'queued');
  t.match(say(text, true), { result: 'refused', hits: [{ rule: '2.3', kind: 'reply-repeated' }] });
  t.match(noted, [{ rule: '2.3', surface: 'reply', action: 'refuse' }]);
  for (let i = 0; i < 6; i += 1) t.equal(say(text, false).result, 'queued');
});

t.test('an answer with a forbidden word is not given at all, where a line would be muted', async (t) => {
  const { say } = desk();
  const text = 'Just message me on WhatsApp for the price.';
  t.equal(say(text, true).result, 'refused');
  t.equal(say(text, false).result, 'muted');
});

t.test('what the voice makes of a line is judged as well', async (t) => {
  const { say } = desk();
  t.match(say('Message me on we😀chat.', false), { result: 'muted', hits: [{ rule: '3.2', match: /we😀chat$/ }] });
  t.equal(say('Only $29.99 today 😀', false).result, 'queued');
});
