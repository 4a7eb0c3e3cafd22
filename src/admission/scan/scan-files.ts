import { isDeepStrictEqual } from 'node:util';
import { AdmissionScanner } from '../../codescan/admission/index.js';
import { judgePictureText, TextReader } from '../../compliance/ocr/text-reader.js';
import { TextJudge } from '../../moderation/index.js';
import type { Closeable } from '../../core/closeable.js';
import { toEngineError, EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { Box, FrameHit, FrameVerdict } from '../../core/verdict.js';
import { loadKernels } from '../../native/load-kernels.js';
import type { Raster } from '../../scene/raster.js';
import { PictureProcess, SCAN_LIMITS } from '../../scene/drawing/picture-process.js';
import { CloseStack } from '../../core/close-stack.js';
import { type DecodePage, type FoundPath, readPictures } from './find-pictures.js';
import { writtenInside } from '../texts/refuse-texts.js';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  FrameScanner,
  type FrameScannerClient,
  SharedFrameScannerClient,
  hasAlpha,
  EFFORT,
  OUTCOME,
} from '../../codescan/index.js';
import type { Kernels } from '../../core/kernels.js';
import { type BitmapId, BitmapTable, DrawList, newBitmapId, RectList } from '../../core/media/picture.js';

export interface ScanFilesOptions {
  /** `admission`: the hard scan before a picture becomes a layer. `live`: the gate's scan of a frame. */
  readonly mode: 'admission' | 'live';
  /** Also reads the text in the pictures, in this language, at half a second of CPU each. */
  readonly textLanguage?: string;
  /** Retail barcodes count as codes. */
  readonly retailBarcodes?: boolean;
  readonly log: Log;
  /** Maximum pictures in progress. Default 3. */
  readonly lanes?: number;
}

/** A hit with its page, from 1, when the file holds several pictures. */
export type FileHit = FrameHit & { readonly page?: number };

export type ScannedFile =
  | { readonly file: string; readonly verdict: FrameVerdict['verdict']; readonly hits: readonly FileHit[] }
  | { readonly file: string; readonly error: string };

/** Maximum side in the hard scan. */
const ADMISSION_SIDE = 2560;
/** Maximum pages scanned per animation; the rest is reported for review. */
const MAX_PAGES = 200;
const SCAN_THREADS = 2;
const RANK: Readonly<Record<FrameVerdict['verdict'], number>> = { clean: 0, review: 1, violation: 2 };

/**
 * Verdicts of the gate on pictures in files, in the given order.
 *
 * Reading and judging take about as long, on different threads, so a few files are in progress at once; memory is
 * bounded by that number, however long the list is. An unreadable file gives an error at its place and holds nothing
 * up.
 */
export async function* scanFiles(
  files: Iterable<FoundPath>,
  options: ScanFilesOptions,
): AsyncGenerator<ScannedFile, void, void> {
  const lanes = options.lanes ?? 3;
  const stack = new CloseStack(options.log);
  const pending: Promise<ScannedFile>[] = [];
  try {
    const look = await openScan(options, lanes, stack);
    const { page } = stack.add(new PictureProcess({ log: options.log, limits: SCAN_LIMITS }));
    let index = 0;
    for (const { file, error } of files) {
      // Results leave in order, so the oldest result's lane is free once it has left.
      if (pending.length === lanes) yield await pending.shift()!;
      const lane = index % lanes;
      index += 1;
      pending.push(
        error === undefined ? scanFile(file, lane, options.mode, look, page) : Promise.resolve({ file, error }),
      );
    }
    while (pending.length > 0) yield await pending.shift()!;
  } finally {
    // A caller that stops early leaves scans in progress, which a closed scanner would never answer.
    await Promise.allSettled(pending);
    await stack.close();
  }
}

type Look = (
  picture: Raster & { readonly texts: readonly string[] },
  where: string,
  lane: number,
) => Promise<FrameVerdict>;

async function openScan(
  { mode, textLanguage, retailBarcodes = false, log }: ScanFilesOptions,
  lanes: number,
  stack: CloseStack,
): Promise<Look> {
  const codes =
    mode === 'live'
      ? await liveScan(lanes, retailBarcodes, log, stack)
      : admissionScan(lanes, retailBarcodes, log, stack);
  if (textLanguage === undefined) return codes;
  const reader = stack.add(new TextReader({ log }));
  const judge = new TextJudge();
  return async (picture, where, lane) => {
    const found = await codes(picture, where, lane);
    const text = await judgePictureText(reader, judge, picture, { surface: 'frame', language: textLanguage });
    const written = writtenInside({ judge, room: { language: textLanguage, products: [] } }, picture.texts);
    return {
      verdict: worse(worse(found.verdict, text.verdict), written.verdict),
      hits: [...found.hits, ...text.hits, ...written.hits],
    };
  };
}

/** Maximum side of a frame; no picture is larger in a room. */
const LIVE_SIDE = 1280;
const SCAN_TIMEOUT_MS = 15_000;
const POLL_MS = 1;

/**
 * Scans pictures as the running gate does: the compositor draws them into a frame, and the gate's scan threads scan it
 * as an entirely new frame.
 */
class LivePictureScan implements Closeable {
  private readonly list = new DrawList(2);
  private readonly bitmaps = new BitmapTable();
  private readonly ground: BitmapId = newBitmapId();
  private readonly picture: BitmapId = newBitmapId();
  private readonly all = new RectList(1);

  private constructor(
    private readonly kernels: Kernels,
    private readonly scanner: FrameScanner,
    private readonly client: FrameScannerClient,
  ) {
    this.all.push(0, 0, LIVE_SIDE, LIVE_SIDE);
    const white = new Uint8Array(LIVE_SIDE * LIVE_SIDE * 4).fill(255);
    this.bitmaps.set(this.ground, kernels.rgbaToYuva(white, LIVE_SIDE, LIVE_SIDE, 0, 0));
  }

  /** `lanes`: maximum pictures in progress; `retail`: reads retail barcodes too. */
  static async open(
    kernels: Kernels,
    lanes: number,
    threads: number,
    log: Log,
    retail = false,
  ): Promise<LivePictureScan> {
    const scanner = await FrameScanner.open({
      width: LIVE_SIDE,
      height: LIVE_SIDE,
      buffers: lanes,
      threads,
      retail,
      log,
      stallMs: SCAN_TIMEOUT_MS,
    });
    return new LivePictureScan(kernels, scanner, new SharedFrameScannerClient(scanner.handle));
  }

  /**
   * Judges a picture of at most LIVE_SIDE×LIVE_SIDE in lane `lane`, which must be free. A picture with transparent
   * pixels is scanned over white and over black.
   */
  async scan(picture: Raster, where: string, lane: number): Promise<FrameVerdict> {
    const grounds = hasAlpha(picture.rgba) ? (['white', 'black'] as const) : (['white'] as const);
    for (const ground of grounds) {
      this.draw(picture, ground, this.client.picture(lane));
      const verdict = await this.scanLane(picture, where, lane);
      if (verdict.verdict !== 'clean') return verdict;
    }
    return { verdict: 'clean', hits: [] };
  }

  close(): Promise<void> {
    return this.scanner.close();
  }

  private draw({ rgba, width, height }: Raster, ground: 'white' | 'black', canvas: Uint8Array): void {
    const bitmap = this.kernels.rgbaToYuva(rgba, width, height, 0, 0);
    this.bitmaps.set(this.picture, bitmap);
    this.list.clear();
    if (ground === 'white') this.list.push(this.ground, 0, 0, 256, 0, 0, LIVE_SIDE, LIVE_SIDE);
    this.list.push(this.picture, 0, 0, 256, 0, 0, bitmap.width, bitmap.height);
    this.kernels.compose(canvas, LIVE_SIDE, LIVE_SIDE, this.all, this.list, this.bitmaps);
    this.bitmaps.delete(this.picture);
  }

  private async scanLane({ width, height }: Raster, where: string, lane: number): Promise<FrameVerdict> {
    const { client } = this;
    const rects = new RectList(1);
    rects.push(0, 0, (width + 1) & ~1, (height + 1) & ~1);
    client.post(lane, 0, rects, rects.items, EFFORT.deep | EFFORT.exact);
    while (!client.done(lane)) await sleep(POLL_MS);
    const outcome = client.outcome(lane);
    const hits = outcome === OUTCOME.violation ? client.describe(lane) : [];
    client.retire(lane);
    if (outcome === OUTCOME.failed) {
      const todo = 'try the picture by itself; run `engine doctor` if it happens again';
      throw new EngineError('E_SCAN_FAILED', { where, expected: 'a verdict', found: 'a scan that did not end', todo });
    }
    return { verdict: hits.length > 0 ? 'violation' : 'clean', hits };
  }
}

async function liveScan(lanes: number, retail: boolean, log: Log, stack: CloseStack): Promise<Look> {
  const live = stack.add(await LivePictureScan.open(loadKernels(), lanes, SCAN_THREADS, log, retail));
  return (picture, where, lane) => live.scan(picture, where, lane);
}

function admissionScan(lanes: number, retail: boolean, log: Log, stack: CloseStack): Look {
  const scanners = Array.from({ length: Math.min(lanes, SCAN_THREADS) }, () => {
    return stack.add<AdmissionScanner & Closeable>(new AdmissionScanner({ log, retail }));
  });
  return ({ rgba, width, height }, where, lane) =>
    scanners[lane % scanners.length]!.scan(rgba, width, height, 'admission', where);
}

async function scanFile(
  file: string,
  lane: number,
  mode: ScanFilesOptions['mode'],
  look: Look,
  decode: DecodePage,
): Promise<ScannedFile> {
  const maxSide = mode === 'live' ? LIVE_SIDE : ADMISSION_SIDE;
  const hits: FileHit[] = [];
  let verdict: FrameVerdict['verdict'] = 'clean';
  try {
    for await (const picture of readPictures(decode, file, { maxSide, maxPages: MAX_PAGES })) {
      const { page, pages, scale } = picture;
      const found = await look(picture, file, lane);
      verdict = worse(verdict, found.verdict);
      for (const hit of found.hits) {
        const one = inFile(hit, scale, pages > 1 ? page : undefined);
        // A coloured code is found once per colour plane.
        if (!hits.some((other) => isDeepStrictEqual(other, one))) hits.push(one);
      }
      if (verdict === 'violation') break;
      if (page === MAX_PAGES && pages > page) {
        verdict = 'review';
        hits.push({ rule: '3.3', kind: 'unread-pages', text: `pictures ${page + 1} to ${pages}`, page: page + 1 });
      }
    }
  } catch (e) {
    return { file, error: toEngineError(e, file).message };
  }
  return { file, verdict, hits };
}

const worse = (a: FrameVerdict['verdict'], b: FrameVerdict['verdict']): FrameVerdict['verdict'] =>
  RANK[a] >= RANK[b] ? a : b;

/** The hit with its box in pixels of the file. */
function inFile({ box, ...hit }: FrameHit, scale: number, page: number | undefined): FileHit {
  const numbered = page === undefined ? hit : { ...hit, page };
  return box === undefined ? numbered : { ...numbered, box: scaled(box, scale) };
}

const scaled = (box: Box, scale: number): Box => ({
  x: Math.round(box.x * scale),
  y: Math.round(box.y * scale),
  width: Math.round(box.width * scale),
  height: Math.round(box.height * scale),
});
