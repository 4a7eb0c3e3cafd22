import { spawn } from 'node:child_process';
import { loadSharp } from '../../../src/scene/sharp.js';
import type { Frame, Placing } from './paint-symbol.js';

/** Effects on a finished frame: light, lens, camera and video compression. */
export type Effect = (frame: Frame, place: Placing, random: () => number) => void | Promise<void>;

const between = (random: () => number, low: number, high: number): number => low + (high - low) * random();
const clamp = (v: number): number => Math.min(255, Math.max(0, Math.round(v)));

/** Calls `change` for every pixel within a code's reach. */
function around(frame: Frame, { x, y, size }: Placing, change: (x: number, y: number, at: number) => void): void {
  const reach = size * 0.9;
  const [x0, x1] = [Math.max(0, Math.floor(x - reach)), Math.min(frame.width, Math.ceil(x + reach))];
  const [y0, y1] = [Math.max(0, Math.floor(y - reach)), Math.min(frame.height, Math.ceil(y + reach))];
  for (let py = y0; py < y1; py += 1) for (let px = x0; px < x1; px += 1) change(px, py, 4 * (py * frame.width + px));
}

/** Scales the colours at a pixel and adds to them. */
function light(frame: Frame, at: number, gain: number, add = 0): void {
  for (let c = at; c < at + 3; c += 1) frame.rgba[c] = clamp(frame.rgba[c]! * gain + add);
}

/** The edge of a shadow runs through the code. */
export const shadow: Effect = (frame, place, random) => {
  const angle = between(random, 0, 2 * Math.PI);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const [loss, soft] = [between(random, 0.4, 0.7), between(random, 2, 12)];
  const middle = between(random, -0.25, 0.25) * place.size;
  around(frame, place, (x, y, at) => {
    const past = (x - place.x) * dx + (y - place.y) * dy - middle;
    light(frame, at, 1 - loss * Math.min(1, Math.max(0, past / soft + 0.5)));
  });
};

/** The reflection of a lamp in the code. */
export const glare: Effect = (frame, place, random) => {
  const [gx, gy] = [0, 0].map(() => between(random, -0.3, 0.3) * place.size) as [number, number];
  const [sigma, strength] = [place.size * between(random, 0.1, 0.2), between(random, 80, 180)];
  around(frame, place, (x, y, at) => {
    const d = Math.hypot(x - place.x - gx, y - place.y - gy) / sigma;
    if (d < 3) light(frame, at, 1, strength * Math.exp(-0.5 * d * d));
  });
};

/** The dark lines between the dots of a screen. */
export const screenDoor: Effect = (frame, place, random) => {
  const step = between(random, 2.6, 4.5);
  const loss = between(random, 0.2, 0.45);
  around(frame, place, (x, y, at) => {
    const line = (v: number): number => (v % step < 1 ? 1 - loss : 1);
    light(frame, at, line(x) * line(y));
  });
};

/** The noise of a camera in the dark: by the channel, of normal distribution. */
export const grain: Effect = (frame, place, random) => {
  const sigma = between(random, 6, 18);
  around(frame, place, (_x, _y, at) => {
    for (let c = at; c < at + 3; c += 1) {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      frame.rgba[c] = clamp(frame.rgba[c]! + sigma * normal);
    }
  });
};

/** Moved while the shutter was open, by 0.5 to 1.1 modules of a code of `modules` along a side. */
export const motion =
  (modules: number): Effect =>
  (frame, place, random) => {
    const length = (between(random, 0.5, 1.1) * place.size) / modules;
    const angle = between(random, 0, Math.PI);
    const before = frame.rgba.slice();
    const steps = 9;
    around(frame, place, (x, y, at) => {
      for (let c = 0; c < 3; c += 1) {
        let sum = 0;
        for (let k = 0; k < steps; k += 1) {
          const t = (k / (steps - 1) - 0.5) * length;
          const px = Math.min(frame.width - 1.001, Math.max(0, x + t * Math.cos(angle)));
          const py = Math.min(frame.height - 1.001, Math.max(0, y + t * Math.sin(angle)));
          const [ix, iy] = [Math.floor(px), Math.floor(py)];
          const [fx, fy] = [px - ix, py - iy];
          const i = 4 * (iy * frame.width + ix) + c;
          const below = i + 4 * frame.width;
          sum += (before[i]! * (1 - fx) + before[i + 4]! * fx) * (1 - fy);
          sum += (before[below]! * (1 - fx) + before[below + 4]! * fx) * fy;
        }
        frame.rgba[at + c] = clamp(sum / steps);
      }
    });
  };

/** A thumb or a strip of tape over part of the data; the finders stay free. */
export const covered: Effect = (frame, place, random) => {
  const tone = [between(random, 40, 230), between(random, 40, 200), between(random, 40, 200)];
  const r = place.size * between(random, 0.1, 0.15);
  const [cx, cy] = [0, 0].map(() => between(random, -0.08, 0.08) * place.size) as [number, number];
  const strip = random() < 0.4;
  around(frame, place, (x, y, at) => {
    const [dx, dy] = [x - place.x - cx, y - place.y - cy];
    const inside = strip ? Math.abs(dy) < r * 0.4 && Math.abs(dx) < place.size * 0.3 : Math.hypot(dx, dy) < r;
    if (inside) for (let c = 0; c < 3; c += 1) frame.rgba[at + c] = tone[c]!;
  });
};

export const throughJpeg =
  (low: number, high: number): Effect =>
  async ({ width, height, rgba }, _place, random) => {
    const sharp = await loadSharp();
    const file = await sharp(rgba, { raw: { width, height, channels: 4 } })
      .removeAlpha()
      .jpeg({ quality: Math.round(between(random, low, high)) })
      .toBuffer();
    rgba.set(await sharp(file).ensureAlpha().raw().toBuffer());
  };

/** Once through x264 and back, like a film used as a layer. */
export const throughVideo: Effect = async ({ width, height, rgba }, _place, random) => {
  const crf = Math.round(between(random, 24, 34));
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`, '-r', '25'];
  const to = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', `${crf}`, '-pix_fmt', 'yuv420p', '-f', 'nut', '-'];
  const film = await ffmpeg(['-i', '-', ...to], Buffer.from(rgba.buffer, rgba.byteOffset, rgba.length), raw);
  rgba.set(await ffmpeg(['-i', '-', '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'], film));
};

function ffmpeg(args: readonly string[], input: Buffer, before: readonly string[] = []): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', ['-v', 'error', '-threads', '1', ...before, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(Buffer.concat(parts)) : reject(new Error(`ffmpeg ended with ${code}`)),
    );
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
