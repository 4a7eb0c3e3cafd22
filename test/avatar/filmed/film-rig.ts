import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPresenter } from '../../../src/avatar/load-presenter.js';
import type { PresenterData } from '../../../src/avatar/presenter-data.js';
import { silentLog } from '../../../src/core/log.js';
import type { SetLight } from '../../../src/core/media/set-light.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { FilmWriter } from '../../../src/filming/write-film.js';
import { newPatch } from '../../../src/filming/footage/sample-patch.js';
import { writeMouthSheet } from '../../../src/filming/mouths/filmed-mouth-shapes.js';
import { makeCode } from '../../kit/draw-code.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';

export const kernels = twinKernels();
let found: Promise<string> | undefined;
const ffmpeg = (): Promise<string> => (found ??= findFfmpeg().then(({ path }) => path));
export const WIDTH = 96;
export const HEIGHT = 128;
export const FRAMES = 40;
export const MOUTH = 24;

export const consent = {
  who: 'Ana Torres',
  date: '2026-05-02',
  use: 'live sales of Torres Ltd',
  document: 'contracts/ana.pdf',
  adult: true,
  onePerson: true,
};

/** Mouths of the small pack: each is a plain square of its own grey. */
export const MOUTHS = [
  { viseme: 'sil', openness: 0, spread: 0, next: -1 },
  { viseme: 'PP', openness: 0, spread: 0, next: -1 },
  { viseme: 'aa', openness: 80, spread: 0, next: -1 },
  { viseme: 'aa', openness: 235, spread: 0, next: -1 },
  { viseme: 'U', openness: 90, spread: -1, next: -1 },
] as const;

export const greyOf = (mouth: number): number => 30 + 40 * mouth;

export const manifest = (alpha: boolean): Record<string, unknown> => ({
  kind: 'filmed',
  format: 1,
  name: 'ana',
  title: 'Ana',
  ageYears: 34,
  consent,
  film: { file: 'film.mp4', width: WIDTH, height: HEIGHT, rate: { num: 30, den: 1 }, frames: FRAMES, alpha },
  person: [16, 0, 64, HEIGHT],
  face: [32, 16, 32, 40],
  loop: { fromMs: 0, toMs: 1000 },
  gestures: [{ name: 'wave', fromMs: 1000, toMs: 1300 }],
  mouth: { track: 'track.json', pictures: 'mouths.webp', always: false, source: 'warp' },
});

export const track = (columns: number): Record<string, unknown> => ({
  rect: { left: -MOUTH / 2, top: -MOUTH / 2, width: MOUTH, height: MOUTH },
  references: 1,
  columns,
  poses: Array.from({ length: FRAMES }, (_, n) => [1, 0, 0, 1, 48 + n * 0.25, 48]).flat(),
  usable: Array.from({ length: FRAMES }, () => 1),
  blends: Array.from({ length: FRAMES * 3 }, () => 0),
  tones: Array.from({ length: FRAMES * 3 }, () => 0),
  gaps: Array.from({ length: FRAMES }, () => 0),
  mouths: MOUTHS,
  unit: 40,
  frames: FRAMES,
});

export interface PackOptions {
  readonly alpha?: boolean;
  /** Draws on a frame's picture, RGB. */
  readonly draw?: (data: Uint8Array, frame: number) => void;
}

/** Draws a QR code squeezed to 1:2, with its quiet zone, on a frame's picture. */
export async function drawSqueezedCode(text: string): Promise<(data: Uint8Array) => void> {
  const code = await makeCode(text);
  const [across, down] = [2, 4];
  return (data) => {
    for (let y = 0; y < (code.height + 4) * down; y += 1) {
      for (let x = 0; x < (code.width + 4) * across; x += 1) {
        const [mx, my] = [Math.floor(x / across) - 2, Math.floor(y / down) - 2];
        const isIn = mx >= 0 && my >= 0 && mx < code.width && my < code.height;
        const at = ((y + 4) * WIDTH + x + 20) * 3;
        data.fill(isIn && code.dark[my * code.width + mx] === 1 ? 20 : 235, at, at + 3);
      }
    }
  };
}

/** Writes a pack whose frame n is a plain picture that brightens with n. */
export async function writePack(dir: string, { alpha = false, draw }: PackOptions = {}): Promise<string> {
  mkdirSync(dir, { recursive: true });
  const { signal } = new AbortController();
  const writer = new FilmWriter(
    join(dir, 'film.mp4'),
    WIDTH,
    HEIGHT,
    { num: 30, den: 1 },
    alpha,
    await ffmpeg(),
    signal,
  );
  const matte = new Uint8Array(WIDTH * HEIGHT).fill(0);
  for (let y = 0; y < HEIGHT; y += 1) matte.fill(255, y * WIDTH + 16, y * WIDTH + 80);
  for (let n = 0; n < FRAMES; n += 1) {
    const data = new Uint8Array(WIDTH * HEIGHT * 3).fill(60 + 4 * n);
    draw?.(data, n);
    await writer.add({ data, width: WIDTH, height: HEIGHT }, alpha ? matte : undefined);
  }
  await writer.end();
  const patches = MOUTHS.map((_, i) => {
    const patch = newPatch(MOUTH, MOUTH);
    patch.data.fill(greyOf(i));
    return patch;
  });
  const full = new Float32Array(MOUTH * MOUTH).fill(1);
  const columns = await writeMouthSheet(
    join(dir, 'mouths.webp'),
    patches,
    patches.map(() => full),
  );
  writeFileSync(join(dir, 'pack.json'), JSON.stringify(manifest(alpha)));
  writeFileSync(join(dir, 'track.json'), JSON.stringify(track(columns)));
  return dir;
}

export const BOX = { x: 20, y: 10, width: WIDTH, height: HEIGHT };

export const loadPack = async (dir: string, cacheDir: string, box = BOX, light?: SetLight): Promise<PresenterData> => {
  const ffmpegPath = ffmpeg;
  return loadPresenter(dir, { box, kernels, log: silentLog, cacheDir, ffmpegPath, light: async () => light });
};

/** A copy of a pack with another pack.json or track.json. */
export function alteredPack(
  from: string,
  to: string,
  file: 'pack.json' | 'track.json',
  change: (value: any) => unknown,
): string {
  cpSync(from, to, { recursive: true });
  const path = join(to, file);
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
  return to;
}
