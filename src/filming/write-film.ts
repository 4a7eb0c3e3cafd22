import { once } from 'node:events';
import { join } from 'node:path';
import type { ConsentRecord } from '../avatar/filmed/film-manifest.js';
import type { GestureName } from '../cast/pack-voices.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { spawnChild } from '../core/processes/child-process.js';
import type { FrameRate } from '../core/time.js';
import { blendReferences } from './face/choose-references.js';
import { type Affine, mapX, mapY, type MouthSpace, poseOf } from './face/mouth-space.js';
import { refinePose } from './face/refine-pose.js';
import type { FaceTrack } from './face/track-face.js';
import { type Footage, type Rgb, sampleSquare } from './footage/open-footage.js';
import type { Patch } from './footage/sample-patch.js';
import { keyOut, type ScreenColour } from './matte/colour-key.js';
import type { Reference } from './mouths/warp-bank.js';
import { type FaceNets, PERSON_SIZE } from './nets/find-face.js';

export interface FilmPresenterOptions {
  /** The person at rest, silent. */
  readonly base: string;
  /** The person reading the text. */
  readonly talk?: string | undefined;
  /** The text read aloud, and its language; without them mouths are sorted by their shape alone. */
  readonly text?: string | undefined;
  readonly language?: string | undefined;
  readonly out: string;
  readonly name: string;
  readonly title?: string | undefined;
  readonly consent: ConsentRecord;
  readonly ageYears?: number | undefined;
  readonly matte: 'auto' | 'green' | 'person' | 'none';
  readonly gestures: readonly { readonly name: GestureName; readonly fromMs: number; readonly toMs: number }[];
  /** Share of the talk, at its end, that is kept out of the bank to measure with. */
  readonly holdOut?: number | undefined;
  readonly ffmpegPath: string;
  /** Decodes the footage. */
  readonly decoderPath: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, of: number, what: string) => void;
}

export interface FilmedResult {
  readonly dir: string;
  readonly frames: number;
  readonly usable: number;
  readonly loopMs: readonly [number, number];
  readonly mouths: number;
  readonly source: 'warp' | 'talk';
  readonly always: boolean;
  readonly alpha: boolean;
  readonly report: string;
  /** Correlation of the lip opening with the person's own, over the part of the talk that was held out. */
  readonly correlation: number | undefined;
  readonly warnings: readonly string[];
}

/** Encodes the film of a pack, H.264 in BT.709; a matte stands below the picture. */
export class FilmWriter {
  private readonly child;
  private stderr = '';
  private readonly ended: Promise<number>;
  private readonly buffer: Buffer;

  constructor(
    private readonly path: string,
    width: number,
    height: number,
    rate: FrameRate,
    alpha: boolean,
    ffmpegPath: string,
    signal: AbortSignal,
  ) {
    const rows = alpha ? 2 * height : height;
    this.buffer = Buffer.alloc(width * rows * 3);
    const args = [
      ...`-v error -nostdin -y -f rawvideo -pix_fmt rgb24 -s ${width}x${rows} -r ${rate.num}/${rate.den} -i pipe:0`.split(
        ' ',
      ),
      ...'-vf scale=in_range=pc:out_range=tv:out_color_matrix=bt709:flags=accurate_rnd,format=yuv420p'.split(' '),
      ...'-c:v libx264 -preset medium -crf 15 -bf 0 -g 60 -threads 2 -map_metadata -1'.split(' '),
      ...'-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv'.split(' '),
      ...'-movflags +faststart -f mp4'.split(' '),
      `file:${path}`,
    ];
    this.child = spawnChild(ffmpegPath, args, { stdio: ['pipe', 'ignore', 'pipe'], signal });
    this.child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (this.stderr = (this.stderr + text).slice(-1000)));
    this.child.stdin.on('error', () => undefined); // the exit code says why
    this.ended = new Promise((resolve) => {
      this.child.once('error', () => resolve(-1));
      this.child.once('close', (code) => resolve(code ?? -1));
    });
  }

  async add({ data }: Rgb, alpha: Uint8Array | undefined): Promise<void> {
    // Pipes keep the buffer until it is written.
    const out = Buffer.from(this.buffer);
    out.set(data);
    if (alpha !== undefined) {
      let at = data.length;
      for (const a of alpha) {
        out[at] = a;
        out[at + 1] = a;
        out[at + 2] = a;
        at += 3;
      }
    }
    if (!this.child.stdin.write(out)) await Promise.race([once(this.child.stdin, 'drain'), this.ended]);
  }

  async end(): Promise<void> {
    this.child.stdin.end();
    const code = await this.ended;
    if (code === 0) return;
    const found = this.stderr.trim().split('\n').at(-1)?.slice(0, 160) ?? `exit code ${code}`;
    throw new EngineError('E_ASSET_INVALID', { where: this.path, expected: 'a film that can be encoded', found });
  }

  close(): void {
    this.child.kill('SIGKILL');
  }
}

/** Share of the matte of the frame before: the net's edge flickers. */
const KEEP = 0.5;
const SOLID = 0.75;
const CLEAR = 0.3;

/** Cuts a person out of any background by MediaPipe's selfie net: 256 × 256 values a frame, so hair has a soft edge. */
class PersonMatte {
  private before: Float32Array | undefined;

  constructor(private readonly nets: FaceNets) {}

  async of(picture: Rgb): Promise<Uint8Array> {
    const { width, height } = picture;
    const side = Math.max(width, height);
    const square = { x: width / 2, y: height / 2, side, angle: 0 };
    const raw = Float32Array.from(await this.nets.person(sampleSquare(picture, square, PERSON_SIZE, 1, 0)));
    if (this.before !== undefined)
      for (let i = 0; i < raw.length; i += 1) raw[i] = raw[i]! * (1 - KEEP) + this.before[i]! * KEEP;
    this.before = raw;
    const alpha = new Uint8Array(width * height);
    const scale = PERSON_SIZE / side;
    const left = (side - width) / 2;
    const top = (side - height) / 2;
    const last = PERSON_SIZE - 1.001;
    for (let y = 0; y < height; y += 1) {
      const v = Math.min(last, Math.max(0, (y + 0.5 + top) * scale - 0.5));
      const vi = Math.floor(v);
      for (let x = 0; x < width; x += 1) {
        const u = Math.min(last, Math.max(0, (x + 0.5 + left) * scale - 0.5));
        const ui = Math.floor(u);
        const at = vi * PERSON_SIZE + ui;
        const upper = raw[at]! + (raw[at + 1]! - raw[at]!) * (u - ui);
        const lower = raw[at + PERSON_SIZE]! + (raw[at + PERSON_SIZE + 1]! - raw[at + PERSON_SIZE]!) * (u - ui);
        const t = Math.min(1, Math.max(0, (upper + (lower - upper) * (v - vi) - CLEAR) / (SOLID - CLEAR)));
        alpha[y * width + x] = Math.round(255 * t * t * (3 - 2 * t));
      }
    }
    return alpha;
  }
}

const MAX_TONE = 40;

/** Difference of a frame's skin around the mouth to that of a resting mouth's picture, in Y, U and V. */
function patchTone(
  { data, width, height }: Rgb,
  pose: Affine,
  rest: Patch,
  space: MouthSpace,
): [number, number, number] {
  const { unit, left, top, chinY } = space;
  const sum = [0, 0, 0];
  let n = 0;
  for (let v = 0; v < space.height; v += 3) {
    const y = top + v + 0.5;
    const half = space.halfWidth[v]! * 0.85;
    if (y > chinY * 0.9) break;
    for (let u = 0; u < space.width; u += 3) {
      const x = left + u + 0.5;
      if (Math.abs(x) > half || (x / (0.36 * unit)) ** 2 + (y / (0.2 * unit)) ** 2 < 1) continue;
      const px = Math.round(mapX(pose, x, y) - 0.5);
      const py = Math.round(mapY(pose, x, y) - 0.5);
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const at = (py * width + px) * 3;
      const from = (v * space.width + u) * 3;
      for (let k = 0; k < 3; k += 1) sum[k]! += data[at + k]! - rest.data[from + k]!;
      n += 1;
    }
  }
  const [r, g, b] = sum.map((s) => s / Math.max(1, n)) as [number, number, number];
  const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const hold = (value: number): number => Math.max(-MAX_TONE, Math.min(MAX_TONE, Math.round(value)));
  return [
    hold((luma * 219) / 255),
    hold(((b - luma) / 1.8556) * (224 / 255)),
    hold(((r - luma) / 1.5748) * (224 / 255)),
  ];
}

interface FilmPass {
  readonly options: FilmPresenterOptions;
  readonly footage: Footage;
  readonly nets: FaceNets;
  readonly screen: ScreenColour | undefined;
  readonly space: MouthSpace;
  readonly points: readonly (Float32Array | undefined)[];
  readonly track: FaceTrack;
  readonly chosen: readonly number[];
  readonly references: readonly Reference[];
  readonly usable: readonly boolean[];
  readonly draft: string;
  readonly tell: (frame: number) => void;
}

/** Writes the film with its matte; refines each frame's pose and measures its light on the way. */
export async function writeFilm(pass: FilmPass): Promise<{
  poses: Affine[];
  tones: number[];
  person: [number, number, number, number] | undefined;
}> {
  const { options, footage, nets, screen, space, points, track, chosen, references, usable } = pass;
  const person = options.matte === 'person' ? new PersonMatte(nets) : undefined;
  const hasAlpha = screen !== undefined || person !== undefined;
  const { width, height, rate } = footage;
  const writer = new FilmWriter(
    join(pass.draft, 'film.mp4'),
    width,
    height,
    rate,
    hasAlpha,
    options.ffmpegPath,
    options.signal,
  );
  const blends = blendReferences(track.frames, chosen);
  const poses: Affine[] = [];
  const tones: number[] = [];
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  try {
    for await (const picture of footage.frames(options.signal)) {
      const n = poses.length;
      if (n >= track.frames.length) break;
      if (n % 25 === 0) pass.tell(n);
      const alpha = screen === undefined ? await person?.of(picture) : keyOut(picture, screen);
      const reference = references[blends[n * 3]!]!;
      const own = points[n] === undefined ? (poses.at(-1) ?? reference.pose) : poseOf(space, points[n]!);
      const pose = usable[n] === true ? refinePose(picture, own, reference.template, space) : own;
      poses.push(pose);
      tones.push(...(usable[n] === true ? patchTone(picture, pose, reference.rest, space) : [0, 0, 0]));
      if (alpha !== undefined) {
        for (let y = 0; y < height; y += 4) {
          for (let x = 0; x < width; x += 4) {
            if (alpha[y * width + x]! < 128) continue;
            x0 = Math.min(x0, x);
            x1 = Math.max(x1, x + 4);
            y0 = Math.min(y0, y);
            y1 = Math.max(y1, y + 4);
          }
        }
      }
      await writer.add(picture, alpha);
    }
    await writer.end();
  } finally {
    writer.close();
  }
  if (poses.length !== track.frames.length) {
    throw new EngineError('E_ASSET_INVALID', {
      where: `--base ${options.base}`,
      expected: `${track.frames.length} frames again`,
      found: `${poses.length}`,
    });
  }
  const box: [number, number, number, number] | undefined = hasAlpha
    ? [x0, y0, Math.max(2, Math.min(width, x1) - x0), Math.max(2, Math.min(height, y1) - y0)]
    : undefined;
  return { poses, tones, person: box };
}
