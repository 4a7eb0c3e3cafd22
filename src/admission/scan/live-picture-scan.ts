import { setTimeout as sleep } from 'node:timers/promises';
import {
  FrameScanner,
  type FrameScannerClient,
  SharedFrameScannerClient,
  hasAlpha,
  EFFORT,
  OUTCOME,
} from '../../codescan/index.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import { type BitmapId, BitmapTable, DrawList, newBitmapId, RectList } from '../../core/media/picture.js';
import type { FrameVerdict } from '../../core/verdict.js';
import type { Raster } from '../../scene/raster.js';

/** Maximum side of a frame; no picture is larger in a room. */
export const LIVE_SIDE = 1280;
const SCAN_TIMEOUT_MS = 15_000;
const POLL_MS = 1;

/**
 * Scans pictures as the running gate does: the compositor draws them into a frame, and the gate's scan threads scan it
 * as an entirely new frame.
 */
export class LivePictureScan implements Closeable {
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
