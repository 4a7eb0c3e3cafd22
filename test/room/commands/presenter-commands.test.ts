import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { frameIndex } from '../../../src/core/time.js';
import type { LoopRequest } from '../../../src/loop/build-frame-loop.js';
import { LiveVoices } from '../../../src/show/line-mark.js';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import { PresenterCommands, type PresenterParts } from '../../../src/room/commands/presenter-commands.js';
import { RoomSaver } from '../../../src/room/commands/save-room.js';
import { silentLog } from '../../../src/core/log.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';

const room = {
  name: 'shop',
  presenter: 'aiko',
  layers: [{ id: 'who', type: 'presenter', height: 150, width: 120 }],
  script: { segments: [{ lines: [{ text: 'Hello' }] }] },
};

function commandsOf(t: Test) {
  const dir = t.testdir({ 'room.json': JSON.stringify(room, null, 2) });
  const file = join(dir, 'room.json');
  const live = new LiveRoomConfig(loadRoom(file));
  const sent: LoopRequest[] = [];
  const history = new EditHistory();
  const onStage = { presenter: { digest: 'host+second', sinceFrame: 0 } };
  const notes: unknown[] = [];
  let at = 0;
  /** The frame on air when each change was sent. */
  const shownAt: number[] = [];
  const parts = {
    live,
    history,
    log: silentLog,
    kernels: twinKernels(),
    scene: { presenterBox: () => ({ x: 0, y: 0, width: 120, height: 150 }) },
    loop: {
      send: (message: LoopRequest) => {
        sent.push(message);
        if (message.type === 'presenter') shownAt.push(at);
      },
    },
    ledger: { append: (note: unknown) => void notes.push(note) },
    runner: { changePerson: async () => frameIndex(90), revoice: () => undefined },
    speech: { voiceFor: async () => ({ name: 'f2' }) },
    voices: new LiveVoices({}),
    assistantVoices: new LiveVoices({}),
    assistantBitmaps: [],
    presenterBitmaps: [1, 2],
    onStage,
    onChange: () => undefined,
    frame: () => frameIndex((at += 30)),
    signal: new AbortController().signal,
    soon: () => frameIndex(40),
  } as unknown as PresenterParts;
  return { file, live, sent, shownAt, history, onStage, notes, commands: new PresenterCommands(parts) };
}

t.test('changes clothes by a fade at the next line end, and back by undo', async (t) => {
  const { live, sent, history, onStage, notes, commands } = commandsOf(t);
  const before = await commands.state();
  t.match(before, { pack: 'aiko', look: null, atFrame: null });
  t.ok(before.looks[0] === 'festival' && before.looks.includes('lab-coat') && before.packs.length > 120);

  t.match(await commands.put({ look: 'festival' }), { pack: 'aiko', look: 'festival', atFrame: 90 });
  const [scene, presenter] = sent;
  t.match(presenter, { type: 'presenter', atFrame: 90, fadeFrames: 21 });
  t.ok(
    scene?.type === 'scene' && scene.update.removeBitmaps.every(({ atFrame }) => atFrame === 111),
    'freed after the fade',
  );
  t.match(onStage.presenter.digest, /\+second$/, 'the assistant stays on stage');
  t.match(notes, [{ action: 'presenter', detail: { pack: 'aiko', look: 'festival' } }]);
  t.equal(live.room.presenter.look, 'festival');

  await commands.put({ look: 'festival' });
  t.equal(sent.length, 2, 'the same look again changes nothing');
  await history.undo();
  t.match(await commands.state(), { look: null });
  t.match(sent[3], { type: 'presenter', fadeFrames: 21 });
});

t.test('changes one after the other: nothing that is still shown is freed', async (t) => {
  const { sent, commands, shownAt } = commandsOf(t);
  const [first, second] = await Promise.all([commands.put({ look: 'festival' }), commands.put({ look: 'lab-coat' })]);
  t.match([first, second], [{ look: 'festival' }, { look: 'lab-coat' }]);
  const scenes = sent.filter((one) => one.type === 'scene');
  t.equal(scenes.length, 2);
  t.ok(shownAt[1]! > 90 + 21, 'the second waited for the fade of the first');
});

t.test('refuses a look that does not exist and leaves everything as it was', async (t) => {
  const { live, sent, commands } = commandsOf(t);
  await t.rejects(commands.put({ look: 'armour' }), { code: 'E_PRESENTER_INVALID', found: 'armour' });
  await t.rejects(commands.put({ look: { outfit: { kind: 'armour' } } }), { code: 'E_PRESENTER_INVALID' });
  await t.rejects(commands.put({}), { code: 'E_BAD_REQUEST' });
  await t.rejects(commands.put({ look: 7 }), { code: 'E_BAD_REQUEST', where: /look/ });
  t.same(sent, []);
  t.equal(live.room.presenter.look, undefined);
});

t.test('writes the look into a room file whose presenter is a name alone', async (t) => {
  const { file, live } = commandsOf(t);
  const saver = new RoomSaver({ room: live.room, layers: () => new Map() });
  live.set({ presenter: { ...live.room.presenter, look: 'festival' } });
  t.match(await saver.save(), { changed: ['presenter'] });
  t.same(JSON.parse(readFileSync(file, 'utf8')).presenter, { pack: 'aiko', look: 'festival' });
});
