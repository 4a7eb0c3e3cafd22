import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { renderRoom } from '../../src/render/render-room.js';
import { templateRoom } from '../kit/on-air.js';

const dir = mkdtempSync(join(tmpdir(), 'showroom-cue-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

const SIDE = 128;
const SECONDS = 5;

/** Luma of a pixel in the cued square, frame by frame. */
async function lumaOf(name: string): Promise<{ luma: number[]; videoSha256: string }> {
  const room = templateRoom('minimal');
  room['video'] = { width: SIDE, height: SIDE, fps: 30 };
  const square = { id: 'square', type: 'shape', shown: 'on-cue', z: 50, x: 88, y: 88, width: 40, height: 40 };
  room['layers'].push({ ...square, shape: 'rectangle', fill: '#000000' });
  const lines = [{ text: 'One.', pauseMs: 600 }, { text: 'Two.', show: ['square'], pauseMs: 600 }, { text: 'Three.' }];
  room['script'] = { loop: false, segments: [{ lines }] };
  const file = join(dir, `${name}.json`);
  writeFileSync(file, JSON.stringify(room));
  const out = join(dir, `${name}.raw`);
  const { videoSha256 } = await renderRoom(loadRoom(file), {
    fromSeconds: 0,
    toSeconds: SECONDS,
    out,
    log: silentLog,
    signal: new AbortController().signal,
  });
  const video = readFileSync(join(out, 'video.i420'));
  const size = (SIDE * SIDE * 3) / 2;
  const luma = Array.from({ length: SECONDS * 30 }, (_, frame) => video[frame * size + 110 * SIDE + 110]!);
  return { luma, videoSha256 };
}

t.test('a layer on cue is in the rendered picture with its line, and not before or after', async (t) => {
  const { luma, videoSha256 } = await lumaOf('first');
  const first = luma.findIndex((value) => value < 30);
  const last = luma.findLastIndex((value) => value < 30);
  t.ok(first > 15, `shown from frame ${first}`);
  t.ok(last > first + 5 && last < luma.length - 15, `until frame ${last}`);
  t.ok(
    luma.slice(first, last + 1).every((value) => value < 30),
    'without a break',
  );
  t.equal((await lumaOf('second')).videoSha256, videoSha256, 'the same frames each time');
});
