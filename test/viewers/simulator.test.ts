import t from 'tap';
import { viewerEvent, type ViewerEvent } from '../../src/config/api/events-handle.js';
import { simulatedViewers, HOSTILE } from '../../src/viewers/simulator/simulated-viewers.js';
import { deskOf } from './replies/desk-of.js';

const first = (seed: number, count: number, run = 'a'): ViewerEvent[] => {
  const viewers = simulatedViewers(seed, run);
  return Array.from({ length: count }, () => viewers.next().value);
};

t.test('plays the same events for the same seed, with ids of their own for each run', async (t) => {
  t.same(first(7, 200), first(7, 200));
  t.notSame(first(7, 20), first(8, 20));
  t.same(
    first(7, 20, 'b').map(({ text }) => text),
    first(7, 20).map(({ text }) => text),
  );
  t.equal(new Set([...first(7, 200), ...first(7, 200, 'b')].map(({ id }) => id)).size, 400);
  for (const event of first(3, 300)) t.ok(viewerEvent.safeParse(event).success);
});

t.test('plays every kind of event, questions in three languages and hostile ones', async (t) => {
  const events = first(1, 400);
  t.equal(new Set(events.map(({ kind }) => kind)).size, 7);
  const all = events.map(({ text = '' }) => text).join(' ');
  t.match(all, /How much/);
  t.match(all, /多少钱/);
  t.match(all, /¿Cuánto/);
  t.ok(events.some(({ text }) => HOSTILE.includes(text ?? '')));
});

t.test('has every hostile comment recognised by the room', async (t) => {
  const room = deskOf();
  for (const [i, text] of HOSTILE.entries()) {
    await room.tell([{ user: `viewer ${i}`, text }]);
    t.equal(room.last().state, 'hostile', text);
  }
  t.same(room.lines, []);
});
