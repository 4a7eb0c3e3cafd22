import t from 'tap';
import { loadPresenter } from '../../../src/avatar/load-presenter.js';
import { parseRoom } from '../../../src/config/load-room.js';
import type { RoomConfig } from '../../../src/config/room-config.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { silentLog } from '../../../src/core/log.js';
import { cutAt, type GestureHand, gestureHands } from '../../../src/check/layout/layout-findings.js';
import { lintLayout } from '../../../src/check/layout/lint-layout.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { PictureProcess } from '../../../src/scene/drawing/picture-process.js';
import { presenterBox } from '../../../src/scene/stage-boxes.js';

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
  const [held] = (await gestureHands(room.presenter.pack, await presenterOf(room))).filter((h) => h.gesture === 'wave');
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
