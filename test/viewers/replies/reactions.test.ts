import t from 'tap';
import { replyPacks } from '../../../src/viewers/replies/comments/reply-packs.js';
import { namesInWords } from '../../../src/viewers/replies/names/names-in-words.js';
import { TimedTalks } from '../../../src/viewers/replies/timed-talks.js';
import { deskOf } from './desk-of.js';

t.test('gathers viewers into one greeting with two names and a count', async (t) => {
  const room = deskOf();
  const users = ['Anna', 'Miguel Torres', ...Array.from({ length: 12 }, (_, i) => `Viewer ${i}`), 'Anna'];
  await room.tell(users.map((user) => ({ kind: 'enter' as const, user })));
  t.same(room.lines, [], 'waits for the window');
  room.pass(15_000);
  t.equal(room.lines.length, 1);
  t.match(room.lines[0], { kind: 'timed', text: /Anna, Miguel,? and 12 other viewers/ });
  t.ok(room.states().every((state) => state === 'answered'));
});

t.test('limits the rate of each reaction', async (t) => {
  const room = deskOf();
  const names = ['Anna', 'Miguel', 'Sofia', 'Emma', 'Oliver', 'Lucas', 'Julia', 'Thomas'];
  for (let i = 0; i < 60; i += 1) await room.tell([{ kind: 'enter', user: names[i % 8]! }], 5000);
  t.ok(room.lines.length <= 6, `${room.lines.length} greetings in 300 s`);
  t.ok(room.lines.length >= 4);
  t.ok(new Set(room.lines.map(({ text }) => text)).size === room.lines.length);
});

t.test('thanks for gifts and orders with priority, likes and carts without names of strangers’ making', async (t) => {
  const room = deskOf();
  await room.tell([
    { kind: 'order', user: 'www.spam.com' },
    { kind: 'gift', user: 'Anna', text: 'rose', count: 3 },
    { kind: 'like', user: 'WhatsApp 4155552671', count: 500 },
    { kind: 'follow', user: 'Oliver' },
    { kind: 'cart', user: '' },
  ]);
  room.pass(60_000);
  t.same(room.lines.map(({ kind }) => kind).toSorted(), ['order', 'order', 'timed', 'timed', 'timed']);
  const said = room.lines.map(({ text }) => text).join(' ');
  t.match(said, /Anna/);
  t.match(said, /Oliver/);
  t.notMatch(said, /spam|WhatsApp|415/i);
});

t.test('takes own texts, and none when switched off', async (t) => {
  const room = deskOf({
    config: { reactions: { enter: { texts: { en: { named: ['Glad to see {names}.'] } } }, like: { enabled: false } } },
  });
  await room.tell([{ kind: 'enter' }, { kind: 'like' }]);
  room.pass(60_000);
  t.match(room.lines, [{ text: 'Glad to see Anna.' }]);
  t.equal(room.last().state, 'ignored');
});

t.test('counts the others in the forms of each language', async (t) => {
  const said = (language: string, viewers: number): string | undefined =>
    namesInWords(['Anna', 'Oliver'], viewers, replyPacks().get(language)!, () => true);
  t.equal(said('en', 1 + 2), 'Anna, Oliver, and 1 other viewer');
  t.equal(said('pl', 2 + 3), 'Anna, Oliver i jeszcze 3 osoby');
  t.equal(said('pl', 2 + 7), 'Anna, Oliver i jeszcze 7 osób');
  t.match(said('ar', 2 + 2), /مشاهدان آخران/);
  t.equal(said('zh', 2 + 12), 'Anna、Oliver和另外12位观众');
  t.equal(
    namesInWords(['张伟'], 1, replyPacks().get('en')!, () => true),
    undefined,
    'an English voice cannot read it',
  );
});

t.test('speaks timed lines at intervals and once at a time of day', async (t) => {
  const talk = { variants: [], role: 'host' as const };
  const at = (hours: number, minutes: number, day = 1): Date => new Date(2026, 0, day, hours, minutes);
  const talks = new TimedTalks(
    [
      { ...talk, text: 'A', variants: ['B'], everyMs: 10_000 },
      { ...talk, text: 'Half past eight.', at: '20:30' },
    ],
    0,
    at(20, 0),
  );
  const due = (nowMs: number, local: Date): string[] => talks.due(nowMs, local).map(({ text }) => text);
  t.same(due(5000, at(20, 0)), []);
  t.same(due(10_000, at(20, 0)), ['A']);
  t.same(due(15_000, at(20, 30)), ['Half past eight.']);
  t.same(due(16_000, at(20, 30)), [], 'once');
  t.same(due(20_000, at(20, 31)), ['B']);
  t.same(due(30_001, at(20, 30, 2)), ['A', 'Half past eight.'], 'again the next day');
  const late = new TimedTalks([{ ...talk, text: 'Late.', at: '20:30' }], 0, at(20, 30));
  t.same(late.due(1, at(20, 30)), [], 'a room that starts after it waits for tomorrow');
});
