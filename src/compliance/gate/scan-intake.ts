// frame path
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { type FrameScannerClient, finderRects, MAX_JOB_RECTS, OUTCOME, slotRects } from '../../codescan/index.js';
import type { FrameRecords } from './buffers/frame-records.js';
import { AREA, OpenAreas } from './open-areas.js';
import type { TileGrid } from '../../core/media/tile-grid.js';

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
