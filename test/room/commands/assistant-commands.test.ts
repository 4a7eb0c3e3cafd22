import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { PackVoices } from '../../../src/avatar/presenter-pack.js';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { silentLog } from '../../../src/core/log.js';
import { frameIndex } from '../../../src/core/time.js';
import { LiveVoices } from '../../../src/show/line-mark.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { Admission } from '../../../src/admission/admission.js';
import { TextJudge } from '../../../src/moderation/index.js';
import type { LoopRequest } from '../../../src/loop/build-frame-loop.js';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import { PresenterCommands, type PresenterParts } from '../../../src/room/commands/presenter-commands.js';
import { RoomSaver } from '../../../src/room/commands/save-room.js';
import { FilmFeeder } from '../../../src/avatar/filmed/film-feeder.js';
import { FilmRing } from '../../../src/avatar/filmed/film-ring.js';
import { PresenterRuntime } from '../../../src/avatar/presenter-runtime.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';
import { frame as drawn, rate } from '../../avatar/presenter-rig.js';
import { drawSqueezedCode, HEIGHT, WIDTH, writePack } from '../../avatar/filmed/film-rig.js';
import { until } from '../../kit/until.js';

const base = {
  name: 'shop',
  presenter: 'aiko',
  layers: [
    { id: 'who', type: 'presenter', height: 150, width: 120 },
    { id: 'second', type: 'assistant', x: 200, height: 150, width: 120 },
  ],
  assistant: { name: 'Kim', pack: 'leo' },
  script: { segments: [{ lines: [{ text: 'Hello' }] }] },
};

async function commandsOf(t: Test, room: Record<string, unknown> = base) {
  const dir = t.testdir({ 'room.json': JSON.stringify(room, null, 2) });
  const file = join(dir, 'room.json');
  const live = new LiveRoomConfig(loadRoom(file));
  const sent: LoopRequest[] = [];
  const history = new EditHistory();
  const onStage = { presenter: { digest: 'host+second', sinceFrame: 0 } };
  const notes: { action?: string }[] = [];
  const asked: string[] = [];
  const assistantVoices = new LiveVoices({ '*': { name: 'old', rate: 1, pitch: 1 } } as PackVoices);
  const filmFeeder = new FilmFeeder(silentLog);
  t.teardown(() => filmFeeder.close());
  const isTwo = live.room.layers.some(({ type }) => type === 'assistant');
  const admission = new Admission({
    kernels: twinKernels(),
    log: silentLog,
    ledger: (entry) => void notes.push(entry),
    judge: new TextJudge({ model: null }),
    room: live.room,
  });
  t.teardown(() => admission.close());
  let at = 0;
  const parts = {
    live,
    history,
    log: silentLog,
    kernels: twinKernels(),
    ffmpegPath: (await findFfmpeg()).path,
    filmFeeder,
    scene: {
      presenterBox: () => ({ x: 0, y: 0, width: 120, height: 150 }),
      assistantBox: () => (isTwo ? { x: 200, y: 0, width: 120, height: 150 } : undefined),
    },
    admission,
    loop: { send: (message: LoopRequest) => void sent.push(message) },
    ledger: { append: (note: { action?: string }) => void notes.push(note) },
    runner: { changePerson: async () => frameIndex(90), revoice: () => undefined },
    speech: {
      voiceFor: async (_language: string, name?: string) => {
        asked.push(name ?? '');
        if (name === 'nobody') throw Object.assign(new Error('no such voice'), { code: 'E_VOICE_UNKNOWN' });
        return { name };
      },
    },
    voices: new LiveVoices({}),
    assistantVoices,
    presenterBitmaps: [1, 2],
    assistantBitmaps: [3, 4],
    onStage,
    onChange: () => undefined,
    frame: () => frameIndex((at += 30)),
    signal: new AbortController().signal,
    soon: () => frameIndex(40),
  } as unknown as PresenterParts;
  return {
    file,
    live,
    sent,
    history,
    onStage,
    notes,
    asked,
    assistantVoices,
    filmFeeder,
    commands: new PresenterCommands(parts),
  };
}

t.test('another assistant takes its place at the next line end, with its own voices, and back by undo', async (t) => {
  const { live, sent, history, onStage, notes, assistantVoices, commands } = await commandsOf(t);
  t.match(await commands.state(), { pack: 'aiko', assistant: { pack: 'leo', look: null, atFrame: null } });
  const after = await commands.put({ role: 'assistant', pack: 'mei' });
  t.match(after, { pack: 'aiko', atFrame: null, assistant: { pack: 'mei', atFrame: 90 } });
  const [scene, presenter] = sent;
  t.match(presenter, {
    type: 'presenter',
    role: 'assistant',
    atFrame: 90,
    fadeFrames: 0,
    presenter: { box: { x: 200 } },
  });
  t.ok(scene?.type === 'scene' && scene.update.removeBitmaps.map(({ id }) => Number(id)).join() === '3,4');
  t.match(onStage.presenter.digest, /^host\+(?!second)/, 'the host stays on stage');
  t.match(notes, [{ action: 'assistant', detail: { pack: 'mei' } }]);
  t.notOk(assistantVoices.voices['*']?.name === 'old', 'the voices of the pack are its own');
  t.equal(live.room.presenter.pack.endsWith('aiko'), true);
  await history.undo();
  t.match(await commands.state(), { assistant: { pack: 'leo' } });
  t.match(sent[3], { type: 'presenter', role: 'assistant' });
});

t.test('a voice alone changes nothing on the picture, and an unknown one nothing at all', async (t) => {
  const { live, sent, asked, commands } = await commandsOf(t);
  await commands.put({ role: 'assistant', voice: { name: 'heart-hugo', rate: 1.1 } });
  t.match(live.room.assistant?.voice, { name: 'heart-hugo', rate: 1.1 });
  t.same(sent, []);
  t.ok(asked.includes('heart-hugo'));
  await t.rejects(commands.put({ role: 'assistant', voice: { name: 'nobody' } }), { code: 'E_VOICE_UNKNOWN' });
  t.match(live.room.assistant?.voice, { name: 'heart-hugo' });
  await commands.put({ role: 'assistant', voice: { name: null } });
  t.equal(live.room.assistant?.voice.name, undefined);
});

t.test('a room without an assistant, or without a place for one, says so', async (t) => {
  const { assistant: _none, ...alone } = { ...base, layers: base.layers.slice(0, 1) };
  const without = await commandsOf(t, alone);
  t.equal((await without.commands.state()).assistant, null);
  await t.rejects(without.commands.put({ role: 'assistant', pack: 'mei' }), { code: 'E_BAD_REQUEST', where: /role/ });
  const voiceOnly = await commandsOf(t, { ...base, layers: base.layers.slice(0, 1), assistant: { name: 'Kim' } });
  t.match((await voiceOnly.commands.state()).assistant, { pack: null });
  await t.rejects(voiceOnly.commands.put({ role: 'assistant', pack: 'mei' }), { code: 'E_BAD_REQUEST', where: /pack/ });
  await voiceOnly.commands.put({ role: 'assistant', voice: { name: 'heart' } });
  t.match(voiceOnly.live.room.assistant?.voice, { name: 'heart' });
});

t.test('the change is written into the room file', async (t) => {
  const { file, live, commands } = await commandsOf(t);
  const saver = new RoomSaver({ room: live.room, layers: () => new Map() });
  await commands.put({ role: 'assistant', pack: 'mei', voice: { name: 'heart' } });
  t.match(await saver.save(), { changed: ['assistant'] });
  t.match(JSON.parse(readFileSync(file, 'utf8')).assistant, { name: 'Kim', pack: 'mei', voice: { name: 'heart' } });
});

t.test('a filmed presenter and a filmed assistant take over on air', async (t) => {
  const { file, live, sent, filmFeeder, commands } = await commandsOf(t);
  const pack = await writePack(join(live.room.dir, 'packs', 'torres'));
  for (const role of ['host', 'assistant'] as const) {
    sent.length = 0;
    const state = await commands.put({ role, pack: 'packs/torres' });
    t.match(role === 'host' ? state : state.assistant, { pack: 'packs/torres', atFrame: 90, looks: [] });
    const message = sent.find((one) => one.type === 'presenter');
    if (message?.type !== 'presenter' || message.presenter.film === undefined) return t.fail(`a film for the ${role}`);
    const { film, sprites } = message.presenter;
    t.ok(new FilmRing(film.control).show(0, film.loopFrom) >= 0, 'its first frames are read ahead');
    // The loop's side of the change: drawn until the frame, filmed from it on.
    const runtime = new PresenterRuntime({ ...message.presenter, film: undefined, sway: [] } as never, rate, 3, 0, {
      kernels: twinKernels(),
    });
    runtime.replace(message.presenter, frameIndex(0));
    const ids = new Set(sprites.map(({ id }) => Number(id)));
    const items = drawn(runtime, 0);
    t.ok(ids.has(items[0]!), 'a frame of the film is drawn');
    runtime.close();
  }
  t.equal(filmFeeder.lateFrames, 0);
  t.ok(pack !== '' && file !== '');
});

t.test('refuses a filmed person who shows a code, and ends the reading of the film', async (t) => {
  const size = { width: WIDTH * 2, height: HEIGHT * 2 };
  const layers = base.layers.map((layer) => ({ ...layer, ...size }));
  const { live, sent, notes, filmFeeder, commands } = await commandsOf(t, { ...base, layers });
  await writePack(join(live.room.dir, 'packs', 'plain'));
  await writePack(join(live.room.dir, 'packs', 'code'), { draw: await drawSqueezedCode('https://evil.example/1') });
  for (const role of ['host', 'assistant'] as const) {
    await t.rejects(commands.put({ role, pack: 'packs/code' }), {
      code: 'E_ASSET_REFUSED',
      where: 'PUT /api/presenter: pack',
      found: /^(qr|undecoded-code)/,
    });
  }
  t.same(sent, [], 'nothing changes on the picture');
  t.match(await commands.state(), { pack: 'aiko', assistant: { pack: 'leo' } });
  t.match(notes, [{ kind: 'admission' }, { kind: 'admission' }], 'the ledger has both refusals');
  await until('the threads that read the film have ended', () => filmFeeder['workers'].size === 0);
  t.match(await commands.put({ pack: 'packs/plain' }), { pack: 'packs/plain' });
});
