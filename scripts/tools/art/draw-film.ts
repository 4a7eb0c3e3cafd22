/**
 * Films a drawn presenter, silent and reading the text of `engine presenter film --script`, with grain, a slow change of
 * light and a hand-held camera: footage to try the importer on where no person may be filmed.
 *
 *   npm run tool -- draw-film PRESENTER FOLDER [--lang en] [--seconds 12] [--lines 8]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPresenter } from '../../../src/avatar/load-presenter.js';
import { PresenterRuntime } from '../../../src/avatar/presenter-runtime.js';
import { silentLog } from '../../../src/core/log.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { BitmapTable, DrawList, i420Size, RectList } from '../../../src/core/media/picture.js';
import { runChildSync } from '../../../src/core/processes/child-process.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex, SAMPLE_RATE_HZ } from '../../../src/core/time.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { FilmWriter } from '../../../src/filming/write-film.js';
import { spokenLine } from '../../../src/filming/measure/measure-film.js';
import { readingText } from '../../../src/filming/text/reading-text.js';
import { loadKernels } from '../../../src/native/load-kernels.js';

const WIDTH = 720;
const HEIGHT = 960;
const RATE = { num: 30, den: 1 };
/** Backdrop of the drawn room. */
const WALL = [150, 160, 172] as const;
const GRAIN = 5;
const LIGHT = 0.03;
const SWAY_PX = 3;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lang: { type: 'string', default: 'en' },
    seconds: { type: 'string', default: '12' },
    lines: { type: 'string', default: '8' },
  },
});
const [name, folder] = positionals;
if (name === undefined || folder === undefined) throw new Error('usage: npm run tool -- draw-film PRESENTER FOLDER');
mkdirSync(folder, { recursive: true });
const { path: ffmpeg } = await findFfmpeg();
const kernels = loadKernels();
const { signal } = new AbortController();
/** The figure is drawn larger than the frame: a bust, as a camera would take it. */
const box = { x: -240, y: 40, width: 1200, height: 1500 };
const data = await loadPresenter(templatePath('presenters', name), { box, kernels, log: silentLog });

async function film(file: string, frames: number, speak: (runtime: PresenterRuntime) => void): Promise<void> {
  const runtime = new PresenterRuntime(data, RATE, 5);
  const table = new BitmapTable();
  const list = new DrawList();
  const whole = new RectList(1);
  const canvas = new Uint8Array(i420Size(WIDTH, HEIGHT));
  const rgba = new Uint8Array(WIDTH * HEIGHT * 4);
  const wall = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let i = 0; i < wall.length; i += 4) wall.set([...WALL, 255], i);
  table.set(1_000_000, kernels.rgbaToYuva(wall, WIDTH, HEIGHT, 0, 0));
  runtime.registerBitmaps(table);
  speak(runtime);
  whole.push(0, 0, WIDTH, HEIGHT);
  const writer = new FilmWriter(file, WIDTH, HEIGHT, RATE, false, ffmpeg, signal);
  const random = seededRandom(11);
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let n = 0; n < frames; n += 1) {
    list.clear();
    list.push(1_000_000, 0, 0, 256, 0, 0, WIDTH, HEIGHT);
    runtime.paint(frameIndex(n), list);
    kernels.compose(canvas, WIDTH, HEIGHT, whole, list, table);
    kernels.i420ToRgba(canvas, WIDTH, HEIGHT, rgba);
    const light = 1 + LIGHT * Math.sin(n / 47);
    const dx = SWAY_PX * Math.sin(n / 31);
    const dy = SWAY_PX * Math.sin(n / 43 + 1);
    const [ix, iy] = [Math.floor(dx), Math.floor(dy)];
    const [fx, fy] = [dx - ix, dy - iy];
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) {
        const x0 = Math.min(WIDTH - 2, Math.max(0, x + ix));
        const y0 = Math.min(HEIGHT - 2, Math.max(0, y + iy));
        const at = (y0 * WIDTH + x0) * 4;
        const below = at + WIDTH * 4;
        const grain = (random() + random() - 1) * GRAIN;
        for (let k = 0; k < 3; k += 1) {
          const upper = rgba[at + k]! * (1 - fx) + rgba[at + 4 + k]! * fx;
          const lower = rgba[below + k]! * (1 - fx) + rgba[below + 4 + k]! * fx;
          const v = (upper * (1 - fy) + lower * fy) * light + grain;
          rgb[(y * WIDTH + x) * 3 + k] = v < 0 ? 0 : v > 255 ? 255 : v;
        }
      }
    }
    await writer.add({ data: rgb, width: WIDTH, height: HEIGHT }, undefined);
  }
  await writer.end();
}

await film(join(folder, 'base.mp4'), Number(values.seconds) * RATE.num, () => undefined);
const text = readingText(values.lang).split('\n').slice(0, Number(values.lines)).join('\n');
const { pcm, track } = await spokenLine(text, values.lang, RATE, silentLog, signal);
const silent = join(folder, 'talk-silent.mp4');
await film(silent, track.viseme.length, (runtime) => runtime.speak(frameIndex(0), track));
const sound = join(folder, 'talk.f32');
writeFileSync(sound, new Uint8Array(pcm.buffer));
const mux = ['-v', 'error', '-y', '-i', silent, '-f', 'f32le', '-ar', `${SAMPLE_RATE_HZ}`, '-ac', '1', '-i', sound];
runChildSync(ffmpeg, [...mux, '-c:v', 'copy', '-c:a', 'aac', '-shortest', join(folder, 'talk.mp4')]);
writeFileSync(join(folder, 'talk.txt'), text);
process.stdout.write(`${folder}: base.mp4, talk.mp4, talk.txt\n`);
