import t from 'tap';
import { loadPresenter } from '../../src/avatar/load-presenter.js';
import { coverShare, cutAt, faceOf, type GestureHand, gestureHands } from '../../src/check/layout/layout-findings.js';
import { lintLayout } from '../../src/check/layout/lint-layout.js';
import { loadRoom, parseRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { templatePath } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { PictureProcess } from '../../src/scene/drawing/picture-process.js';
import type { LaidOut } from '../../src/scene/lay-out.js';
import { presenterBox } from '../../src/scene/place-box.js';
import { sampled } from '../kit/whole.js';

t.test('face cover', async (t) => {
  /** A layer of one picture with the same alpha in all pixels. */
  function layerOf(x: number, y: number, width: number, height: number, alpha: number): LaidOut {
    const rgba = new Uint8Array(width * height * 4).fill(alpha);
    return { pictures: [{ raster: { rgba, width, height }, x, y }] } as unknown as LaidOut;
  }

  const FACE = { x: 100, y: 100, width: 20, height: 10 };

  t.test('counts the share of a face under a layer’s opaque pixels, along its motion', async (t) => {
    const left = layerOf(90, 90, 20, 40, 255);
    t.equal(coverShare(left, FACE, 0, 0), 0.5, 'its left half');
    t.equal(coverShare(left, FACE, 15, 0), 0.75, 'moved to the right by 15 px');
    t.equal(coverShare(left, FACE, -10, 0), 0, 'clear of it');
    t.equal(coverShare(layerOf(0, 0, 300, 300, 60), FACE, 0, 0), 0, 'translucent pixels hide nothing');
  });

  t.test('counts overlapping pictures of one layer once', async (t) => {
    const one = layerOf(100, 100, 10, 10, 255);
    t.equal(coverShare({ ...one, pictures: [...one.pictures, ...one.pictures] }, FACE, 0, 0), 0.5);
  });

  t.test('places the face at eyes, brows and mouth, inside the head', async (t) => {
    const box = { x: 0, y: 200, width: 720, height: 1080 };
    const presenter = await loadPresenter(templatePath('presenters', 'mei'), {
      box,
      kernels: loadKernels(),
      log: silentLog,
    });
    const face = faceOf(presenter)!;
    t.ok(face.x > 0 && face.x + face.width < 720, 'between the sides');
    t.ok(face.y > 200 && face.y + face.height < 200 + 1080 / 2, 'in the upper half');
    t.ok(face.width > 60 && face.width < 360, `${face.width} px wide`);
  });
});

t.test('gesture hands', async (t) => {
  const kernels = loadKernels();
  const drawing = new PictureProcess({ log: silentLog });
  const { draw } = drawing;
  const admit = async (): Promise<void> => undefined;
  t.teardown(() => drawing.close());

  const presenterOf = (room: RoomConfig) =>
    loadPresenter(room.presenter.pack, {
      box: presenterBox(room),
      kernels,
      log: silentLog,
    });

  async function lint(room: RoomConfig): Promise<string[]> {
    const faults = await lintLayout(room, { kernels, draw, admit, presenter: await presenterOf(room) });
    return faults.map((f) => `${f.severity} ${f.where}: ${f.expected}, found ${f.found}; ${f.todo ?? ''}`);
  }

  const PLACE = { id: 'who', type: 'presenter', anchor: 'bottom', width: '100%', height: '80%' };

  const roomWith = (gesture: string, layers: object[], place: object = PLACE): RoomConfig =>
    parseRoom(
      JSON.stringify({
        name: 'hands',
        video: { width: 720, height: 1280, background: '#405060' },
        presenter: { pack: 'mei' },
        layers: [place, ...layers],
        script: { segments: [{ lines: [{ text: 'Welcome to our factory', caption: '', gesture }] }] },
      }),
      templatePath('rooms', 'demo-portrait', 'room.json'),
    );

  t.test('reports a sticker over the waving hand, with gesture and layer', async (t) => {
    const room = roomWith('wave', []);
    const [held] = (await gestureHands(room.presenter.pack, await presenterOf(room))).filter(
      (h) => h.gesture === 'wave',
    );
    const { x, y, width, height } = held!.box;
    const size = Math.max(width, height) + 60;
    const bag = {
      ...{ id: 'bag', type: 'sticker', src: '../../stickers/shopping-bag.svg', width: size, height: size, z: 20 },
      ...{ x: Math.round(x + width / 2 - size / 2), y: Math.round(y + height / 2 - size / 2) },
    };
    const hands = async (gesture: string, z: number) =>
      (await lint(roomWith(gesture, [{ ...bag, z }]))).filter((fault) => fault.includes('hand'));
    const faults = await hands('wave', 20);
    t.equal(faults.length, 1);
    t.match(
      faults[0],
      /^warning layers\[1\] "bag": the right hand visible during the gesture "wave", found [\d.]+ % of it behind the sticker/,
    );
    t.same(await hands('think', 20), [], 'another gesture');
    t.same(await hands('wave', -1), [], 'behind the presenter');
  });

  t.test('reports a hand that the frame cuts off', async (t) => {
    const aside = { ...PLACE, anchor: 'top-left', x: 220, y: 256 };
    const hands = async (gesture: string) =>
      (await lint(roomWith(gesture, [], aside))).filter((fault) => fault.includes('hand'));
    const faults = await hands('wave');
    t.equal(faults.length, 1);
    t.match(
      faults[0],
      /^warning layers\[0\] "who": the right hand whole during the gesture "wave", found cut off at the right edge of the presenter's place \(500×1024 at 220,256\)/,
    );
    t.same(await hands('nod'), [], 'a gesture without a hand');
  });

  t.test('lets fingertips leave the picture, and no half of a hand', (t) => {
    const mask = new Uint8Array(100 * 100);
    for (let row = 40; row < 60; row += 1) mask.fill(1, row * 100, row * 100 + 100);
    const hand: GestureHand = { gesture: 'wave', side: 'right', box: { x: 0, y: 0, width: 100, height: 100 }, mask };
    const room = { x: 0, y: 0, width: 95, height: 100 };
    t.equal(cutAt(hand, room), undefined, 'a finger of 20 px');
    for (let row = 20; row < 80; row += 1) mask.fill(1, row * 100, row * 100 + 100);
    t.equal(cutAt(hand, room), 'right');
    t.equal(cutAt(hand, { ...room, width: 100 }), undefined, 'it ends with the place');
    t.equal(cutAt({ ...hand, mask: new Uint8Array(10_000) }, { ...room, y: 60, height: 40 }), 'top', 'mostly outside');
    t.end();
  });
});

t.test('lint layout', async (t) => {
  const kernels = loadKernels();
  const { draw } = new PictureProcess({ log: silentLog });
  const admit = async (): Promise<void> => undefined;

  /** By pack and box: each would be read from the disk again. */
  const presenters = new Map<string, ReturnType<typeof loadPresenter>>();

  async function lint(room: RoomConfig): Promise<string[]> {
    const box = presenterBox(room);
    const key = JSON.stringify([room.presenter.pack, box]);
    const presenter = await (presenters.get(key) ??
      loadPresenter(room.presenter.pack, { box, kernels, log: silentLog }));
    presenters.set(key, Promise.resolve(presenter));
    const faults = await lintLayout(room, { kernels, draw, admit, presenter });
    return faults.map((f) => `${f.severity} ${f.where}: ${f.expected}, found ${f.found}${f.todo ? `; ${f.todo}` : ''}`);
  }

  const PRESENTER = { id: 'who', type: 'presenter', anchor: 'bottom', width: '100%', height: '80%' };

  const roomWith = (layers: object[], more: object = {}, presenter: object = PRESENTER): RoomConfig =>
    parseRoom(
      JSON.stringify({
        name: 'lint',
        video: { width: 360, height: 640, background: '#405060' },
        presenter: { pack: 'mei' },
        layers: [presenter, ...layers],
        script: { segments: [{ lines: [{ text: 'Welcome to our factory, today we show steel bottles' }] }] },
        ...more,
      }),
      '/room/room.json',
    );

  const PRODUCTS = [
    { id: 'bottle', title: 'Steel Bottle', image: 'none.svg', price: { amount: 4.8, currency: 'USD' } },
  ] as const;

  t.test('finds no fault in the project’s rooms', async (t) => {
    for (const name of sampled(['minimal', 'demo-portrait', 'demo-landscape'], 3)) {
      t.same(await lint(loadRoom(templatePath('rooms', name, 'room.json'))), [], name);
    }
  });

  t.test("places a room's default label well in every frame shape", async (t) => {
    const shapes = [
      [720, 1280],
      [1280, 720],
      [1920, 1080],
      [640, 640],
    ] as const;
    for (const [width, height] of sampled(shapes, 2)) {
      const room = roomWith([], { video: { width, height, background: '#405060' } });
      t.same(await lint(room), [], `${width}×${height}`);
    }
  });

  t.test('does not report well placed text', async (t) => {
    t.same(await lint(roomWith([{ id: 'hint', type: 'text', x: 20, y: 440, text: 'Order here', size: 24 }])), []);
  });

  t.test('reports text outside the frame and the safe area, in pixels', async (t) => {
    const at = (y: number): object => ({ id: 'hint', type: 'text', x: 20, y, text: 'Order here', size: 24 });
    const under = await lint(roomWith([at(540)]));
    t.match(under, [
      /^warning layers\[1\] "hint": text inside the safe area \(346×448 at 7,64\), found \d+ px outside/,
    ]);
    const lost = await lint(roomWith([at(630)]));
    t.match(lost, [/^fault layers\[1\] "hint": text inside the frame of 360×640, found \d\d\.?\d? % of it outside/]);
    const moved = await lint(roomWith([{ ...at(440), motion: { keyframes: [{ atMs: 500, dy: 90 }] } }]));
    t.match(moved, [/"hint": text inside the safe area/], 'also along its motion');
    const open = { compliance: { safeArea: { bottom: 0 } } };
    t.same(await lint(roomWith([at(540)], open)), [], 'the room sets its safe area');
  });

  t.test('reports a caption over the face with its share and line', async (t) => {
    const caption = { id: 'words', type: 'caption', anchor: 'top', y: 200, width: 320, size: 40, maxLines: 3 };
    const found = await lint(roomWith([caption]));
    t.match(found, [
      /^fault layers\[1\] "words": nothing over the presenter's face .* % of it covered by the caption in /,
    ]);
    t.match(found[0], /script\.segments\[0\]\.lines\[0\]/);
    t.same(await lint(roomWith([{ ...caption, y: 380 }])), []);
    t.same(await lint(roomWith([{ ...caption, z: -1 }])), [], 'behind the presenter it hides nothing');
  });

  t.test('reports a card over the caption with the share of both', async (t) => {
    const layers = [
      { id: 'price', type: 'card', x: 150, y: 380, width: 180 },
      { id: 'words', type: 'caption', anchor: 'top', y: 400, width: 320, size: 20 },
    ];
    const more = {
      products: PRODUCTS,
      script: { segments: [{ product: 'bottle', lines: [{ text: 'Welcome to our factory, today we show bottles' }] }] },
    };
    const found = await lint(roomWith(layers, more));
    t.match(found, [
      /^fault layers\[2\] "words": the caption clear of the card "price", found [\d.]+ % of the smaller/,
    ]);
    t.same(await lint(roomWith([layers[0]!, { ...layers[1], y: 312 }], more)), []);
  });

  t.test('reports a presenter below a third of the frame with the share', async (t) => {
    const small = { ...PRESENTER, width: '40%', height: '40%' };
    const found = await lint(roomWith([], {}, small));
    t.match(found, [
      /^warning layers\[0\] "who": the presenter's place at least 33.3 % of the frame.*found 1\d\.?\d? %/,
    ]);
  });

  t.test('reports unreadable letters with their contrast', async (t) => {
    const text = (colour: string, more: object = {}): object => ({
      ...{ id: 'hint', type: 'bubble', x: 20, y: 430, text: 'Order here', colour, fill: '#ffffff', tail: 'none' },
      ...more,
    });
    t.match(await lint(roomWith([text('#f4f4f4')])), [/^fault .* a contrast of at least 3 : 1 .* found 1\.1 : 1/]);
    t.match(await lint(roomWith([text('#a0a0a0')])), [/^warning .*found 2\.\d : 1/]);
    t.same(await lint(roomWith([text('#303030')])), []);
    t.same(await lint(roomWith([text('#f4f4f4', { outline: '#202020' })])), [], 'an outline makes them readable');
  });

  t.test('reports text that does not fit', async (t) => {
    const long = 'Order on the platform today and we will send a sample of every size and colour';
    const one = { id: 'hint', type: 'text', x: 20, y: 440, width: 200, maxLines: 1, text: long, size: 20 };
    t.match(await lint(roomWith([one])), [/^warning .*"hint": text that fits into 1 lines, found \d+ lines/]);
    const low = await lint(roomWith([{ ...one, maxLines: 10, height: 30 }]));
    t.match(low, [/^warning .*"hint": text that fits into 30 px, found \d+ px/]);
  });

  t.test('holds the AI label to five per cent, whatever its text', async (t) => {
    const label = { id: 'mark', type: 'label', x: 20, y: 70, text: 'AI' };
    t.same(await lint(roomWith([label])), []);
  });

  t.test('suggests the opposite sign for an offset out of the frame at a bottom or right anchor', async (t) => {
    const low = await lint(
      roomWith([{ id: 'low', type: 'text', anchor: 'bottom', y: 90, text: 'Order here', size: 24 }]),
    );
    t.match(low, [/^fault layers\[1\] "low": text inside the frame.* outside .*; with anchor "bottom" use "y": -90$/]);
    const high = await lint(roomWith([{ id: 'high', type: 'text', y: -90, text: 'Order here', size: 24 }]));
    t.equal(high.length, 1);
    t.notMatch(high[0], 'with anchor');
  });

  t.test('lets two layers on cue share a place while no line shows both', async (t) => {
    const panel = { type: 'bubble', shown: 'on-cue', x: 20, y: 440, size: 24, colour: '#000000', fill: '#ffffff' };
    const layers = [
      { ...panel, id: 'one', text: 'Order here' },
      { ...panel, id: 'two', text: 'Ask us here' },
    ];
    const script = (...shows: string[][]): object => ({
      script: { segments: [{ lines: shows.map((show) => ({ text: 'Hello to all', caption: '', show })) }] },
    });
    t.same(await lint(roomWith(layers, script(['one'], ['two']))), []);
    t.match(await lint(roomWith(layers, script(['one', 'two']))), [
      /^fault layers\[1\] "one": the bubble clear of the bubble "two"/,
    ]);
  });
});
