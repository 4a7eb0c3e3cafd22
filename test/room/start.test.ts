import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import t from 'tap';
import { composedKey } from '../../src/admission/composed-words.js';
import { loadPresenter } from '../../src/avatar/load-presenter.js';
import { checkRoom } from '../../src/check/check-room.js';
import type { TextLine } from '../../src/compliance/ocr/ocr-messages.js';
import { loadRoom, parseRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { CloseStack } from '../../src/core/close-stack.js';
import { EngineError } from '../../src/core/errors.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { type Log, silentLog } from '../../src/core/log.js';
import { frameIndex } from '../../src/core/time.js';
import { AvatarDesk } from '../../src/external-avatar/avatar-desk.js';
import { TextJudge } from '../../src/moderation/index.js';
import { LiveRoom } from '../../src/room/live-room.js';
import { avatarVoice } from '../../src/room/open/open-desks.js';
import { openFreshWriter } from '../../src/room/open/open-fresh-writer.js';
import { openAvatarSpeech } from '../../src/room/open/programme.js';
import type { RoomParts } from '../../src/room/room-desk.js';
import { keepDaylight, planAhead } from '../../src/room/start/keep-on-air.js';
import { admitStage, readComposed } from '../../src/room/start/admit-stage.js';
import type { ClipDeps } from '../../src/scene/clips/clip.js';
import { EMPTY_UPDATE, type SceneUpdate } from '../../src/scene/scene-update.js';
import { presenterBox } from '../../src/scene/place-box.js';
import { Rundown } from '../../src/show/rundown.js';
import { drawSqueezedCode, HEIGHT, WIDTH, writePack } from '../avatar/filmed/film-rig.js';
import { ffmpeg, splitTags } from '../external-avatar/picture/film.js';
import { chatServer } from '../kit/chat-server.js';
import { inventive } from '../kit/inventive-server.js';
import { templateRoom, writeRoom } from '../kit/on-air.js';
import { splitCode } from '../kit/split-code.js';
import { until } from '../kit/until.js';
import { compilerOf, draw, kernels, roomOf } from '../scene/scene-kit.js';

t.test('admit stage', async (t) => {
  t.test('a room whose filmed presenter shows a code is refused at its start as by the check', async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'showroom-stage-'));
    t.teardown(() => rmSync(dir, { recursive: true, force: true }));
    const draw = await drawSqueezedCode('https://evil.example/1');
    const pack = await writePack(join(dir, 'ana'), { draw });
    const template = templateRoom('minimal');
    const layers = template['layers'].map((layer: Record<string, unknown>) =>
      layer['type'] === 'presenter' ? { ...layer, width: WIDTH * 2, height: HEIGHT * 2 } : layer,
    );
    const file = writeRoom(t, { ...template, layers, presenter: { pack } });
    const room = loadRoom(file);
    await t.rejects(LiveRoom.start(room, { log: silentLog, signal: new AbortController().signal }), {
      code: 'E_ASSET_REFUSED',
      where: 'composed picture',
      expected: 'a picture that may be shown',
      found: /^(qr|undecoded-code)/,
    });
    const { faults } = await checkRoom(room, { log: silentLog, signal: new AbortController().signal });
    t.match(
      faults.filter(({ where }) => where === 'composed picture'),
      [{ severity: 'fault', expected: 'a picture that may be shown', found: /^(qr|undecoded-code)/, rule: '3.3' }],
    );
  });

  t.test('so is one whose pictures are a code together, of which each passes by itself', async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'showroom-stage-'));
    t.teardown(() => rmSync(dir, { recursive: true, force: true }));
    const layers = await splitCode(dir, [20, 20], 'quarters');
    const template = templateRoom('minimal');
    const roomWith = (more: readonly object[]): RoomConfig =>
      loadRoom(writeRoom(t, { ...template, layers: [...template['layers'], ...more] }));
    await t.rejects(LiveRoom.start(roomWith(layers), { log: silentLog, signal: new AbortController().signal }), {
      code: 'E_ASSET_REFUSED',
      where: 'composed picture',
      found: /^(qr|undecoded-code)/,
    });

    const known = new Set<string>();
    let drawn = 0;
    const admit = async (room: RoomConfig): Promise<number> => {
      drawn = 0;
      const admission = {
        admitOnce: async (key: string, work: () => Promise<void>) => {
          if (!known.has(key)) await work();
          known.add(key);
        },
        admitComposed: async () => void (drawn += 1),
      };
      const box = presenterBox(room);
      const presenter = await loadPresenter(room.presenter.pack, { box, kernels, log: silentLog });
      const clips = {} as ClipDeps;
      await admitStage({ room, kernels, draw, presenter, assistant: undefined, clips, admission });
      return drawn;
    };
    const half = roomWith(layers.slice(2));
    t.equal(await admit(half), 1);
    t.equal(await admit(half), 0, 'equal files are drawn once');
    t.equal(await admit(roomWith([layers[2]!, { ...layers[3]!, x: 25 }])), 1, 'another layout');
    t.equal(await admit(roomWith([])), 0, 'pictures of the package alone');
  });
});

t.test('keep daylight', async (t) => {
  const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  t.test('asks the scene each minute and sends what it fades', async (t) => {
    mock.timers.enable({ apis: ['setInterval'] });
    t.teardown(() => mock.timers.reset());
    const faded = { ...EMPTY_UPDATE, layers: [{}] } as unknown as SceneUpdate;
    const answers: (() => SceneUpdate)[] = [
      () => EMPTY_UPDATE,
      () => {
        throw new Error('no such picture');
      },
      () => faded,
    ];
    const asked: number[] = [];
    const sent: unknown[] = [];
    const parts = {
      scene: {
        relight: async (when: () => number) => {
          asked.push(when());
          return answers.shift()!();
        },
      },
      loop: { board: { get: () => 300 }, send: (message: unknown) => void sent.push(message) },
      room: { rate: { num: 30, den: 1 } },
      log: silentLog,
    } as unknown as Parameters<typeof keepDaylight>[1];
    const stack = new CloseStack(silentLog);
    keepDaylight(stack, parts);
    t.same(asked, [], 'the show begins in the right light');
    for (let minute = 0; minute < 3; minute += 1) {
      mock.timers.tick(60_000);
      await settled();
    }
    t.same(asked, [315, 315, 315], 'half a second ahead; a failure does not end it');
    t.same(sent, [{ type: 'scene', update: faded }]);
    await stack.close();
    mock.timers.tick(600_000);
    await settled();
    t.equal(asked.length, 3);
  });
});

t.test('plan ahead', async (t) => {
  /** A runner that calls `plan` with the frame until which lines are needed. */
  function rig(plan: (until: number) => void) {
    const errors: string[] = [];
    const parts = {
      room: { rate: { num: 30, den: 1 } } as RoomConfig,
      log: { ...silentLog, error: (_: unknown, message?: string) => errors.push(String(message)) },
      runner: { planUntil: (until: number) => Promise.resolve().then(() => plan(until)) },
    } as unknown as RoomParts;
    return { parts, errors };
  }

  t.test('schedules lines two seconds ahead, ten times a second, until the room stops', async (t) => {
    const stop = new AbortController();
    const wanted: number[] = [];
    const waits: number[] = [];
    let frame = 0;
    const { parts } = rig((until) => wanted.push(until));
    await planAhead(
      parts,
      () => frameIndex(frame),
      stop.signal,
      async (ms) => {
        waits.push(ms);
        frame += 3;
        if (waits.length === 3) stop.abort();
      },
    );
    t.same(wanted, [60, 63, 66]);
    t.same(waits, [100, 100, 100]);
  });

  t.test('logs a line that cannot be scheduled and retries a second later', async (t) => {
    const stop = new AbortController();
    const waits: number[] = [];
    let tries = 0;
    const { parts, errors } = rig(() => {
      tries += 1;
      if (tries === 1) throw new EngineError('E_VOICE_UNKNOWN', { where: 'voice', expected: 'sound', found: 'none' });
      stop.abort();
    });
    await planAhead(
      parts,
      () => frameIndex(0),
      stop.signal,
      async (ms) => void waits.push(ms),
    );
    t.equal(tries, 2);
    t.equal(errors.length, 1);
    t.match(errors[0], /voice/);
    t.same(waits, [1000, 100, 100]);
  });

  t.test('reports no error for failures caused by the stop', async (t) => {
    const stop = new AbortController();
    const { parts, errors } = rig(() => {
      stop.abort();
      throw new Error('aborted');
    });
    await planAhead(parts, () => frameIndex(0), stop.signal);
    t.same(errors, []);
  });
});

t.test('read composed', async (t) => {
  const svg = (fill: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><rect width="80" height="80" fill="${fill}"/></svg>`;

  t.test('reads the picture with each product once, under the digest that the scene has on air', async (t) => {
    const dir = t.testdir();
    for (const [name, fill] of [
      ['lamp', '#fd0'],
      ['sofa', '#07c'],
    ] as const) {
      writeFileSync(join(dir, `${name}.svg`), svg(fill));
    }
    const room = roomOf(dir, {
      product: 'lamp',
      products: ['lamp', 'sofa'].map((id) => ({
        id,
        title: id,
        image: `${id}.svg`,
        price: { amount: 1, currency: 'USD' },
      })),
      layers: [
        ...['lamp', 'sofa'].map((id) => ({
          id: `picture-${id}`,
          type: 'image',
          product: id,
          src: `${id}.svg`,
          x: 20,
          y: 20,
        })),
        { id: 'title', type: 'text', text: 'Fresh today', x: 20, y: 180, size: 20 },
        { id: 'behind', type: 'image', src: 'sofa.svg', x: 200, y: 20, z: -5 },
        { id: 'later', type: 'text', text: 'With a line', x: 20, y: 120, size: 20, shown: 'on-cue' },
      ],
    });
    const both = {
      ...room,
      script: {
        ...room.script,
        segments: [room.script.segments[0]!, { ...room.script.segments[0]!, product: 'sofa' }],
      },
    };
    const scene = compilerOf(both);
    await scene.open();
    const box = presenterBox(both);
    const presenter = await loadPresenter(join(packageRoot(), 'templates/presenters/mei'), {
      box,
      kernels,
      log: silentLog,
    });
    const kept = new Map<string, readonly TextLine[]>();
    const read: Uint8Array[] = [];
    const admission = {
      willRead: true,
      judgeKept: (key: string) => (kept.has(key) ? { verdict: 'clean' as const, hits: [] } : undefined),
      keepWords: (key: string, lines: readonly TextLine[]) => void kept.set(key, lines),
      words: async ({ rgba }: { rgba: Uint8Array }) => {
        read.push(rgba);
        return { verdict: 'clean' as const, hits: [], lines: [] };
      },
    };
    const options = { room: both, scene, kernels, draw, presenter, admission, log: silentLog };
    const go = () => readComposed({ ...options, signal: new AbortController().signal });
    await go();
    t.equal(read.length, 2, 'one for each product');
    t.ok(kept.has(composedKey(scene.still()!.digest, presenter.digest)), 'the opening picture');
    await scene.product('sofa', frameIndex(40));
    t.ok(kept.has(composedKey(scene.still()!.digest, presenter.digest)), 'the picture with the next product');
    t.equal(scene.still()!.sinceFrame, 40);
    const at = (rgba: Uint8Array, x: number, y: number): number[] => [
      ...rgba.subarray((y * 320 + x) * 4, (y * 320 + x) * 4 + 3),
    ];
    t.same(at(read[0]!, 26, 190), [128, 128, 128], 'the room’s own text is painted over');
    t.notSame(at(read[0]!, 40, 40), at(read[1]!, 40, 40), 'each with its product');
    await go();
    t.equal(read.length, 2, 'nothing is read twice');
  });
});

t.test('avatar voice', async (t) => {
  const KEY = 'a-key-of-sixteen-or-more';
  const room = (presenter: object) =>
    parseRoom(
      JSON.stringify({
        name: 'shop',
        presenter: { pack: 'mei', ...presenter },
        layers: [{ id: 'host', type: 'presenter' }],
        script: { segments: [{ lines: [{ text: 'Hello' }] }] },
      }),
      '/rooms/shop/room.json',
    );
  const desk = (presenter: object, env: NodeJS.ProcessEnv = { AVATAR_KEY: KEY }): AvatarDesk =>
    new AvatarDesk({ room: room(presenter), log: silentLog, note: () => undefined, env });

  /** FLV tags of a second of tone, as a publisher sends it. */
  async function toneTags(): Promise<Buffer[]> {
    const args = [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440',
      '-t',
      '1',
      '-c:a',
      'aac',
      '-f',
      'flv',
      'pipe:1',
    ];
    const child = spawn(ffmpeg.path, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    for await (const part of child.stdout) parts.push(part as Buffer);
    return splitTags(Buffer.concat(parts)).filter((tag) => tag[0] === 8);
  }

  t.test('hears the sound of a pushed avatar only while a takeover asks for it', async (t) => {
    const avatar = desk({ source: 'rtmp', external: { streamKey: '${AVATAR_KEY}' } });
    t.teardown(() => avatar.close());
    const tags = await toneTags();
    const send = (): void => {
      for (const tag of tags) avatar.ingest!.onTag(tag);
    };
    avatar.ingest!.onPublish(true);
    send();
    let samples = 0;
    let peak = 0;
    const link = await avatarVoice(
      avatar,
      {
        onPcm: (pcm) => {
          samples += pcm.length;
          for (const x of pcm) peak = Math.max(peak, Math.abs(x));
        },
        onGone: (reason) => t.fail(reason),
      },
      { ffmpegPath: ffmpeg.path, delayMs: 5000 },
    );
    send();
    await until('sound', () => samples > 24_000, 20_000);
    t.ok(peak > 0.05, `${peak}`);
    await link.close();
    const before = samples;
    send();
    t.equal(samples, before);
  });

  t.test('takes a key from the environment that cannot be guessed, and compares it whole', async (t) => {
    const external = { streamKey: '${AVATAR_KEY}' };
    t.throws(() => desk({ source: 'rtmp', external }, {}), { code: 'E_ENV_MISSING' });
    t.throws(() => desk({ source: 'rtmp', external }, { AVATAR_KEY: 'short' }), { code: 'E_TOKEN_WEAK' });
    const avatar = desk({ source: 'whip', external });
    t.equal(avatar.ingest, undefined, 'no RTMP in a room that takes WHIP');
    t.same([avatar.isKey(KEY), avatar.isKey(`${KEY}x`), avatar.isKey('')], [true, false, false]);
    t.equal(desk({ source: 'whip' }).isKey('undefined'), false);
  });

  t.test('a room of its own presenter takes no avatar', async (t) => {
    const avatar = desk({});
    t.match(avatar.state(), { source: 'pack', step: null, connected: false, speech: null });
    t.same(avatar.sources(), []);
    await t.rejects(avatar.offer('v=0\r\n'), { code: 'E_AVATAR_OFF' });
    await t.rejects(avatar.hangUp('x'), { code: 'E_NOT_FOUND' });
    await avatar.close();
  });
});

t.test('open avatar speech', async (t) => {
  const roomOf = (speech?: object) =>
    parseRoom(
      JSON.stringify({
        name: 'shop',
        presenter: { pack: 'mei', source: 'whip', external: { speech } },
        layers: [{ id: 'host', type: 'presenter' }],
        script: { segments: [{ lines: [{ text: 'Hello' }] }] },
      }),
      '/rooms/shop/room.json',
    );

  function open(speech: object | undefined, env: NodeJS.ProcessEnv = {}) {
    const room = roomOf(speech);
    const desk = new AvatarDesk({ room, log: silentLog, note: () => undefined, env });
    const board = { get: () => 0 } as unknown as Parameters<typeof openAvatarSpeech>[0]['board'];
    // Never resolved: nothing is sent.
    const ffmpeg = new Promise<{ path: string }>(() => undefined);
    return { desk, speech: openAvatarSpeech({ room, desk, log: silentLog, board, ffmpeg, env }) };
  }

  const whip = { kind: 'whip', url: 'http://127.0.0.1:9/voice/whip' };
  const files = { kind: 'live-talking', baseUrl: 'http://127.0.0.1:9' };

  t.test('sends the speech as the room file says: as files, as a stream, or not', async (t) => {
    t.equal(open(undefined).speech, undefined);
    for (const [config, link] of [
      [whip, 'connecting'],
      [files, null],
    ] as const) {
      const { desk } = open(config);
      t.match(desk.state().speech, { sent: 0, failed: 0, dropped: 0, lastError: '', link });
      await desk.close();
    }
  });

  t.test('takes the token from the environment alone', async (t) => {
    for (const config of [whip, files]) {
      t.throws(() => open({ ...config, token: '${AVATAR_TOKEN}' }), { code: 'E_ENV_MISSING', message: /AVATAR_TOKEN/ });
      const { desk } = open({ ...config, token: '${AVATAR_TOKEN}' }, { AVATAR_TOKEN: 's3cret' });
      t.notMatch(JSON.stringify(desk.state()), /s3cret/);
      await desk.close();
      t.throws(() => roomOf({ ...config, token: 's3cret' }), { code: 'E_ROOM_INVALID' }, 'a token in the room file');
    }
  });

  t.test('refuses an invalid address, and an address with a password', async (t) => {
    for (const url of ['ftp://gpu-box/whip', 'http://user:word@gpu-box/whip', 'gpu-box'])
      t.throws(() => roomOf({ ...whip, url }), { code: 'E_ROOM_INVALID', message: /url/ });
  });
});

t.test('open fresh writer', async (t) => {
  const judge = new TextJudge();
  const log: Log = { ...silentLog, child: () => log };

  t.test('a room with a language model gets fresh wordings while it runs', async (t) => {
    const server = await chatServer(inventive());
    t.teardown(() => server.close());
    const llm = { baseUrl: server.baseUrl, model: 'local', apiKey: '${FRESH_TEST_KEY}' };
    const room = loadRoom(writeRoom(t, { ...templateRoom('minimal'), llm }));
    const rundown = new Rundown(room.script);
    const stack = new CloseStack(log);
    const stop = new AbortController();
    const env = { FRESH_TEST_KEY: 'the-key-of-the-model' };
    const figures = openFreshWriter({ parts: { room, judge, rundown, log }, stop: stop.signal, env }, stack);
    await until('wordings', () => figures().written > 0, 20_000);
    t.equal(server.seen[0]!.headers.authorization, 'Bearer the-key-of-the-model');
    const line = rundown.script.content.segments[0]!.lines[0]!;
    const own = new Set([line.text, ...line.variants]);
    rundown.next();
    const texts: string[] = [];
    for (let i = 0; i < 60; i += 1) texts.push(rundown.next()!.text);
    t.ok(
      texts.some((text) => !own.has(text) && rundown.wordings.added!.of(line).includes(text)),
      'they are spoken',
    );
    t.notMatch(JSON.stringify(figures()), /the-key/);
    stop.abort();
    await stack.close();
  });

  t.test('without a model, a key or the wish the sentence plans write, and no model is asked', async (t) => {
    const server = await chatServer(inventive());
    t.teardown(() => server.close());
    const stack = new CloseStack(log);
    const open = (llm: object | undefined, script: object = {}) => {
      const base = templateRoom('minimal');
      const file = { ...base, script: { ...base['script'], ...script }, ...(llm === undefined ? {} : { llm }) };
      const room = loadRoom(writeRoom(t, file));
      const rundown = new Rundown(room.script);
      const stop = new AbortController();
      t.teardown(() => stop.abort());
      return openFreshWriter({ parts: { room, judge, rundown, log }, stop: stop.signal, env: {} }, stack);
    };
    const { baseUrl } = server;
    const figures = [
      open(undefined),
      open({ baseUrl, model: 'm', ahead: { enabled: false } }),
      open({ baseUrl, model: 'm', apiKey: '${NOT_SET}' }),
    ];
    await until('the plans', () => figures.every((one) => one().state === 'enough'), 20_000);
    t.match(figures[2]!(), { lastError: /NOT_SET/, requestsToday: 0 });
    t.equal(server.seen.length, 0);
    t.equal(open(undefined, { addWordings: false })().state, 'off');
    await stack.close();
  });
});
