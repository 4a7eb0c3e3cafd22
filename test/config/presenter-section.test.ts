import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { presenterChange } from '../../src/config/api/presenter-handle.js';
import { templatePath } from '../../src/core/files/paths.js';

const room = {
  name: 'two',
  presenter: 'aiko' as unknown,
  layers: [{ id: 'host', type: 'presenter' }] as object[],
  script: { segments: [{ lines: [{ text: 'Hello.' }] }] },
};
const load = (t: Test, over: object): ReturnType<typeof loadRoom> => {
  const file = join(t.testdir(), 'room.json');
  writeFileSync(file, JSON.stringify({ ...room, ...over }));
  return loadRoom(file);
};

t.test('takes a presenter by its name alone', async (t) => {
  const { presenter } = load(t, {});
  t.equal(presenter.pack, templatePath('presenters', 'aiko'));
  t.same(presenter.voice, load(t, { presenter: { pack: 'aiko' } }).presenter.voice);
  t.equal(load(t, { presenter: { pack: 'aiko', look: 'festival' } }).presenter.look, 'festival');
});

t.test('says where the presenter of a room is wrong', async (t) => {
  const file = { presenter: { pack: 'aiko', voice: { rate: 9 } } };
  t.throws(() => load(t, file), { message: /presenter\.voice\.rate/ });
  t.throws(() => load(t, { presenter: { pack: 'aiko', hat: 1 } }), { message: /presenter/ });
});

t.test('puts the assistant on stage with a pack and a layer, and with neither alone', async (t) => {
  const layers = [...room.layers, { id: 'second', type: 'assistant', anchor: 'bottom-right' }];
  const both = load(t, { assistant: { name: 'Wei', pack: 'wei', look: 'suit' }, layers });
  t.equal(both.assistant?.pack, templatePath('presenters', 'wei'));
  t.throws(() => load(t, { assistant: { name: 'Wei' }, layers }), { message: /assistant\.pack/ });
  t.throws(() => load(t, { assistant: { pack: 'wei' } }), { message: /layer of type "assistant"/ });
  t.ok(load(t, { assistant: { name: 'Wei' } }).assistant, 'a voice alone needs neither');
});

t.test('changes presenter, look, or both', async (t) => {
  for (const body of [{ pack: 'leo' }, { look: 'chef' }, { look: null }, { look: { outfit: { kind: 'chef' } } }])
    t.ok(presenterChange.safeParse(body).success, JSON.stringify(body));
  for (const body of [{}, { look: 3 }, { pack: 'leo', hat: 1 }]) t.notOk(presenterChange.safeParse(body).success);
});
