import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Admission } from '../../../src/admission/admission.js';
import { FilmFeeder } from '../../../src/avatar/filmed/film-feeder.js';
import { FilmRing } from '../../../src/avatar/filmed/film-ring.js';
import type { PackVoices } from '../../../src/avatar/presenter-pack.js';
import { PresenterRuntime } from '../../../src/avatar/presenter-runtime.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { absoluteIn, resolveLayer } from '../../../src/config/resolve-room.js';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import { type Layer, layer as layerSchema } from '../../../src/config/sections/layer.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { silentLog } from '../../../src/core/log.js';
import { frameIndex } from '../../../src/core/time.js';
import { REPLACE_CAUSES, type ReplaceCause } from '../../../src/core/verdict.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import type { LoopRequest } from '../../../src/loop/build-frame-loop.js';
import { LoopBoard, newLoopBoardBuffers } from '../../../src/loop/loop-board.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';
import { AudioCommands, type AudioParts } from '../../../src/room/commands/audio-commands.js';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import { PresenterCommands, type PresenterParts } from '../../../src/room/commands/presenter-commands.js';
import { RepliesCommands } from '../../../src/room/commands/replies-commands.js';
import { LlmCommands, RoomCommands } from '../../../src/room/commands/room-commands.js';
import { RoomSaver } from '../../../src/room/commands/save-room.js';
import { LiveVoices } from '../../../src/show/line-mark.js';
import { SpeechService } from '../../../src/speech/speech-service.js';
import { LlmBudget } from '../../../src/writer/llm/chat-client.js';
import { drawSqueezedCode, HEIGHT, WIDTH, writePack } from '../../avatar/filmed/film-rig.js';
import { frame as drawn, rate } from '../../avatar/presenter-rig.js';
import { chatServer, streamed } from '../../kit/chat-server.js';
import { ffmpeg } from '../../kit/on-air.js';
import { until } from '../../kit/until.js';

t.test('assistant commands', async (t) => {
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
    const cutsAsked: boolean[] = [];
    const running: unknown[] = [{ id: 'live' }];
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
      runner: {
        changePerson: async (_soon: unknown, cuts: boolean) => {
          cutsAsked.push(cuts);
          return frameIndex(90);
        },
        revoice: () => undefined,
      },
      outputs: { snapshots: () => running },
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
      cutsAsked,
      running,
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

  t.test('cuts the line only where no output takes the show', async (t) => {
    const { commands, cutsAsked, running } = await commandsOf(t);
    await commands.put({ role: 'assistant', pack: 'mei' });
    running.length = 0;
    await commands.put({ role: 'assistant', pack: 'leo' });
    t.same(cutsAsked, [false, true]);
  });

  t.test('says how much of a new person is drawn', async (t) => {
    const folder = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = t.testdir();
    t.teardown(() => {
      if (folder === undefined) delete process.env['XDG_CACHE_HOME'];
      else process.env['XDG_CACHE_HOME'] = folder;
    });
    const { commands } = await commandsOf(t);
    t.equal((await commands.state()).drawing, null);
    const shares: (number | null)[] = [];
    let isOver = false;
    const change = commands.put({ role: 'assistant', pack: 'mei' }).finally(() => (isOver = true));
    while (!isOver) {
      shares.push((await commands.state()).drawing);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    t.equal((await change).drawing, null, 'nobody is drawn afterwards');
    const drawn = shares.filter((share) => share !== null);
    t.ok(
      drawn.some((share) => share > 0 && share < 1),
      drawn.join(' '),
    );
    t.same(
      drawn,
      drawn.toSorted((a, b) => a - b),
      'it only grows',
    );
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
    await t.rejects(voiceOnly.commands.put({ role: 'assistant', pack: 'mei' }), {
      code: 'E_BAD_REQUEST',
      where: /pack/,
    });
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
      if (message?.type !== 'presenter' || message.presenter.film === undefined)
        return t.fail(`a film for the ${role}`);
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
});

t.test('audio commands', async (t) => {
  const room = {
    name: 'shop',
    language: 'en',
    presenter: { pack: 'mei' },
    layers: [{ id: 'who', type: 'presenter' }],
    script: { segments: [{ lines: [{ text: 'Hello' }] }] },
  };

  // One for all tests of the file: its synthesisers take seconds to start.
  const speech = new SpeechService({ log: silentLog });
  t.teardown(() => speech.close());

  function commandsOf(t: Test, more: object = {}) {
    const dir = t.testdir({ 'room.json': JSON.stringify({ ...room, ...more }) });
    const live = new LiveRoomConfig(loadRoom(join(dir, 'room.json')));
    const sent: LoopRequest[] = [];
    const history = new EditHistory();
    const audio = new AudioCommands({
      live,
      history,
      speech,
      ffmpegPath: ffmpeg,
      frame: () => 7,
      signal: new AbortController().signal,
      loop: { send: (message: LoopRequest) => void sent.push(message) },
      ledger: { append: () => undefined },
    } as unknown as AudioParts);
    return { dir, live, sent, history, audio };
  }

  t.test('plays an embedded track, changes its gain, stops it and brings it back', async (t) => {
    const { live, sent, audio, history } = commandsOf(t);
    const { music, tracks } = await audio.state();
    t.equal(music, null);
    t.equal(tracks.length, 12);
    t.ok(tracks.includes('calm'));
    t.match(await audio.patch({ music: { src: 'calm', gainDb: -20 } }), {
      music: { src: 'calm', gainDb: -20, instrumental: true },
    });
    const [first] = sent;
    t.ok(first?.type === 'audio' && (first.music?.pcm.length ?? 0) > 48_000, 'the loop gets the samples');
    await audio.patch({ music: { gainDb: -12 }, duckDb: -6 });
    t.match(sent[1], { type: 'audio', audio: { duckDb: -6, music: { gainDb: -12 } } });
    t.notOk('music' in sent[1]!, 'the track stays');
    await audio.patch({ music: { on: false } });
    t.match(sent[2], { music: null });
    t.equal(live.room.audio.music, undefined);
    t.match(await audio.patch({ music: { on: true } }), { music: { src: 'calm', gainDb: -12 } });
    t.equal(history.steps().length, 4);
    await history.undo();
    t.match(await audio.state(), { music: null });
    await history.undo();
    t.match(await audio.state(), { music: { src: 'calm', gainDb: -12 }, duckDb: -6 });
  });

  t.test('refuses music that is unknown, elsewhere, or may have words', async (t) => {
    const { audio, sent, dir, live } = commandsOf(t);
    copyFileSync(templatePath('music', 'calm.flac'), join(dir, 'own.flac'));
    await t.rejects(audio.patch({ music: { on: true } }), { code: 'E_BAD_REQUEST' });
    await t.rejects(audio.patch({ music: { src: 'nothing.flac', instrumental: true } }), { code: 'E_ASSET_MISSING' });
    await t.rejects(audio.patch({ music: { src: '/etc/passwd', instrumental: true } }), { code: 'E_ASSET_MISSING' });
    await t.rejects(audio.patch({ music: { src: 'own.flac' } }), { code: 'E_ROOM_REFUSED' });
    await t.rejects(audio.patch({ music: { src: 'room.json', instrumental: true } }), { code: 'E_ASSET_INVALID' });
    await t.rejects(audio.patch({ music: { gainDb: 90 } }), { code: 'E_BAD_REQUEST', where: /gainDb/ });
    t.same(sent, [], 'nothing changed');
    t.equal(live.room.audio.music, undefined);
    t.match(await audio.patch({ music: { src: 'own.flac', instrumental: true } }), { music: { src: 'own.flac' } });
  });

  t.test('changes the voice of coming lines', async (t) => {
    const { audio, live } = commandsOf(t);
    const before = live.room.presenter;
    t.match(await audio.patch({ voice: { rate: 1.2, name: null } }), { voice: { rate: 1.2, pitch: 1 } });
    t.not(live.room.presenter, before, 'prepared lines are spoken again');
    t.equal(live.room.presenter.pack, before.pack);
    await t.rejects(audio.patch({ voice: { name: 'nobody-at-all' } }), { code: 'E_VOICE_UNKNOWN' });
    t.equal(live.room.presenter.voice.rate, 1.2);
    const voice = live.room.presenter;
    await audio.patch({ duckDb: -5 });
    t.equal(live.room.presenter, voice, 'another change leaves the voice alone');
  });

  t.test('leaves a cloud voice without its settings, and keeps a presenter that changed meanwhile', async (t) => {
    const voice = { provider: 'openai', name: 'alloy', model: 'tts-1', apiKey: '${VOICE_KEY}', fallback: [{}] };
    const { audio, live } = commandsOf(t, { presenter: { pack: 'mei', voice } });
    const change = audio.patch({ voice: { provider: 'heart', name: 'heart' } });
    live.set({ presenter: { ...live.room.presenter, look: 'chef' } as typeof live.room.presenter });
    const now = (await change).voice as Record<string, unknown>;
    t.match(now, { provider: 'heart', name: 'heart' });
    t.notOk('apiKey' in now || 'model' in now || 'fallback' in now);
    t.equal(live.room.presenter.look, 'chef');
    const own = commandsOf(t, { presenter: { pack: 'mei', voice } });
    const chosen = (await own.audio.patch({ voice: { provider: null, name: 'heart' } })).voice;
    t.same(chosen, { name: 'heart', rate: 1, pitch: 1 }, 'a voice of the gallery, without the service');
    await own.history.undo();
    t.match((await own.audio.state()).voice, voice, 'and back');
    await t.rejects(audio.patch({ voice: { provider: 'azure', name: 'x' } }), {
      code: 'E_BAD_REQUEST',
      where: /apiKey/,
    });
  });
});

t.test('replies commands', async (t) => {
  const room = {
    name: 'shop',
    presenter: 'aiko',
    layers: [{ id: 'who', type: 'presenter' }],
    script: { segments: [{ lines: [{ text: 'Hello' }] }] },
    replies: { rules: [{ id: 'ship', match: 'ship', answers: ['Sea and air, the page has the terms.'] }] },
  };

  function commandsOf(t: Test, more: object = {}) {
    const dir = t.testdir({ 'room.json': JSON.stringify({ ...room, ...more }, null, 2) });
    const file = join(dir, 'room.json');
    const live = new LiveRoomConfig(loadRoom(file, { withoutKeys: true }));
    const history = new EditHistory();
    const changes: number[] = [];
    const common = { live, history, onChange: () => void changes.push(live.room.replies.rules.length) };
    const ledger = { append: () => undefined } as never;
    const replies = new RepliesCommands({ ...common, judge: new TextJudge(), ledger, frame: () => frameIndex(0) });
    const budget = new LlmBudget(() => Date.UTC(2026, 0, 1));
    const llm = new LlmCommands({ ...common, budget, signal: new AbortController().signal, env: {} });
    const saver = new RoomSaver({ room: live.room, layers: () => new Map() });
    const saved = async () => {
      await saver.save();
      return JSON.parse(readFileSync(file, 'utf8')) as { replies: object; llm?: object };
    };
    return { live, history, changes, replies, llm, budget, saved };
  }

  t.test('changes how viewers are answered, at once and back again, and saves only what differs', async (t) => {
    const { live, history, changes, replies, saved } = commandsOf(t);
    const rules = [...live.room.replies.rules, { id: 'logo', match: 'logo', answers: ['Yes, from 500 pieces.'] }];
    t.match(await replies.patch({ rules, reactions: { enter: { minGapMs: 40_000 } } }), { minGapMs: 4000 });
    t.same(changes, [2], 'the desk follows');
    t.match(live.room.replies, { rules: [{ id: 'ship' }, { id: 'logo', quietMs: 30_000 }] });
    t.same((await saved()).replies, {
      rules: [
        { id: 'ship', match: 'ship', answers: ['Sea and air, the page has the terms.'] },
        { id: 'logo', match: 'logo', answers: ['Yes, from 500 pieces.'] },
      ],
      reactions: { enter: { minGapMs: 40_000 } },
    });
    await history.undo();
    t.equal(live.room.replies.rules.length, 1);
    await history.redo();
    t.equal(live.room.replies.reactions.enter.minGapMs, 40_000);
    t.same(changes, [2, 1, 2]);
  });

  t.test('refuses words that must not be spoken, with the rule, and changes nothing', async (t) => {
    const { live, replies, history } = commandsOf(t);
    const refused = { code: 'E_TEXT_REFUSED', details: { reason: { en: /contact/, zh: /联系方式/ } } };
    await t.rejects(
      replies.patch({ rules: [{ id: 'a', match: 'a', answers: ['Ask us on WhatsApp +1 415 555 2671.'] }] }),
      {
        ...refused,
        where: 'PATCH /api/replies: rules[0].answers[0]',
      },
    );
    await t.rejects(replies.patch({ timedTalk: [{ everyMs: 60_000, text: 'Mail sales@shop.example now.' }] }), refused);
    const plain = ['Welcome, add us on WhatsApp +1 415 555 2671!'];
    await t.rejects(replies.patch({ reactions: { enter: { texts: { en: { named: [], plain } } } } }), refused);
    await t.rejects(replies.patch({ minGapMs: 'soon' }), {
      code: 'E_BAD_REQUEST',
      where: 'PATCH /api/replies: minGapMs',
    });
    const twice = { id: 'a', match: 'a', answers: [] };
    await t.rejects(replies.patch({ rules: [twice, twice] }), { code: 'E_BAD_REQUEST', found: '"a" again' });
    t.equal(live.room.replies.rules[0]!.id, 'ship');
    t.equal(history.steps().length, 0);
  });

  t.test('tries the language model, counts its cost, and stops at the limit of the day', async (t) => {
    const { llm, budget, saved, history } = commandsOf(t);
    t.match(await llm.test(), { ok: false, fault: 'no language model is set' });
    const usage = { prompt_tokens: 1000, completion_tokens: 500 };
    const server = await chatServer(streamed('{"answer":"Ready to help."}', 'stop', usage));
    t.teardown(() => server.close());
    const section = { baseUrl: server.baseUrl, model: 'small', price: { input: 100, output: 200 }, maxUsdPerDay: 0.1 };
    t.match(await llm.patch(section), { llm: { model: 'small' }, off: null, today: { usd: 0 } });
    t.match(await llm.test(), { ok: true, answer: 'Ready to help.', fault: null });
    t.match(llm.state(), { today: { requests: 1, inputTokens: 1000, usd: 0.2 }, off: /limit of 0\.10 US dollars/ });
    t.match(await llm.test(), { ok: false, fault: /limit/ });
    t.equal(server.seen.length, 1, 'nothing is sent beyond the limit');
    t.match((await saved()).llm, section);
    await t.rejects(llm.patch({ apiKey: 'sk-123' }), { code: 'E_BAD_REQUEST', where: 'PATCH /api/llm: apiKey' });
    t.match(await llm.patch({ apiKey: '${NO_KEY}' }), { off: /NO_KEY is not set/ });
    t.match(await llm.patch(null), { llm: null });
    await history.undo();
    t.match(llm.state().llm, { model: 'small' });
    t.equal(budget.maxUsd, 0.1);
  });
});

t.test('room commands', async (t) => {
  function rig() {
    const board = new LoopBoard(newLoopBoardBuffers());
    const sent: object[] = [];
    const noted: object[] = [];
    const kept: boolean[][] = [];
    const risk = {
      atLimit: false,
      score: 2.5,
      clear(): number {
        const before = this.score;
        Object.assign(this, { atLimit: false, score: 0 });
        return before;
      },
    };
    const words = { holding: false };
    const secondOpinion = { holding: false };
    const show = { stalled: false, frame: 100 };
    const parts = {
      loop: { board, send: (message: object) => sent.push(message) },
      ledger: { append: (entry: object) => noted.push(entry) },
      resume: { muted: false, blanked: false, saveCommands: (...state: boolean[]) => kept.push(state) },
      risk,
      words,
      secondOpinion,
    } as unknown as ConstructorParameters<typeof RoomCommands>[0];
    const commands = new RoomCommands(
      parts,
      () => show.stalled,
      () => frameIndex(show.frame),
    );
    const left = (cause?: ReplaceCause): void =>
      board.set('slateCause', cause === undefined ? 0 : REPLACE_CAUSES.indexOf(cause) + 1);
    return { commands, risk, words, secondOpinion, show, sent, noted, kept, left };
  }

  t.test('sends each reason for the slate to the loop and reports it', async (t) => {
    const { commands, risk, words, secondOpinion, show, sent } = rig();
    t.same(commands.slate, []);
    show.stalled = true;
    commands.apply();
    t.match(sent.at(-1), { blanked: false, risk: false, hold: 'stalled' });
    secondOpinion.holding = true;
    words.holding = true;
    commands.apply();
    t.match(sent.at(-1), { blanked: false, risk: false, hold: 'words' });
    t.same(commands.slate, ['words', 'codes', 'stalled']);
    risk.atLimit = true;
    commands.blank();
    t.match(sent.at(-1), { blanked: true, risk: true, hold: 'words' });
    t.same(commands.slate, ['operator', 'risk', 'words', 'codes', 'stalled']);
    commands.resume();
    t.match(sent.at(-1), { blanked: false, risk: false, hold: 'words' });
    t.same(commands.slate, ['words', 'codes', 'stalled'], 'reasons that no person lifts stay and are reported');
  });

  t.test('reports withheld frames and a dump while they leave as the slate', async (t) => {
    const { commands, left } = rig();
    left('violation');
    t.same(commands.slate, ['violation']);
    t.same(commands.standing, [], 'over by itself after a moment');
    left('hold-time');
    t.same(commands.slate, ['hold-time']);
    commands.blank();
    left('operator');
    t.same(commands.slate, ['operator']);
    commands.resume();
    t.same(commands.slate, [], 'an older frame does not contradict the answer');
    left('dumped');
    t.same(commands.slate, ['dumped']);
    left();
    t.same(commands.slate, []);
  });

  t.test('does not clear the risk when unmuting', async (t) => {
    const { commands, risk, noted, kept } = rig();
    commands.mute();
    commands.blank();
    commands.resume({ mute: true });
    t.same(kept.at(-1), [false, true]);
    t.match(noted.at(-1), { kind: 'operator', action: 'resume', detail: { what: 'mute' } });
    commands.resume({ mute: false });
    t.same(kept.at(-1), [false, true], 'without a name nothing is undone');
    commands.resume();
    t.same(kept.at(-1), [false, false]);
    t.equal(risk.score, 2.5, 'the room was not held for it');
    t.strictSame(noted.at(-1), { kind: 'operator', action: 'resume', frame: 100 });
    risk.atLimit = true;
    commands.mute();
    commands.resume({ mute: true });
    t.equal(risk.score, 2.5);
    t.same(commands.slate, ['risk']);
    commands.resume();
    t.equal(risk.score, 0, 'held for it: a person resumes the room');
    t.match(noted.at(-1), { detail: { clearedRisk: 2.5 } });
    risk.score = 1;
    commands.resume({ risk: true });
    t.equal(risk.score, 0, 'or names it');
  });
});

t.test('save room', async (t) => {
  const TEXT = `{
    "name": "shop",
    "presenter": { "pack": "mei", "voice": { "rate": 1 } },
    "products": [
        { "id": "mug",   "title": "Mug", "image": "mug.png", "price": { "amount": 5, "currency": "USD" } }
    ],
    "layers": [
        { "id": "who", "type": "presenter" },
        { "id": "sale",   "type": "text", "text": "Sale",  "x": 10 },
        { "id": "news", "type": "text", "text": "News" },
        { "id": "star", "type": "sticker", "src": "art/star.png" }
    ],
    "script": { "segments": [{ "product": "mug", "lines": [{ "text": "Hello" }] }] },
    "outputs": [{ "id": "live", "kind": "rtmp", "url": "\${LIVE_URL}" }]
}
`;

  function roomOf(t: Test) {
    const dir = t.testdir({ 'room.json': TEXT });
    const file = join(dir, 'room.json');
    const live = new LiveRoomConfig(loadRoom(file, { env: { LIVE_URL: 'rtmp://127.0.0.1/app/secret' } }));
    const edited = new Map<string, Layer | undefined>();
    const saver = new RoomSaver({ room: live.room, layers: () => edited });
    const put = (json: object): void => {
      const layer = resolveLayer(layerSchema.parse(json), absoluteIn(dir));
      edited.set(layer.id, layer);
    };
    return { dir, file, live, edited, saver, put, text: () => readFileSync(file, 'utf8') };
  }

  t.test('writes only the changes, in the style of the file, and keeps a backup', async (t) => {
    const { live, edited, saver, put, text, file, dir } = roomOf(t);
    live.set({
      products: live.room.products.map((p) => ({ ...p, price: { ...p.price, amount: 4 }, stock: 'sold-out' })),
    });
    put({ id: 'sale', type: 'text', text: 'Last day', x: 10 });
    put({ id: 'coupon', type: 'coupon', amount: 5, x: 20 });
    edited.set('star', undefined);
    live.set({ audio: { ...live.room.audio, duckDb: -14 } });
    t.match(await saver.save(), {
      file: 'room.json',
      backup: 'room.json.bak',
      changed: ['products', 'layers', 'audio'],
    });
    const now = text();
    t.match(now, '"id": "sale",   "type": "text", "text": "Last day",  "x": 10', 'its spaces stay');
    t.match(now, '${LIVE_URL}');
    t.notMatch(now, 'secret');
    t.notMatch(now, dir);
    const raw = JSON.parse(now);
    t.same(
      raw.layers.map(({ id }: Layer) => id),
      ['who', 'sale', 'news', 'coupon'],
    );
    t.same(raw.layers[3], { id: 'coupon', type: 'coupon', amount: 5, x: 20 }, 'no defaults');
    t.match(raw.products[0], { price: { amount: 4, currency: 'USD' }, stock: 'sold-out', image: 'mug.png' });
    t.same(raw.audio, { duckDb: -14 });
    t.equal(readFileSync(`${file}.bak`, 'utf8'), TEXT);
    t.equal(statSync(file).mode & 0o777, statSync(`${file}.bak`).mode & 0o777);
    t.match(await saver.save(), { backup: null, changed: [] }, 'a second save has nothing to write');
    edited.set('coupon', undefined);
    t.match(await saver.save(), { changed: ['layers'] });
    t.equal(JSON.parse(text()).layers.length, 3);
  });

  t.test('leaves a file alone that somebody changed meanwhile, unless forced', async (t) => {
    const { live, saver, file, text } = roomOf(t);
    const theirs = TEXT.replace('"Sale"', '"Their sale"');
    writeFileSync(file, theirs);
    live.set({ products: live.room.products.map((p) => ({ ...p, title: 'Blue mug' })) });
    await t.rejects(saver.save(), { code: 'E_ROOM_CHANGED', httpStatus: 409 });
    t.equal(text(), theirs);
    t.notOk(existsSync(`${file}.bak`));
    t.match(await saver.save({ force: true }), { changed: ['products'] });
    t.match(text(), 'Their sale');
    t.match(text(), 'Blue mug');
    t.equal(readFileSync(`${file}.bak`, 'utf8'), theirs);
  });

  t.test('makes a picture that came in a request a file', async (t) => {
    const { live, saver, text, dir } = roomOf(t);
    const [mug] = live.room.products;
    const image = `data:image/png;base64,${Buffer.from('picture').toString('base64')}`;
    live.set({ products: [mug!, { ...mug!, id: 'pen', image }] });
    await saver.save();
    const first = JSON.parse(text()).products[1].image as string;
    t.match(first, /^products\/pen\/[0-9a-f]{12}\.png$/);
    live.set({ products: [mug!, { ...mug!, id: 'pen', image: `data:image/png;base64,${btoa('another')}` }] });
    await saver.save();
    const second = JSON.parse(text()).products[1].image as string;
    t.equal(readFileSync(join(dir, first), 'utf8'), 'picture', 'undo still finds the picture before');
    t.equal(readFileSync(join(dir, second), 'utf8'), 'another');
  });

  t.test(
    'keeps the settings of a script that no edit on air changes, and takes a file with a byte order mark',
    async (t) => {
      const before = TEXT.replace('"script": {', '"script": { "resume": "never", "slateAfterMs": 9000,');
      const dir = t.testdir({ 'room.json': `\uFEFF${before}` });
      const { room } = new LiveRoomConfig(loadRoom(join(dir, 'room.json'), { withoutKeys: true }));
      const script = { loop: true, segments: [{ product: 'mug', lines: [{ text: 'Good evening' }] }] };
      const saver = new RoomSaver({ room, layers: () => new Map(), script: () => script });
      await saver.save();
      const text = readFileSync(join(dir, 'room.json'), 'utf8').replace(/^\uFEFF/, '');
      t.match(JSON.parse(text).script, { resume: 'never', slateAfterMs: 9000, segments: script.segments });
    },
  );

  t.test('saves a script that its owner offers', async (t) => {
    const dir = t.testdir({ 'room.json': TEXT });
    const { room } = new LiveRoomConfig(loadRoom(join(dir, 'room.json'), { withoutKeys: true }));
    const script = { segments: [{ product: 'mug', lines: [{ text: 'Good evening' }] }] };
    const saver = new RoomSaver({ room, layers: () => new Map(), script: () => script });
    t.match(await saver.save(), { changed: ['script'] });
    t.match(JSON.parse(readFileSync(join(dir, 'room.json'), 'utf8')), { script });
  });

  t.test('edits and saves at once leave a whole file at every moment, and lose nothing', async (t) => {
    const { live, saver, put, edited, file, text } = roomOf(t);
    let saved = false;
    let looks = 0;
    const look = async (): Promise<void> => {
      for (; !saved; looks += 1) {
        loadRoom(file, { env: { LIVE_URL: 'rtmp://127.0.0.1/app/secret' } });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const saves: Promise<unknown>[] = [];
    const looking = look();
    for (let i = 0; i < 20; i += 1) {
      live.set({ products: live.room.products.map((p) => ({ ...p, title: `Mug ${i}` })) });
      put({ id: `n${i % 5}`, type: 'text', text: `Number ${i}` });
      if (i % 7 === 0) edited.set('news', undefined);
      saves.push(saver.save(), saver.save());
      if (i % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(saves);
    await saver.save();
    saved = true;
    await looking;
    t.ok(looks > 3);
    const now = JSON.parse(text());
    t.equal(now.products[0].title, 'Mug 19');
    t.same(
      now.layers.map(({ id }: Layer) => id),
      ['who', 'sale', 'star', 'n0', 'n1', 'n2', 'n3', 'n4'],
    );
    t.equal(now.layers.at(-1).text, 'Number 19');
  });
});
