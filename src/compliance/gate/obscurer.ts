// frame path
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { type FrameScannerClient, EFFORT, OUTCOME } from '../../codescan/index.js';
import type { BufferPool } from './buffers/buffer-pool.js';
import type { GateCounters } from './gate-event.js';
import type { Judge } from './judge.js';
import { JUDGED } from './replacement.js';
import type { TileGrid } from '../../core/media/tile-grid.js';

export interface ObscurerOptions {
  smooth: boolean;
  lookAheadFrames: number;
  scanner: FrameScannerClient;
  grid: TileGrid;
  pool: BufferPool;
  judge: Judge;
  counters: GateCounters;
}

const STATE = { none: 0, proof: 1, impossible: 2 } as const;
const PROOF = { pending: 0, clean: 1, dirty: 2 } as const;
const PROOFS = 256;
/** Pixels around an obscured rectangle that are scanned with it, to find a code that reaches out of it. */
const MARGIN = 64;
/** Maximum obscured share of the frame; beyond it the slate is the better picture. */
const MAX_SHARE = 0.5;
/** Maximum rectangles of one frame. */
const PLACES = 8;

/**
 * Makes a rectangle of an I420 frame unreadable, in place.
 *
 * The rectangle becomes at most `BLOCKS` × `BLOCKS` means, shown as blocks or as a smooth blend of them. The smallest
 * symbols have more modules (a Data Matrix of 8 × 18, an rMQR of 7 × 27), so no code inside the rectangle survives,
 * whatever its size. Whether a code reaches out of it must be proven separately.
 */
const BLOCKS = 6;

/** Means of the blocks of one plane, in 1/16 levels, row by row. */
const means = new Int32Array(BLOCKS * BLOCKS);

/** x, y, w, h are even and inside the frame. */
export function obscure(
  frame: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  w: number,
  h: number,
  smooth: boolean,
): void {
  const luma = width * height;
  plane(frame, 0, width, x, y, w, h, smooth);
  plane(frame, luma, width >> 1, x >> 1, y >> 1, w >> 1, h >> 1, smooth);
  plane(frame, luma + (luma >> 2), width >> 1, x >> 1, y >> 1, w >> 1, h >> 1, smooth);
}

function plane(
  data: Uint8Array,
  base: number,
  stride: number,
  x: number,
  y: number,
  w: number,
  h: number,
  smooth: boolean,
): void {
  if (w < 1 || h < 1) return;
  const size = Math.max(1, Math.ceil(Math.max(w, h) / BLOCKS));
  const columns = Math.ceil(w / size);
  const rows = Math.ceil(h / size);
  for (let j = 0; j < rows; j += 1) {
    const top = j * size;
    const bottom = Math.min(h, top + size);
    for (let i = 0; i < columns; i += 1) {
      const left = i * size;
      const right = Math.min(w, left + size);
      let sum = 0;
      for (let row = top; row < bottom; row += 1) {
        const at = base + (y + row) * stride + x;
        for (let column = left; column < right; column += 1) sum += data[at + column]!;
      }
      means[j * columns + i] = Math.round((sum * 16) / ((bottom - top) * (right - left)));
    }
  }
  if (smooth) blend(data, base, stride, x, y, w, h, size, columns, rows);
  else fill(data, base, stride, x, y, w, h, size, columns);
}

function fill(
  data: Uint8Array,
  base: number,
  stride: number,
  x: number,
  y: number,
  w: number,
  h: number,
  size: number,
  columns: number,
): void {
  for (let row = 0; row < h; row += 1) {
    const at = base + (y + row) * stride + x;
    const line = Math.floor(row / size) * columns;
    for (let left = 0, i = 0; left < w; left += size, i += 1) {
      data.fill((means[line + i]! + 8) >> 4, at + left, at + Math.min(w, left + size));
    }
  }
}

/** Bilinear interpolation between the blocks' centres. */
function blend(
  data: Uint8Array,
  base: number,
  stride: number,
  x: number,
  y: number,
  w: number,
  h: number,
  size: number,
  columns: number,
  rows: number,
): void {
  for (let row = 0; row < h; row += 1) {
    const v = Math.max(0, (row + 0.5) / size - 0.5);
    const j = Math.min(rows - 1, Math.floor(v));
    const down = j + 1 < rows ? Math.round((v - j) * 256) : 0;
    const a = j * columns;
    const b = down === 0 ? a : a + columns;
    const at = base + (y + row) * stride + x;
    for (let column = 0; column < w; column += 1) {
      const u = Math.max(0, (column + 0.5) / size - 0.5);
      const i = Math.min(columns - 1, Math.floor(u));
      const across = i + 1 < columns ? Math.round((u - i) * 256) : 0;
      const next = across === 0 ? i : i + 1;
      const above = means[a + i]! * (256 - across) + means[a + next]! * across;
      const below = means[b + i]! * (256 - across) + means[b + next]! * across;
      data[at + column] = (above * (256 - down) + below * down + (1 << 19)) >> 20;
    }
  }
}

/**
 * Obscures codes instead of hiding the frame.
 *
 * Problem: the show should go on around a code, but a code that was found a few pixels off, that moves, or that has a
 * second one nearby must not become visible. The proof takes a decoder tens of milliseconds.
 *
 * Rule: half the look-ahead after a condemned frame was submitted, its code rectangles, merged with those known so far
 * of the later frames and of the two frames before, are obscured in its own buffer, and their surroundings are scanned
 * once more at full effort. The frame is shown only when its proof is "clean" at its release; otherwise the replacement
 * decides (held picture, then slate). Frames condemned because of a later frame have no rectangle of their own, and
 * frames with an unjudged part may contain more than a code: neither is obscured. A frame that differs from the one
 * before only outside the rectangles and their margin shares its proof.
 */
export class Obscurer {
  private readonly ring: number;
  private readonly states: Uint8Array;
  private readonly proofIds: Int32Array;
  private readonly proofs = new Uint8Array(PROOFS);
  /** The buffer of a running proof scan, −1 otherwise. */
  private readonly proofBuffers = new Int32Array(PROOFS).fill(-1);
  private proofCount = 0;
  private prepared = 0;
  private readonly places = new RectList(PLACES);
  private readonly own = new RectList(PLACES);
  /** The last obscured rectangles, for the next frame and the hold time. */
  private readonly last = new RectList(PLACES);
  private lastSequence = -1;
  private readonly rescan = new RectList(PLACES);
  private readonly parts = new Int32Array(4);
  private readonly wait: number;

  constructor(private readonly options: ObscurerOptions) {
    this.ring = options.pool.size * 4;
    this.states = new Uint8Array(this.ring);
    this.proofIds = new Int32Array(this.ring);
    this.wait = Math.max(1, options.lookAheadFrames >> 1);
  }

  /** Obscures the due frames, from `unreleased` to before `submitted`. */
  prepare(unreleased: number, submitted: number): void {
    this.poll();
    const { judge } = this.options;
    this.prepared = Math.max(this.prepared, unreleased);
    while (this.prepared + this.wait <= submitted && judge.isSettled(this.prepared)) {
      const sequence = this.prepared;
      this.states[sequence % this.ring] = STATE.none;
      if (judge.records.buffer(sequence) >= 0 && judge.verdict(sequence) === JUDGED.violation) this.take(sequence);
      this.prepared += 1;
    }
  }

  /** True when the frame is obscured and nothing has been found in it since. */
  proven(sequence: number): boolean {
    this.poll();
    if (sequence >= this.prepared || this.states[sequence % this.ring] !== STATE.proof) return false;
    // A later frame may have revealed more in this one than its own scan, or its reading may be incomplete.
    if (!this.options.judge.isRead(sequence)) return false;
    this.own.clear();
    if (!this.options.judge.addPlaces(sequence, this.own)) return false;
    return this.proofs[this.proofIds[sequence % this.ring]! % PROOFS] === PROOF.clean;
  }

  /** True when rectangles remain obscured while the replacement's hold time lasts. */
  get hasPlaces(): boolean {
    return this.last.count > 0;
  }

  /** Ends the hold time. */
  forget(): void {
    this.last.clear();
    this.lastSequence = -1;
  }

  /** Obscures a clean frame where the code was, so that the picture does not flicker. */
  cover(buffer: number): void {
    if (!this.options.pool.isScanning(buffer)) this.draw(buffer, this.last);
  }

  /** Offline: blocks until every proof is done. */
  waitAll(timeoutMs: number): void {
    for (let p = 0; p < PROOFS; p += 1) {
      if (this.proofBuffers[p]! >= 0) this.options.scanner.waitUntilDone(this.proofBuffers[p]!, timeoutMs);
    }
    this.poll();
  }

  private take(sequence: number): void {
    const { judge, pool, scanner, grid } = this.options;
    const slot = sequence % this.ring;
    const buffer = judge.records.buffer(sequence);
    this.states[slot] = STATE.impossible;
    this.own.clear();
    if (!judge.addPlaces(sequence, this.own) || this.own.count === 0 || pool.isScanning(buffer)) return;
    this.collect(sequence);
    let area = 0;
    for (let i = 0; i < this.places.count; i += 1) {
      area += this.places.items[i * RECT_STRIDE + 2]! * this.places.items[i * RECT_STRIDE + 3]!;
    }
    if (area > grid.width * grid.height * MAX_SHARE) return;
    this.draw(buffer, this.places);
    this.states[slot] = STATE.proof;
    if (this.sameAsBefore(sequence)) {
      this.proofIds[slot] = this.proofIds[(sequence - 1) % this.ring]!;
      this.lastSequence = sequence;
      return;
    }
    const proof = this.proofCount;
    const at = proof % PROOFS;
    if (this.proofBuffers[at]! >= 0) {
      this.states[slot] = STATE.impossible;
      return;
    }
    this.proofCount += 1;
    this.proofIds[slot] = proof;
    this.proofs[at] = PROOF.pending;
    this.proofBuffers[at] = buffer;
    copyRects(this.places, this.last);
    this.lastSequence = sequence;
    scanner.post(buffer, judge.records.frame(sequence), this.rescan, this.parts, EFFORT.deep | EFFORT.exact);
    pool.setScanning(buffer, true);
  }

  /** Fills `places` with the obscured areas, and `rescan` and `parts` with the areas that are scanned again as a proof. */
  private collect(sequence: number): void {
    const { judge, grid } = this.options;
    this.places.clear();
    for (
      let s = Math.max(0, sequence - 2);
      judge.isSettled(s) && s <= sequence + this.options.lookAheadFrames;
      s += 1
    ) {
      judge.addPlaces(s, this.places);
    }
    joinOverlaps(this.places);
    this.rescan.clear();
    let x0 = grid.width;
    let y0 = grid.height;
    let x1 = 0;
    let y1 = 0;
    const { items } = this.places;
    for (let i = 0; i < this.places.count; i += 1) {
      const r = i * RECT_STRIDE;
      const x = Math.max(0, (items[r]! & ~1) - MARGIN);
      const y = Math.max(0, (items[r + 1]! & ~1) - MARGIN);
      const right = Math.min(grid.width, items[r]! + items[r + 2]! + MARGIN);
      const bottom = Math.min(grid.height, items[r + 1]! + items[r + 3]! + MARGIN);
      this.rescan.push(x, y, (right - x) & ~1, (bottom - y) & ~1);
      x0 = Math.min(x0, x);
      y0 = Math.min(y0, y);
      x1 = Math.max(x1, right);
      y1 = Math.max(y1, bottom);
    }
    this.parts[0] = x0;
    this.parts[1] = y0;
    this.parts[2] = x1 - x0;
    this.parts[3] = y1 - y0;
  }

  /** True when this frame equals the frame before, which has a proof, in its rectangles and their margin. */
  private sameAsBefore(sequence: number): boolean {
    const { judge } = this.options;
    if (this.lastSequence !== sequence - 1 || !sameRects(this.places, this.last)) return false;
    const { items } = this.rescan;
    for (let i = 0; i < this.rescan.count; i += 1) {
      const r = i * RECT_STRIDE;
      if (judge.records.touches(sequence, items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!)) return false;
    }
    return true;
  }

  private draw(buffer: number, places: RectList): void {
    const { scanner, grid, pool, smooth } = this.options;
    const { width, height } = grid;
    const picture = scanner.picture(buffer);
    for (let i = 0; i < places.count; i += 1) {
      const r = i * RECT_STRIDE;
      const x = places.items[r]! & ~1;
      const y = places.items[r + 1]! & ~1;
      const w = Math.min(width, (places.items[r]! + places.items[r + 2]! + 1) & ~1) - x;
      const h = Math.min(height, (places.items[r + 1]! + places.items[r + 3]! + 1) & ~1) - y;
      if (w <= 0 || h <= 0) continue;
      obscure(picture, width, height, x, y, w, h, smooth);
      grid.markRect(pool.stale, buffer * grid.words, x, y, w, h);
    }
  }

  private poll(): void {
    const { scanner, pool, counters } = this.options;
    for (let p = 0; p < PROOFS; p += 1) {
      const buffer = this.proofBuffers[p]!;
      if (buffer < 0 || !scanner.done(buffer)) continue;
      this.proofs[p] = scanner.outcome(buffer) === OUTCOME.clean ? PROOF.clean : PROOF.dirty;
      counters.scanUs += scanner.spentUs(buffer);
      scanner.retire(buffer);
      pool.setScanning(buffer, false);
      this.proofBuffers[p] = -1;
    }
  }
}

function sameRects(a: RectList, b: RectList): boolean {
  if (a.count !== b.count) return false;
  for (let i = 0; i < a.count * RECT_STRIDE; i += 1) if (a.items[i] !== b.items[i]) return false;
  return true;
}

function copyRects(from: RectList, to: RectList): void {
  to.count = from.count;
  for (let i = 0; i < from.count * RECT_STRIDE; i += 1) to.items[i] = from.items[i]!;
}

/** Merges overlapping rectangles: a moving code is obscured along its path. */
function joinOverlaps(list: RectList): void {
  const { items } = list;
  for (let i = 0; i < list.count; i += 1) {
    for (let j = i + 1; j < list.count; j += 1) {
      const a = i * RECT_STRIDE;
      const b = j * RECT_STRIDE;
      const x0 = Math.min(items[a]!, items[b]!);
      const y0 = Math.min(items[a + 1]!, items[b + 1]!);
      const x1 = Math.max(items[a]! + items[a + 2]!, items[b]! + items[b + 2]!);
      const y1 = Math.max(items[a + 1]! + items[a + 3]!, items[b + 1]! + items[b + 3]!);
      const apart = x1 - x0 > items[a + 2]! + items[b + 2]! || y1 - y0 > items[a + 3]! + items[b + 3]!;
      if (apart) continue;
      items[a] = x0;
      items[a + 1] = y0;
      items[a + 2] = x1 - x0;
      items[a + 3] = y1 - y0;
      list.count -= 1;
      items.copyWithin(b, list.count * RECT_STRIDE, (list.count + 1) * RECT_STRIDE);
      // The merged rectangle may overlap rectangles that were compared before.
      i = -1;
      break;
    }
  }
}
