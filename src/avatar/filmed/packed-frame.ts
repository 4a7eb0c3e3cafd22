/**
 * A frame of a cut-out person without the empty part around it, and back.
 *
 * Problem: a raw frame is 2.75 bytes a pixel, two thirds of them where nobody stands or where the matte is simply full; a
 * general compressor takes milliseconds a frame to undo.
 * Rule: each pair of rows has the span of chroma samples in which somebody stands, and in it the longest run whose matte is
 * full. Colours are kept inside the span, the matte inside the span and outside the run. Nothing is lost.
 * Numbers: four uint16 a pair of rows (span, run); a third to a fifth of the raw frame; copies and fills only.
 */
const HEAD_CELLS = 4;

/** The packed size at most. */
export const maxPackedBytes = (width: number, height: number): number =>
  (height / 2) * HEAD_CELLS * 2 + (width * height * 11) / 4;

/** Packs a premultiplied YUVA frame; returns the length. `to` starts at an even byte. */
export function packFrame(frame: Uint8Array, width: number, height: number, to: Uint8Array): number {
  const planes = planesOf(width, height);
  const { half, alphaAt, coarseAt } = planes;
  const pairs = height / 2;
  const head = new Uint16Array(to.buffer, to.byteOffset, pairs * HEAD_CELLS);
  let at = pairs * HEAD_CELLS * 2;
  const put = (from: number, end: number): void => {
    to.set(frame.subarray(from, end), at);
    at += end - from;
  };
  for (let y = 0; y < pairs; y += 1) {
    let [start, end, runStart, runEnd, run] = [half, 0, 0, 0, 0];
    for (let x = 0; x < half; x += 1) {
      const p = alphaAt + 2 * y * width + 2 * x;
      const four = frame[p]! + frame[p + 1]! + frame[p + width]! + frame[p + width + 1]!;
      if (four > 0) {
        start = Math.min(start, x);
        end = x + 1;
      }
      run = four === 1020 && frame[coarseAt + y * half + x] === 255 ? run + 1 : 0;
      if (run <= runEnd - runStart) continue;
      runEnd = x + 1;
      runStart = runEnd - run;
    }
    start = Math.min(start, end);
    if (runEnd === runStart) runStart = runEnd = end;
    head.set([start, end, runStart, runEnd], y * HEAD_CELLS);
    for (const row of [2 * y * width, (2 * y + 1) * width]) put(row + 2 * start, row + 2 * end);
    for (const plane of [planes.uAt, planes.vAt]) put(plane + y * half + start, plane + y * half + end);
    for (const row of [alphaAt + 2 * y * width, alphaAt + (2 * y + 1) * width]) {
      put(row + 2 * start, row + 2 * runStart);
      put(row + 2 * runEnd, row + 2 * end);
    }
    put(coarseAt + y * half + start, coarseAt + y * half + runStart);
    put(coarseAt + y * half + runEnd, coarseAt + y * half + end);
  }
  return at;
}

/** Unpacks a frame. Throws RangeError when the bytes do not hold one. */
export function unpackFrame(packed: Buffer, width: number, height: number, to: Uint8Array): void {
  const { half, uAt, vAt, alphaAt, coarseAt } = planesOf(width, height);
  const pairs = height / 2;
  let at = pairs * HEAD_CELLS * 2;
  if (packed.length < at) throw new RangeError('a packed frame is too short');
  to.fill(0);
  for (let y = 0; y < pairs; y += 1) {
    const cell = y * HEAD_CELLS * 2;
    const start = packed.readUInt16LE(cell);
    const end = packed.readUInt16LE(cell + 2);
    const runStart = packed.readUInt16LE(cell + 4);
    const runEnd = packed.readUInt16LE(cell + 6);
    if (start > runStart || runStart > runEnd || runEnd > end || end > half)
      throw new RangeError('a packed frame has a span outside of its picture');
    const n = end - start;
    if (n === 0) continue;
    const left = runStart - start;
    const right = end - runEnd;
    if (at + 6 * n + 5 * (left + right) > packed.length) throw new RangeError('a packed frame ends too early');
    const row = 2 * y * width;
    const coarse = y * half;
    at += packed.copy(to, row + 2 * start, at, at + 2 * n);
    at += packed.copy(to, row + width + 2 * start, at, at + 2 * n);
    at += packed.copy(to, uAt + coarse + start, at, at + n);
    at += packed.copy(to, vAt + coarse + start, at, at + n);
    for (let p = alphaAt + row; p <= alphaAt + row + width; p += width) {
      at += packed.copy(to, p + 2 * start, at, at + 2 * left);
      to.fill(255, p + 2 * runStart, p + 2 * runEnd);
      at += packed.copy(to, p + 2 * runEnd, at, at + 2 * right);
    }
    const c = coarseAt + coarse;
    at += packed.copy(to, c + start, at, at + left);
    to.fill(255, c + runStart, c + runEnd);
    at += packed.copy(to, c + runEnd, at, at + right);
  }
}

function planesOf(width: number, height: number) {
  const luma = width * height;
  const quarter = luma / 4;
  return {
    half: width / 2,
    uAt: luma,
    vAt: luma + quarter,
    alphaAt: luma + 2 * quarter,
    coarseAt: 2 * luma + 2 * quarter,
  };
}
