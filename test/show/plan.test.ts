import t from 'tap';
import type { LineRequest } from '../../src/show/agenda/agenda-line.js';
import { givesWay, plan, type ShowLines } from '../../src/show/plan.js';
import type { RundownLine } from '../../src/show/rundown.js';

const UNTIL = 60;

const line = (id: string, kind: RundownLine['kind'] = 'script', first = false) =>
  ({ id, kind, position: { round: 0, segment: 0, line: first ? 0 : 1 } }) as unknown as RundownLine;

/** A scheduled line; before it the schedule was free where it begins. */
function placed(one: RundownLine, startFrame: number, endFrame: number) {
  const schedule = { cursor: startFrame, free: startFrame };
  return { line: one, slot: { startFrame, endFrame }, ready: { line: one }, before: { schedule } } as never;
}

const asks = (kind: LineRequest['kind'], more: Partial<LineRequest> = {}): LineRequest => ({
  kind,
  text: 'x',
  ...more,
});

const show = (more: Partial<ShowLines> = {}): ShowLines => ({
  placed: [],
  schedule: { cursor: 30, free: 30 },
  returned: [],
  urgent: undefined,
  script: 'ready',
  held: false,
  resting: false,
  personFrame: 0,
  inARow: 0,
  maxInARow: 3,
  owed: undefined,
  ...more,
});
const step = (more: Partial<ShowLines>, reach = 10) => plan(show(more), { reach, until: UNTIL });

t.test('schedules the script until enough is scheduled', async (t) => {
  t.same(step({}), { do: 'place-script' });
  t.same(step({ schedule: { cursor: 60, free: 60 } }), { do: 'wait' });
  t.same(step({ held: true }), { do: 'wait' }, 'the operator holds it');
  t.same(step({ resting: true }), { do: 'wait' });
  t.same(step({ script: 'none' }), { do: 'end' });
  t.same(step({ script: 'preparing' }), { do: 'place-script' }, 'whoever places it waits for it');
});

t.test('puts an interrupting line first, but not before another person has taken over', async (t) => {
  const urgent = { request: asks('operator', { interrupt: true }), progress: 'ready' } as const;
  const returned = [{ line: line('a~1') }];
  t.same(step({ urgent, returned, schedule: { cursor: 90, free: 90 } }), { do: 'cut-in' });
  t.same(step({ urgent: { ...urgent, progress: 'refused' }, returned }), { do: 'settle' });
  t.same(step({ urgent: { ...urgent, progress: 'preparing' }, returned }), { do: 'place-returned', index: 0 });
  t.same(step({ urgent, personFrame: 11 }), { do: 'place-script' });
});

t.test('says the rest of a cut line before the agenda, and a held script line not at all', async (t) => {
  const urgent = { request: asks('reply'), progress: 'ready' } as const;
  const returned = [{ line: line('a~1') }, { line: line('say-1', 'operator') }];
  t.same(step({ urgent, returned }), { do: 'place-returned', index: 0 });
  t.same(step({ urgent, returned, held: true }), { do: 'place-returned', index: 1 });
  const far = { cursor: 90, free: 90 };
  t.same(step({ returned, schedule: far, placed: [placed(line('say-2', 'operator'), 0, 90)] }), { do: 'wait' });
  t.same(
    step({ returned, schedule: far, placed: [placed(line('b'), 40, 90)] }).do,
    'place-returned',
    'the script yields',
  );
});

t.test('puts the agenda before script lines that have not begun', async (t) => {
  const urgent = { request: asks('reply'), progress: 'ready' } as const;
  const far = { cursor: 90, free: 90 };
  t.same(step({ urgent, schedule: far, placed: [placed(line('a'), 0, 40), placed(line('b'), 40, 90)] }), {
    do: 'place-urgent',
  });
  t.same(
    step({ urgent, schedule: far, placed: [placed(line('a'), 0, 90)] }),
    { do: 'wait' },
    'a line on air ends first',
  );
  t.same(step({ urgent: { ...urgent, progress: 'preparing' } }), { do: 'place-script' });
  t.same(step({ urgent: { ...urgent, progress: 'refused' } }), { do: 'settle' });
});

t.test('gives a due script line its turn after enough lines for viewers', async (t) => {
  const urgent = { request: asks('reply'), progress: 'ready' } as const;
  t.same(step({ urgent, inARow: 3 }), { do: 'place-script' });
  t.same(step({ urgent, inARow: 2 }), { do: 'place-urgent' });
  t.same(step({ urgent, inARow: 3, held: true }), { do: 'place-urgent' }, 'a held script has no turn');
  t.same(step({ urgent: { request: asks('operator'), progress: 'ready' }, inARow: 3 }), { do: 'place-urgent' });
  const more = { request: asks('reply', { continues: true }), progress: 'ready' } as const;
  t.same(step({ urgent: more, inARow: 3 }), { do: 'place-urgent' }, 'an answer goes on');
});

t.test('says a filler only where the script has nothing', async (t) => {
  const urgent = { request: asks('filler'), progress: 'ready' } as const;
  t.same(step({ urgent }), { do: 'place-script' });
  t.same(step({ urgent, script: 'preparing' }), { do: 'place-urgent' });
  t.same(step({ urgent, script: 'none' }), { do: 'place-urgent' });
});

t.test('takes back from a segment on for a line that waits for its end', async (t) => {
  const lines = [
    placed(line('a'), 20, 30),
    placed(line('b', 'script', true), 30, 40),
    placed(line('c'), 40, 50),
  ] as never[];
  const may = givesWay(asks('timed', { after: 'segment' }), { owed: undefined, placed: lines }, 10);
  t.same(lines.map(may), [false, true, true]);
  const owed = line('b');
  const others = [placed(owed, 30, 40), placed(line('c'), 40, 50)] as never[];
  t.same(others.map(givesWay(asks('reply'), { owed, placed: others }, 10)), [false, true], 'whose turn has come stays');
  t.same(others.map(givesWay(asks('operator'), { owed, placed: others }, 10)), [true, true]);
});
