import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { EditHistory, MAX_STEPS } from '../../../src/room/commands/edit-history.js';

const nothing = { undo: () => undefined, redo: () => undefined };

t.test('takes edits back, newest first', async (t) => {
  const history = new EditHistory();
  const values = [0];
  for (const value of [1, 2, 3]) {
    const before = values.at(-1)!;
    values.push(value);
    history.register({
      what: `to ${value}`,
      undo: () => void values.push(before),
      redo: () => void values.push(value),
    });
  }
  t.match(history.steps(), [{ what: 'to 3' }, { what: 'to 2' }, { what: 'to 1' }]);
  t.match(await history.undo(), { what: 'to 3' });
  t.equal(values.at(-1), 2);
  await Promise.all([history.undo(), history.undo()]);
  t.equal(values.at(-1), 0);
  await t.rejects(history.undo(), { code: 'E_NOT_FOUND' });
});

t.test('remembers twenty edits', async (t) => {
  const history = new EditHistory();
  for (let i = 0; i < MAX_STEPS + 5; i += 1) history.register({ what: String(i), ...nothing });
  t.equal(history.steps().length, 20);
  t.equal(history.steps().at(-1)!.what, '5');
});

t.test('a step whose inverse fails stays', async (t) => {
  const history = new EditHistory();
  let broken = true;
  const undo = async (): Promise<void> => {
    if (broken) throw new Error('refused');
  };
  history.register({ ...nothing, what: 'edit', undo });
  await t.rejects(history.undo(), /refused/);
  t.equal(history.steps().length, 1);
  broken = false;
  await history.undo();
  t.equal(history.steps().length, 0);
});

t.test('an inverse learns that another edit came before its turn', async (t) => {
  const history = new EditHistory();
  const values: string[] = [];
  let turn = (): void => undefined;
  const waits = new Promise<void>((resolve) => (turn = resolve));
  history.register({
    ...nothing,
    what: 'first',
    undo: async (requireNewest) => {
      await waits;
      requireNewest();
      values.push('first is back');
    },
  });
  const undoing = history.undo();
  await setImmediate();
  history.register({
    ...nothing,
    what: 'second',
    undo: (requireNewest) => {
      requireNewest();
      values.push('second is back');
    },
  });
  turn();
  await t.rejects(undoing, { code: 'E_ROOM_CHANGED', message: /"second", which came meanwhile/ });
  t.match(await history.undo(), { what: 'second' });
  t.match(await history.undo(), { what: 'first' });
  t.same(values, ['second is back', 'first is back']);
});

t.test('makes edits again in their order, until another edit comes', async (t) => {
  const history = new EditHistory();
  let value = 0;
  const set = (to: number): void => {
    const before = value;
    value = to;
    history.register({ what: `to ${to}`, undo: () => void (value = before), redo: () => void (value = to) });
  };
  for (const to of [1, 2, 3]) set(to);
  await history.undo();
  await history.undo();
  t.equal(value, 1);
  t.match(history.undone(), [{ what: 'to 2' }, { what: 'to 3' }]);
  t.match(await history.redo(), { what: 'to 2' });
  t.equal(value, 2);
  t.match(await history.undo(), { what: 'to 2' }, 'an edit made again can be taken back again');
  set(7);
  t.same(history.undone(), [], 'what came before the new edit is gone');
  await t.rejects(history.redo(), { code: 'E_NOT_FOUND', message: /taken back/ });
  t.equal(value, 7);
});

t.test('counts the edits of one gesture as one step', async (t) => {
  const history = new EditHistory();
  let x = 0;
  const move = (to: number, gesture?: string): void => {
    const before = x;
    x = to;
    history.register({ what: 'layer', undo: () => void (x = before), redo: () => void (x = to), gesture });
  };
  for (const to of [10, 20, 30]) move(to, 'drag-1');
  for (const to of [40, 50]) move(to, 'drag-2');
  t.equal(history.steps().length, 2);
  await history.undo();
  t.equal(x, 30);
  await history.undo();
  t.equal(x, 0);
  await history.redo();
  t.equal(x, 30, 'where the gesture ended');
  move(31, 'drag-1');
  t.equal(history.steps().length, 2, 'a gesture that was taken back is over');
});
