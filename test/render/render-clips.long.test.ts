import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { renderRoom } from '../../src/render/render-room.js';
import { clipRoom, FRAMES, HEIGHT, look, numberedClip, WIDTH } from '../on-air/clips-kit.js';

const dir = mkdtempSync(join(tmpdir(), 'showroom-clips-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
process.env['XDG_CACHE_HOME'] = join(dir, 'cache');
const layer = await numberedClip(dir);

t.test('renders the same frames offline for the same room and seed, each with its frame of the clip', async (t) => {
  const file = join(dir, 'room.json');
  writeFileSync(file, JSON.stringify(clipRoom([layer])));
  const config = loadRoom(file);
  const options = { fromSeconds: 0, toSeconds: 1.5, log: silentLog, signal: new AbortController().signal };
  const one = await renderRoom(config, { ...options, out: join(dir, 'one.raw') });
  const two = await renderRoom(config, { ...options, out: join(dir, 'two.raw') });
  t.equal(one.videoSha256, two.videoSha256);
  t.equal(one.replaced, 0, 'the gate replaces nothing');
  const size = (WIDTH * HEIGHT * 3) / 2;
  const video = readFileSync(join(dir, 'one.raw', 'video.i420'));
  for (let n = 0; n < 45; n += 1) {
    const seen = look(video.subarray(n * size, (n + 1) * size));
    t.equal(seen.n, n % FRAMES);
    t.ok(seen.distance < 2.5, `frame ${n} is off by ${seen.distance.toFixed(2)}`);
  }
});
