import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { EditHistory, MAX_STEPS } from '../../../../src/engine/room/commands/edit-history.js';

t.test('takes edits back, newest first', async (t) => {
  const history = new EditHistory();
  const values = [0];
  for (const value of [1, 2, 3]) {
    const before = values.at(-1)!;
    values.push(value);
    history.register(`to ${value}`, () => void values.push(before));
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
  for (let i = 0; i < MAX_STEPS + 5; i += 1) history.register(String(i), () => undefined);
  t.equal(history.steps().length, 20);
  t.equal(history.steps().at(-1)!.what, '5');
});

t.test('a step whose inverse fails stays', async (t) => {
  const history = new EditHistory();
  let broken = true;
  history.register('edit', async () => {
    if (broken) throw new Error('refused');
  });
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
  history.register('first', async (requireNewest) => {
    await waits;
    requireNewest();
    values.push('first is back');
  });
  const undoing = history.undo();
  await setImmediate();
  history.register('second', (requireNewest) => {
    requireNewest();
    values.push('second is back');
  });
  turn();
  await t.rejects(undoing, { code: 'E_ROOM_CHANGED', message: /"second", which came meanwhile/ });
  t.match(await history.undo(), { what: 'second' });
  t.match(await history.undo(), { what: 'first' });
  t.same(values, ['second is back', 'first is back']);
});
