// frame path
import { finderRects, type FrameScannerClient, MAX_JOB_RECTS, OUTCOME, slotRects } from '../../codescan/index.js';
import { RECT_STRIDE, RectList } from '../../core/media/picture.js';
import type { TileGrid } from '../../core/media/tile-grid.js';
import type { FrameRecords } from './buffers/frame-records.js';

/** State of an area, mildest first. Suspects do not hold a frame back, the others do. */
export const AREA = { suspect: 1, unjudged: 2, violation: 3 } as const;

const STRIDE = 7;
const STATE = 4;
const RECHECK = 5;
/**
 * The sequence number + 1 of the frame by which the whole area is read for every form of code, slice by slice; 0: not
 * scheduled.
 */
const DUE = 6;

/**
 * The parts of the picture that are not known to be clean, as of the last verdict taken in.
 *
 * A verdict holds until the pixels under it change: an area with a code stays in violation while nobody draws there,
 * and a clean area needs no second scan. `recheck` means that the pixels may have changed, so the next scan must
 * include the whole area. The list is bounded; when it is full, a new area is merged with its nearest neighbour and
 * takes the worse state.
 */
export class OpenAreas {
  count = 0;
  private readonly items: Int32Array;

  constructor(
    private readonly grid: TileGrid,
    private readonly capacity = 24,
  ) {
    this.items = new Int32Array(capacity * STRIDE);
  }

  add(x: number, y: number, w: number, h: number, state: number, recheck: boolean): void {
    if (w <= 0 || h <= 0) return;
    const items = this.items;
    for (let i = 0; i < this.count; i += 1) {
      const at = i * STRIDE;
      const inside =
        x >= items[at]! &&
        y >= items[at + 1]! &&
        x + w <= items[at]! + items[at + 2]! &&
        y + h <= items[at + 1]! + items[at + 3]!;
      if (inside && items[at + STATE]! === state) {
        if (recheck) items[at + RECHECK] = 1;
        // A reading is missing, possibly of a slice that the area waits for.
        if (recheck && state === AREA.unjudged) items[at + DUE] = 0;
        return;
      }
    }
    if (this.count === this.capacity) {
      this.join(x, y, w, h, state);
      return;
    }
    const at = this.count * STRIDE;
    items[at] = x;
    items[at + 1] = y;
    items[at + 2] = w;
    items[at + 3] = h;
    items[at + STATE] = state;
    items[at + RECHECK] = recheck ? 1 : 0;
    items[at + DUE] = 0;
    this.count += 1;
  }

  /**
   * Removes every area inside one of the rectangles, of which the first `read` were read for every form of code in
   * frame `sequence`.
   */
  removeInside(rects: RectList, read = rects.count, sequence = 0): void {
    const items = this.items;
    const all = rects.count;
    let kept = 0;
    for (let i = 0; i < this.count; i += 1) {
      const at = i * STRIDE;
      // A search for finder patterns does not make an area clean: a code of another form may be there.
      const sliced = items[at + DUE]! > 0 && items[at + DUE]! <= sequence + 1;
      rects.count = sliced ? all : Math.min(read, all);
      if (this.isInside(at, rects)) continue;
      if (kept !== i) items.copyWithin(kept * STRIDE, at, at + STRIDE);
      kept += 1;
    }
    rects.count = all;
    this.count = kept;
  }

  /** The worst state of all areas; 0 when nothing is open. */
  worst(): number {
    let worst = 0;
    for (let i = 0; i < this.count; i += 1) worst = Math.max(worst, this.items[i * STRIDE + STATE]!);
    return worst;
  }

  /** Adds the areas in this state to the list. */
  inState(state: number, out: RectList): void {
    const items = this.items;
    for (let i = 0; i < this.count; i += 1) {
      const a = i * STRIDE;
      if (items[a + STATE] === state) out.push(items[a]!, items[a + 1]!, items[a + 2]!, items[a + 3]!);
    }
  }

  /**
   * Adds all areas of this state or worse that must be scanned again: marked ones, damaged ones, and those scheduled
   * for slices, which are read at once now.
   */
  collect(damage: Int32Array, at: number, out: RectList, mildest: number = AREA.suspect): void {
    const items = this.items;
    for (let i = 0; i < this.count; i += 1) {
      const a = i * STRIDE;
      if (items[a + STATE]! < mildest) continue;
      const x = items[a]!;
      const y = items[a + 1]!;
      const w = items[a + 2]!;
      const h = items[a + 3]!;
      if (items[a + RECHECK] === 0 && items[a + DUE] === 0 && !this.grid.touches(damage, at, x, y, w, h)) continue;
      items[a + RECHECK] = 0;
      items[a + DUE] = 0;
      out.push(x, y, w, h);
    }
  }

  /**
   * Adds areas milder than `below`, for a search that settles nothing until they are fully read. Their tiles are added
   * to `map`, from which they are read slice by slice in the `roundFrames` frames from `sequence` on.
   */
  collectMilder(
    damage: Int32Array,
    at: number,
    out: RectList,
    below: number,
    sequence: number,
    roundFrames: number,
    map: Int32Array,
    mapAt: number,
  ): void {
    const items = this.items;
    for (let i = 0; i < this.count; i += 1) {
      const a = i * STRIDE;
      if (items[a + STATE]! >= below) continue;
      const [x = 0, y = 0, w = 0, h = 0] = items.subarray(a);
      // A fully read area is closed by one more search, even if nobody ever draws there again.
      const read = items[a + DUE]! > 0 && items[a + DUE]! <= sequence + 1 && items[a + STATE] === AREA.unjudged;
      if (items[a + RECHECK] === 0 && !read && !this.grid.touches(damage, at, x, y, w, h)) continue;
      items[a + RECHECK] = 0;
      if (items[a + DUE] === 0) items[a + DUE] = sequence + roundFrames;
      this.grid.markRect(map, mapAt, x, y, w, h);
      out.push(x, y, w, h);
    }
  }

  /** Adds the tiles of all areas in a state to a map. */
  mark(state: number, map: Int32Array, at: number): void {
    const items = this.items;
    for (let a = 0; a < this.count * STRIDE; a += STRIDE) {
      if (items[a + STATE] === state)
        this.grid.markRect(map, at, items[a]!, items[a + 1]!, items[a + 2]!, items[a + 3]!);
    }
  }

  /** Adds the tiles of areas in a state that must be scanned again, damaged or not. */
  markAgain(state: number, map: Int32Array, at: number): void {
    const items = this.items;
    for (let a = 0; a < this.count * STRIDE; a += STRIDE) {
      if (items[a + STATE] === state && items[a + RECHECK] === 1)
        this.grid.markRect(map, at, items[a]!, items[a + 1]!, items[a + 2]!, items[a + 3]!);
    }
  }

  /** Marks all areas in the given state for another scan. */
  recheckAll(state: number): void {
    for (let i = 0; i < this.count; i += 1) {
      if (this.items[i * STRIDE + STATE] === state) this.items[i * STRIDE + RECHECK] = 1;
    }
  }

  /** True when an area in this state overlaps one of the rectangles. */
  overlaps(rects: RectList, state: number): boolean {
    for (let i = 0; i < this.count; i += 1) {
      if (this.items[i * STRIDE + STATE] === state && this.meets(i * STRIDE, rects)) return true;
    }
    return false;
  }

  /**
   * Grows the box (x, y, width, height; width 0: empty) over all areas of this state or worse that overlap `rects`;
   * true when there are any.
   */
  extendOver(rects: RectList, state: number, box: Int32Array): boolean {
    const items = this.items;
    let any = false;
    for (let i = 0; i < this.count; i += 1) {
      const a = i * STRIDE;
      if (items[a + STATE]! < state || !this.meets(a, rects)) continue;
      any = true;
      if (box[2] === 0) {
        for (let k = 0; k < 4; k += 1) box[k] = items[a + k]!;
        continue;
      }
      const right = Math.max(box[0]! + box[2]!, items[a]! + items[a + 2]!);
      const bottom = Math.max(box[1]! + box[3]!, items[a + 1]! + items[a + 3]!);
      box[0] = Math.min(box[0]!, items[a]!);
      box[1] = Math.min(box[1]!, items[a + 1]!);
      box[2] = right - box[0]!;
      box[3] = bottom - box[1]!;
    }
    return any;
  }

  private meets(a: number, rects: RectList): boolean {
    const items = this.items;
    for (let j = 0; j < rects.count; j += 1) {
      const r = j * RECT_STRIDE;
      if (
        rects.items[r]! < items[a]! + items[a + 2]! &&
        items[a]! < rects.items[r]! + rects.items[r + 2]! &&
        rects.items[r + 1]! < items[a + 1]! + items[a + 3]! &&
        items[a + 1]! < rects.items[r + 1]! + rects.items[r + 3]!
      ) {
        return true;
      }
    }
    return false;
  }

  private isInside(a: number, rects: RectList): boolean {
    const items = this.items;
    for (let j = 0; j < rects.count; j += 1) {
      const r = j * RECT_STRIDE;
      if (
        items[a]! >= rects.items[r]! &&
        items[a + 1]! >= rects.items[r + 1]! &&
        items[a]! + items[a + 2]! <= rects.items[r]! + rects.items[r + 2]! &&
        items[a + 1]! + items[a + 3]! <= rects.items[r + 1]! + rects.items[r + 3]!
      ) {
        return true;
      }
    }
    return false;
  }

  private join(x: number, y: number, w: number, h: number, state: number): void {
    const items = this.items;
    let best = 0;
    let bestDistance = Infinity;
    for (let i = 0; i < this.count; i += 1) {
      const a = i * STRIDE;
      const dx = items[a]! + items[a + 2]! / 2 - x - w / 2;
      const dy = items[a + 1]! + items[a + 3]! / 2 - y - h / 2;
      const distance = dx * dx + dy * dy;
      if (distance < bestDistance) {
        bestDistance = distance;
        best = a;
      }
    }
    const right = Math.max(items[best]! + items[best + 2]!, x + w);
    const bottom = Math.max(items[best + 1]! + items[best + 3]!, y + h);
    items[best] = Math.min(items[best]!, x);
    items[best + 1] = Math.min(items[best + 1]!, y);
    items[best + 2] = right - items[best]!;
    items[best + 3] = bottom - items[best + 1]!;
    items[best + STATE] = Math.max(items[best + STATE]!, state);
    items[best + RECHECK] = 1;
    items[best + DUE] = 0;
  }
}

/**
 * Turns the scan of the frame being judged, or its lack of one, into open areas.
 *
 * A scanned area without findings is closed. An area with a code is condemned with a margin for its quiet zone and
 * unread parts. An area that was to be scanned and was not is unjudged. A scan does not cover later drawing, so an area
 * that a later frame touched must be scanned again.
 */
export class ScanIntake {
  readonly areas: OpenAreas;
  /** After `read`: the codes found. */
  readonly list = new RectList(MAX_JOB_RECTS);

  constructor(
    private readonly scanner: FrameScannerClient,
    private readonly records: FrameRecords,
    private readonly grid: TileGrid,
  ) {
    this.areas = new OpenAreas(grid);
  }

  /** Takes in a scan with a verdict; true when it has a previously unknown code. */
  read(buffer: number): boolean {
    const { scanner, areas, grid, records, list } = this;
    const at = records.tilesAt(records.judgedTo);
    scanner.hits(buffer, list);
    const known = areas.overlaps(list, AREA.violation);
    scanner.rects(buffer, list);
    const effort = scanner.effort(buffer);
    list.count = Math.max(0, list.count - slotRects(effort));
    areas.removeInside(list, Math.max(0, list.count - finderRects(effort)), records.judgedTo);
    scanner.suspects(buffer, list);
    for (let i = 0; i < list.count; i += 1) this.open(i, AREA.suspect, 0, false);
    grid.mark(records.suspicious, at, list);
    if (scanner.outcome(buffer) !== OUTCOME.violation) return false;
    scanner.hits(buffer, list);
    for (let i = 0; i < list.count; i += 1) this.open(i, AREA.violation, 1, false);
    grid.mark(records.suspicious, at, list);
    return !known;
  }

  /** A scan ended without a verdict: its areas are unjudged. */
  failed(buffer: number): void {
    this.scanner.rects(buffer, this.list);
    this.scanner.further(buffer, this.list);
    this.openUnjudged();
  }

  /** The frame's damage was never scanned. */
  unseen(): void {
    const { records } = this;
    this.grid.toRects(records.tiles, records.tilesAt(records.judgedTo), this.list);
    this.openUnjudged();
  }

  /**
   * The frame's scan is not waited for. The posted scan may cover more than the damage: open areas for another scan,
   * and coalesced scans.
   */
  overdue(): void {
    this.list.clear();
    this.list.push(0, 0, this.grid.width, this.grid.height);
    this.openUnjudged();
  }

  private openUnjudged(): void {
    for (let i = 0; i < this.list.count; i += 1) this.open(i, AREA.unjudged, 0, true);
  }

  /** Opens the area of rectangle i of the list, grown by a quarter and 16 pixels when `grow` is set. */
  private open(i: number, state: number, grow: 0 | 1, recheck: boolean): void {
    const { width, height } = this.grid;
    const { items } = this.list;
    const r = i * RECT_STRIDE;
    const mx = grow * (16 + (items[r + 2]! >> 2));
    const my = grow * (16 + (items[r + 3]! >> 2));
    const x = Math.max(0, items[r]! - mx);
    const y = Math.max(0, items[r + 1]! - my);
    const w = Math.min(width, items[r]! + items[r + 2]! + mx) - x;
    const h = Math.min(height, items[r + 1]! + items[r + 3]! + my) - y;
    this.areas.add(x, y, w, h, state, recheck || this.records.touchedSince(x, y, w, h));
  }
}
