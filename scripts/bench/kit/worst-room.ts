import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../../src/core/random.js';
import { loadSharp } from '../../../src/scene/sharp.js';

const WIDTH = 720;
const HEIGHT = 1280;
/** How far the pictures extend beyond the frame, and so how far they move. */
const BEYOND = 160;
/** Widths of the blots in pixels: from the smallest modules a phone can read to those of a poster. */
const OCTAVES = [3, 6, 12, 24];
/** Share of chroma contrast, as in camera pictures. */
const COLOUR = 0.3;

/** Blots of all sizes, with alternating light and dark as in a code. */
async function writeBlots(file: string, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const [w, h] = [WIDTH + 2 * BEYOND, HEIGHT + 2 * BEYOND];
  const sum = new Float32Array(w * h * 3);
  for (const size of OCTAVES) {
    const columns = Math.ceil(w / size) + 1;
    const cells = columns * (Math.ceil(h / size) + 1);
    const grid = new Float32Array(cells * 3);
    for (let i = 0; i < cells; i += 1) {
      const grey = random() - 0.5;
      for (let c = 0; c < 3; c += 1) grid[i * 3 + c] = grey + COLOUR * (random() - 0.5);
    }
    for (let y = 0; y < h; y += 1) {
      for (let x = 0; x < w; x += 1) {
        const at = (Math.floor(y / size) * columns + Math.floor(x / size)) * 3;
        for (let c = 0; c < 3; c += 1) sum[(y * w + x) * 3 + c]! += grid[at + c]!;
      }
    }
  }
  const rgb = Uint8Array.from(sum, (v) => Math.min(255, Math.max(0, 128 + v * 130)));
  const sharp = await loadSharp();
  await sharp(rgb, { raw: { width: w, height: h, channels: 3 } })
    .blur(1.6)
    .png()
    .toFile(file);
}

const moving = (id: string, z: number, opacity: number, dx: number, dy: number): object => ({
  id,
  type: 'image',
  z,
  x: -BEYOND,
  y: -BEYOND,
  width: WIDTH + 2 * BEYOND,
  height: HEIGHT + 2 * BEYOND,
  src: `${id}.png`,
  fit: 'fill',
  opacity,
  motion: {
    keyframes: [
      { atMs: 0, dx: -dx, dy: -dy, easing: 'linear' },
      { atMs: 2000, dx, dy, easing: 'linear' },
      { atMs: 4000, dx: -dx, dy: -dy, easing: 'linear' },
    ],
    loopMs: 4000,
  },
});

/**
 * Writes the hardest room for the scan to a folder and returns its file: two pictures full of blots move through each
 * other over the whole frame, so every pixel changes in every frame and the whole picture is as busy as a code.
 */
export async function writeWorstRoom(dir: string): Promise<string> {
  await writeBlots(join(dir, 'blots-a.png'), 11);
  await writeBlots(join(dir, 'blots-b.png'), 12);
  const room = {
    name: 'worst',
    video: { width: WIDTH, height: HEIGHT, fps: 30 },
    rights: { assets: 'own work of the project, Apache-2.0' },
    presenter: { pack: 'mei' },
    layers: [
      moving('blots-a', -100, 1, 150, 90),
      moving('blots-b', -90, 0.5, -110, 140),
      { id: 'presenter', type: 'presenter', anchor: 'bottom', width: 400, height: 640 },
    ],
    script: { segments: [{ lines: [{ text: 'Everything behind me moves, and all of it is looked at.' }] }] },
  };
  const file = join(dir, 'room.json');
  writeFileSync(file, JSON.stringify(room, null, 2));
  return file;
}
