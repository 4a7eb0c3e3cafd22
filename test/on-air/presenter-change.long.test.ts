import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { layersInShot } from '../../src/config/sections/layer.js';
import { SHOTS } from '../../src/config/sections/shots.js';
import type { Box } from '../../src/core/verdict.js';
import {
  areaOf,
  canvasOf,
  meet,
  percent,
  placeBox,
  placeOf,
  presenterBox,
  sizesOf,
} from '../../src/scene/place-box.js';
import { onAir, templateRoom } from '../kit/on-air.js';

/**
 * The part of the presenter that is always seen in the opening shot: its box without what the layers before it may
 * cover, in whichever of them stand there.
 */
function bodyOf(room: RoomConfig): Box {
  const canvas = canvasOf(room.video.width, room.video.height);
  const layers = layersInShot(room.layers, SHOTS[0]);
  const presenter = layers.find(({ type }) => type === 'presenter')!;
  let body = meet(presenterBox(room), { x: 0, y: 0, ...canvas });
  for (const layer of layers) {
    const { width, height } = sizesOf(layer, canvas);
    if (layer.z <= presenter.z || width === undefined || height === undefined) continue;
    const covered = meet(body, placeBox(layer, width, height, canvas));
    if (areaOf(covered) === 0) continue;
    const [right, bottom] = [covered.x + covered.width, covered.y + covered.height];
    const rests = [
      { ...body, width: covered.x - body.x },
      { ...body, height: covered.y - body.y },
      { ...body, x: right, width: body.x + body.width - right },
      { ...body, y: bottom, height: body.y + body.height - bottom },
    ];
    body = rests.reduce((best, one) => (areaOf(one) > areaOf(best) ? one : best));
  }
  return body;
}

/** Mean luma of pictures over a box: a figure that moves within it is seen as where it mostly stands. */
function meanOf(pictures: readonly Uint8Array[], box: Box, stride: number): Float64Array {
  const mean = new Float64Array(areaOf(box));
  for (const picture of pictures) {
    for (let y = 0; y < box.height; y += 1) {
      const row = (box.y + y) * stride + box.x;
      for (let x = 0; x < box.width; x += 1) mean[y * box.width + x]! += picture[row + x]! / pictures.length;
    }
  }
  return mean;
}

/** Mean difference, 0–255. */
const apart = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, one, i) => sum + Math.abs(one - b[i]!), 0) / a.length;

/** A person sways and gestures over some seconds. */
const SAMPLES = 40;
const BETWEEN_MS = 250;

t.test('another presenter takes over at a line end, with its own voice, and back by undo', async (t) => {
  const room = templateRoom('demo-portrait');
  delete room['audio'].music;
  // Another shot is another picture.
  room['shots'] = { cuts: false };
  const { live, api, file } = await onAir(t, room);
  const config = loadRoom(file);
  const body = bodyOf(config);
  const share = areaOf(body) / (config.video.width * config.video.height);
  t.ok(share > 0.05, `${placeOf(body)}: ${percent(share)} of the frame`);
  const until = async (what: () => boolean, why: string): Promise<void> => {
    for (let i = 0; i < 2400 && !what(); i += 1) await sleep(50);
    t.ok(what(), why);
  };
  // The picture as drawn: a busy machine may show the slate.
  const drawn = async (): Promise<Float64Array> => {
    const pictures: Uint8Array[] = [];
    while (pictures.length < SAMPLES) {
      pictures.push(await live['parts'].loop.canvas());
      await sleep(BETWEEN_MS);
    }
    return meanOf(pictures, body, config.video.width);
  };
  await until(() => live.snapshot().frame > 60, 'on air');
  const first = await drawn();
  const second = await drawn();
  const usual = apart(first, second);
  const before = (await api('GET', '/api/presenter')).body;
  t.match(before, { pack: 'mei', look: null, atFrame: null });
  t.ok(before.looks.includes('chef'));
  for (const name of ['aiko', 'amara', 'leo', 'mei']) t.ok(before.packs.includes(name), name);

  const changed = await api('PUT', '/api/presenter', { pack: 'leo' }, { prefer: 'wait=120' });
  t.equal(changed.status, 200, JSON.stringify(changed.body));
  const { atFrame } = changed.body;
  t.ok(atFrame > live.snapshot().frame, 'after the scheduled lines');
  await until(() => live.snapshot().frame > atFrame + 40, 'the frame has come');
  const third = await drawn();
  const seen = apart(second, third);
  t.ok(seen > 3 * usual + 4, `another figure: ${seen.toFixed(1)} against ${usual.toFixed(1)}`);
  await until(() => live.snapshot().speaking !== null, 'the show goes on');

  t.equal((await api('PUT', '/api/presenter', { pack: 'nobody' })).status, 404);
  t.equal((await api('PUT', '/api/presenter', { pack: '/etc' })).status, 404);
  t.match((await api('POST', '/api/room/save')).body, { changed: ['presenter'] });
  t.equal(JSON.parse(readFileSync(file, 'utf8')).presenter.pack, 'leo');

  t.equal((await api('POST', '/api/undo')).body.undone.what, 'presenter');
  const back = (await api('GET', '/api/presenter')).body;
  t.equal(back.pack, 'mei');
  await until(() => live.snapshot().frame > back.atFrame + 40, 'the frame has come');
  const left = apart(second, await drawn());
  t.ok(left < seen / 2, `the first figure again: ${left.toFixed(1)} against ${seen.toFixed(1)}`);
});
