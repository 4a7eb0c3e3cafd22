import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { addRect, addRects } from '../pipeline/rect-lists.js';
import { EFFORT, MAX_JOB_RECTS, readRects, slotRects } from './scan-memory.js';

/** By plane. */
const SLICE_BITS = [EFFORT.luma | EFFORT.bars, EFFORT.cb, EFFORT.cr] as const;

/** The purpose of a job's rectangles in one plane, as laid out in `ScanMemory`; in pixels of the picture. */
export class JobParts {
  /** Searched for locators. */
  readonly searched = new RectList(MAX_JOB_RECTS * 2);
  /** Changed in this picture. */
  readonly changed = new RectList(MAX_JOB_RECTS);
  /** Read for all formats of codes. */
  readonly toRead = new RectList(MAX_JOB_RECTS);

  /** `rects` holds the rectangles after the scan. */
  split(rects: RectList, effort: number, plane: 0 | 1 | 2): void {
    const { searched, changed, toRead } = this;
    const all = rects.count;
    const slot = slotRects(effort);
    searched.clear();
    changed.clear();
    toRead.clear();
    rects.count = all - slot;
    addRects(rects, 1, searched);
    addRects(rects, 1, changed);
    rects.count = readRects(all, effort);
    addRects(rects, 1, toRead);
    rects.count = all;
    if ((effort & SLICE_BITS[plane]) === 0) return;
    for (let i = all - slot; i < all; i += 1) addRect(rects, i * RECT_STRIDE, 1, toRead);
  }
}
