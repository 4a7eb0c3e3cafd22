import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { ReplyWatch } from '../../../src/compliance/watch/reply-watch.js';
import { replyWatch } from '../../../src/config/sections/compliance.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { spokenText } from '../../../src/speech/spoken-text.js';
import { sayLine } from '../../../src/room/commands/typed-lines.js';

const judge = new TextJudge();

/** A room in which only the parts on a line's way are real. */
function desk(): {
  say: (text: string, reply: boolean) => ReturnType<typeof sayLine>;
  noted: LedgerEntry[];
  queued: string[];
} {
  const queued: string[] = [];
  const noted: LedgerEntry[] = [];
  const replies = new ReplyWatch(replyWatch.parse({ perMinute: 4, repeats: 2 }));
  let now = 0;
  const parts = {
    room: { language: 'en', products: [], presenter: { voice: {} } },
    speech: { spoken: spokenText },
    judge,
    agenda: {
      add: ({ text }: { text: string }) => {
        queued.push(text);
        return { id: `l${now}` };
      },
      length: 0,
    },
    ledger: { append: (entry: LedgerEntry) => void noted.push(entry) },
    replies,
    nowMs: () => (now += 1000),
  } as unknown as Parameters<typeof sayLine>[0];
  return { say: (text, reply) => sayLine(parts, text, { reply }), noted, queued };
}

t.test("refuses and records a repeated answer as spam, not a host's line", async (t) => {
  const { say, noted } = desk();
  const text = 'The bottle holds half a litre and fits into the cup holder of your car.';
  t.equal(say(text, true).result, 'queued');
  t.equal(say(text, true).result, 'queued');
  t.match(say(text, true), { result: 'refused', hits: [{ rule: '2.3', kind: 'reply-repeated' }] });
  t.match(noted, [{ rule: '2.3', surface: 'reply', action: 'refuse' }]);
  for (let i = 0; i < 6; i += 1) t.equal(say(text, false).result, 'queued');
});

t.test('refuses a typed line with anything forbidden whole, in plain words, and queues nothing', async (t) => {
  const { say, noted, queued } = desk();
  for (const reply of [true, false]) {
    t.strictSame(say('WhatsApp me +1 415 555 2671', reply), {
      id: '',
      result: 'refused',
      reason: { en: 'phone number / outside contact', zh: '电话号码 / 站外联系方式' },
      hits: [{ rule: '3.2', kind: 'platform', match: 'WhatsApp me +1 415 555 2671' }],
    });
  }
  t.match(say('Paga por Bizum al 612 345 678', false), { reason: { en: 'payment outside the platform' } });
  t.match(say('This is the best mug in the world.', false), {
    reason: { en: 'false, exaggerated or absolute claims' },
  });
  t.strictSame(queued, []);
  t.ok(noted.length >= 4);
  t.ok(
    noted.every(({ action }) => action === 'refuse'),
    'not counted by the risk score',
  );
});

t.test('also judges the line as spoken', async (t) => {
  const { say, queued } = desk();
  t.match(say('Message me on we😀chat.', false), { result: 'refused', hits: [{ rule: '3.2', match: /we😀chat$/ }] });
  t.equal(say('Only $29.99 today 😀', false).result, 'queued');
  t.equal(queued.length, 1);
});

t.test('judges, queues and shows a line without the characters that nobody sees', async (t) => {
  const { say, queued } = desk();
  // Shown from right to left, these groups would change places.
  for (const text of [
    'Whats\u00ad\u2067App\u2069 me +1 4\u200b15 5\ufeff55 2\u{e0041}671',
    'Message me on we\u2060ch\u034fat',
  ])
    t.match(say(text, false), { result: 'refused', hits: [{ rule: '3.2', match: /^[\x20-\x7e]+$/ }] });
  t.equal(say('\u202eThe mug\u202c is\u001b[31m \u200bblue.\r\nReally\ud800 ', false).result, 'queued');
  t.equal(say('می\u200cخواهم 👨\u200d👩\u200d👧', false).result, 'queued', 'joiners are letters of some scripts');
  t.same(queued, ['The mug is [31m blue. Really', 'می\u200cخواهم 👨\u200d👩\u200d👧']);
  t.throws(() => say('\u200b\u2066\u2069 \u001b', false), { code: 'E_BAD_REQUEST' });
});
