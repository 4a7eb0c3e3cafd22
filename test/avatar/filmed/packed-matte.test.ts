import { openSync, closeSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  FilmFile,
  FilmFileWriter,
  matteBytes,
  maxMatteBytes,
  packMatte,
  unpackMatte,
} from '../../../src/avatar/filmed/film-file.js';
import { joinMatte } from '../../../src/avatar/filmed/join-matte.js';
import { i420Size, yuvaSize } from '../../../src/core/media/picture.js';
import { seededRandom } from '../../../src/core/random.js';

const WIDTH = 64;
const HEIGHT = 48;

/** A person-like frame: noise inside a matte that a function of the place draws. */
function frameOf(matte: (x: number, y: number) => number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  const source = new Uint8Array(i420Size(WIDTH, 2 * HEIGHT)).map(() => 16 + Math.floor(random() * 220));
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1) source[WIDTH * HEIGHT + y * WIDTH + x] = matte(x, y);
  // Chroma of the picture and of its matte lie one below the other.
  const frame = new Uint8Array(yuvaSize(WIDTH, HEIGHT));
  joinMatte(source, WIDTH, HEIGHT, frame);
  return frame;
}

const disc = (x: number, y: number): number => {
  const d = Math.hypot(x - 30, y - 24);
  return d < 14 ? 235 : d < 18 ? 120 : 16;
};
const random = seededRandom(5);
const MATTES: Record<string, (x: number, y: number) => number> = {
  disc,
  empty: () => 16,
  full: () => 235,
  'two arms with a hole': (x, y) => (y > 10 && (Math.abs(x - 12) < 4 || Math.abs(x - 50) < 5) ? 235 : 16),
  'touching all edges': (x, y) => (x === 0 || y === 0 || x === WIDTH - 1 || y === HEIGHT - 1 ? 90 : 16),
  noise: () => 16 + Math.floor(random() * 220),
};

const packed = Buffer.from(new ArrayBuffer(maxMatteBytes(WIDTH, HEIGHT)));
const COLOURS = i420Size(WIDTH, HEIGHT);

t.test('a packed matte unpacks to the same bytes, whatever its form', async (t) => {
  for (const [name, matte] of Object.entries(MATTES)) {
    const frame = frameOf(matte);
    const bytes = packMatte(frame, WIDTH, HEIGHT, packed);
    t.ok(bytes <= packed.length, name);
    const back = new Uint8Array(matteBytes(WIDTH, HEIGHT)).fill(77);
    unpackMatte(packed, bytes, WIDTH, HEIGHT, back);
    t.equal(Buffer.compare(back, frame.subarray(COLOURS)), 0, name);
  }
});

t.test('is small where nobody stands and where the matte is full', async (t) => {
  const spans = (HEIGHT / 2) * 8;
  t.equal(packMatte(frameOf(MATTES['empty']!), WIDTH, HEIGHT, packed), spans);
  t.equal(packMatte(frameOf(MATTES['full']!), WIDTH, HEIGHT, packed), spans);
  t.ok(packMatte(frameOf(disc), WIDTH, HEIGHT, packed) < matteBytes(WIDTH, HEIGHT) * 0.4);
});

t.test('refuses bytes that hold no matte', async (t) => {
  const bytes = packMatte(frameOf(disc), WIDTH, HEIGHT, packed);
  const to = new Uint8Array(matteBytes(WIDTH, HEIGHT));
  for (const length of [0, 10, bytes - 1])
    t.throws(() => unpackMatte(packed, length, WIDTH, HEIGHT, to), RangeError, `${length} bytes`);
  for (const cell of [0, 2, 4, 6]) {
    const altered = new Uint8Array(packed);
    new DataView(altered.buffer).setUint16(12 * 8 + cell, 60_000, true);
    t.throws(() => unpackMatte(altered, bytes, WIDTH, HEIGHT, to), RangeError);
  }
});

t.test('a film gives its frames in any order, and a damaged one is refused', async (t) => {
  const dir = t.testdir();
  for (const alpha of [true, false]) {
    const path = join(dir, `${alpha}.film`);
    const shape = { width: WIDTH, height: HEIGHT, frames: 3, alpha };
    const frames = [1, 2, 3].map((seed) =>
      alpha ? frameOf(disc, seed) : frameOf(MATTES['full']!, seed).slice(0, i420Size(WIDTH, HEIGHT)),
    );
    const fd = openSync(path, 'wx', 0o600);
    const writer = new FilmFileWriter(fd, shape);
    for (const frame of frames) writer.add(frame);
    t.throws(() => FilmFile.open(path, shape), /damaged/, 'not before it is whole');
    writer.end();
    closeSync(fd);
    const film = FilmFile.open(path, shape);
    const to = new Uint8Array(yuvaSize(WIDTH, HEIGHT));
    for (const n of [2, 0, 1, 2]) {
      film.read(n, to, false);
      t.equal(Buffer.compare(to.subarray(0, frames[n]!.length), frames[n]!), 0, `frame ${n}`);
      if (!alpha) t.equal(to.at(-1), 255, 'the matte of a film with its background is full');
    }
    film.close();
    t.throws(() => FilmFile.open(path, { ...shape, frames: 4 }), /another form/);
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, statSync(path).size - 3));
    t.throws(() => FilmFile.open(path, shape), /damaged/);
    const index = Buffer.from(whole);
    index.writeDoubleLE(1e9, whole.length - 16);
    writeFileSync(path, index);
    t.throws(() => FilmFile.open(path, shape), /index/);
  }
});
