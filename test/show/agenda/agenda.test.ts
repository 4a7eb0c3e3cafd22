import t from 'tap';
import { Agenda, KIND_LIMITS, MAX_WAITING_LINES } from '../../../src/show/agenda/agenda.js';
import type { LineOutcome, LineRequest } from '../../../src/show/agenda/agenda-line.js';

/** An agenda with a clock of its own; `told` are the outcomes by text. */
function desk() {
  let nowMs = 0;
  const told: [string, LineOutcome][] = [];
  const agenda = new Agenda(() => nowMs);
  const add = (kind: LineRequest['kind'], text: string, more: Partial<LineRequest> = {}) =>
    agenda.add({ kind, text, onOutcome: (outcome) => void told.push([text, outcome]), ...more });
  return { agenda, add, told, wait: (ms: number) => void (nowMs += ms) };
}

t.test('speaks the most urgent kind first, older lines of a kind before newer ones', async (t) => {
  const { agenda, add } = desk();
  add('filler', 'hm');
  add('reply', 'a');
  add('timed', 'b');
  add('reply', 'c');
  add('order', 'd');
  add('urgent', 'e');
  add('operator', 'f');
  t.same(
    agenda.items().map(({ text }) => text),
    ['f', 'e', 'd', 'a', 'c', 'b', 'hm'],
  );
  add('timed', 'now', { interrupt: true });
  t.equal(agenda.peek(false)?.request.text, 'now', 'an interrupting line comes before all others');
});

t.test('answers the newest question first where many wait, but keeps the answer that is being prepared', async (t) => {
  const { agenda, add, wait } = desk();
  const next = (): string | undefined => agenda.peek(true)?.request.text;
  const speak = (): void =>
    void agenda.settle(agenda.peek(true)!.id, { outcome: 'scheduled', startFrame: 0, endFrame: 1 });
  for (const text of ['first', 'second']) {
    add('reply', text);
    wait(1000);
  }
  t.equal(next(), 'first', 'two are answered in turn');
  for (const text of ['third', 'fourth']) {
    add('reply', text);
    wait(1000);
  }
  t.equal(next(), 'first', 'the one that is being prepared');
  t.same(
    agenda.items().map(({ text }) => text),
    ['first', 'fourth', 'third', 'second'],
  );
  speak();
  t.equal(next(), 'fourth');
  add('order', 'thanks');
  t.equal(next(), 'thanks', 'more urgent kinds still come before');
  speak();
  add('reply', 'now', { interrupt: true });
  t.equal(next(), 'now');
  speak();
  t.equal(next(), 'fourth');
  speak();
  t.equal(next(), 'second', 'two again: in turn');
});

t.test('numbers lines by kind', async (t) => {
  const { add } = desk();
  t.same(
    [add('operator', 'a'), add('operator', 'b'), add('filler', 'c'), add('reply', 'd')],
    [{ id: 'say-1' }, { id: 'say-2' }, { id: 'fill-1' }, { id: 'reply-1' }],
  );
});

t.test('keeps a line for the end of the segment until then', async (t) => {
  const { agenda, add } = desk();
  add('operator', 'later', { after: 'segment' });
  t.equal(agenda.peek(false), undefined);
  add('reply', 'soon');
  t.equal(agenda.peek(false)?.request.text, 'soon');
  t.equal(agenda.peek(true)?.request.text, 'later');
});

t.test('forgets a line that has waited longer than its kind allows, and never an operator’s', async (t) => {
  const { agenda, add, told, wait } = desk();
  add('order', 'thanks');
  add('reply', 'answer');
  add('reply', 'short', { maxWaitMs: 1000 });
  add('operator', 'mine');
  wait(1001);
  t.equal(agenda.length, 4);
  agenda.items();
  t.same(
    told.map(([text]) => text),
    ['short'],
  );
  wait(29_000);
  t.equal(agenda.peek(true)?.request.text, 'mine');
  t.same(told.at(-1), ['thanks', { outcome: 'forgotten', reason: 'waited longer than 30 s' }]);
  wait(15_000);
  t.same(
    agenda.items().map(({ text }) => text),
    ['mine'],
  );
  wait(24 * 3_600_000);
  t.equal(agenda.items()[0]?.waitedMs, 24 * 3_600_000 + 45_001);
  t.match(agenda.counters, { added: 4, forgotten: 3, spoken: 0 });
});

t.test('answers viewers between the thanks of a crowd that buys', async (t) => {
  const { agenda, add, wait } = desk();
  const said: string[] = [];
  add('reply', 'answer');
  for (let i = 0; i < 3; i += 1) {
    add('order', `thanks ${i}`);
    add('order', `gift ${i}`);
    if (i === 2) add('reply', 'another');
    const { id, request } = agenda.peek(false)!;
    said.push(request.text);
    agenda.settle(id, { outcome: 'scheduled', startFrame: 0, endFrame: 1 });
    wait(4000);
  }
  t.same(said, ['thanks 0', 'answer', 'gift 0']);
  t.equal(agenda.peek(false)?.request.text, 'another');
});

t.test('displaces the oldest line of a full kind, and refuses an operator’s beyond the limit', async (t) => {
  const { agenda, add, told } = desk();
  const { maxLines } = KIND_LIMITS.reply;
  for (let i = 0; i <= maxLines; i += 1) t.ok(add('reply', `r${i}`));
  t.match(told, [['r0', { outcome: 'displaced' }]]);
  for (let i = 0; i < KIND_LIMITS.operator.maxLines; i += 1) t.ok(add('operator', `o${i}`));
  t.equal(add('operator', 'one too many'), undefined);
  t.equal(told.length, 1, 'the caller already knows of a refused line');
  t.match(agenda.counters, { displaced: 1, refused: 1 });
});

t.test('displaces the oldest of the least urgent lines when the agenda is full', async (t) => {
  const { agenda, add, told } = desk();
  for (let i = 0; i < 50; i += 1) add('takeover', `k${i}`);
  for (let i = 0; i < 20; i += 1) add('order', `o${i}`);
  for (let i = 0; i < 20; i += 1) add('reply', `r${i}`);
  for (let i = 0; i < 10; i += 1) add('timed', `t${i}`);
  t.equal(agenda.length, MAX_WAITING_LINES);
  t.ok(add('operator', 'mine'));
  t.match(told, [['t0', { outcome: 'displaced' }]]);
  t.equal(add('filler', 'hm'), undefined, 'less urgent than all others');
  t.equal(agenda.length, MAX_WAITING_LINES);
});

t.test('reports each outcome once', async (t) => {
  const { agenda, add, told } = desk();
  const { id } = add('operator', 'a')!;
  const other = add('operator', 'b')!;
  t.ok(agenda.cancel(id));
  t.notOk(agenda.cancel(id));
  t.ok(agenda.settle(other.id, { outcome: 'scheduled', startFrame: 10, endFrame: 20 }));
  t.notOk(agenda.cancel(other.id), 'it no longer waits');
  t.match(told, [
    ['a', { outcome: 'cancelled' }],
    ['b', { outcome: 'scheduled', startFrame: 10 }],
  ]);
  t.match(agenda.counters, { added: 2, spoken: 1, cancelled: 1 });
});
