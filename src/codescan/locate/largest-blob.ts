/** Blobs are told apart by this many labels; what is met after so many is left out. */
const LAST_LABEL = 255;

/** Keeps the largest blob of a mask, its holes and bays filled, and tells its first and last sample in each row and column. */
export class LargestBlob {
  readonly firstX: Int32Array;
  readonly lastX: Int32Array;
  readonly firstY: Int32Array;
  readonly lastY: Int32Array;
  private readonly stack: Int32Array;
  private tail = 0;
  /** The blob that was followed last reaches the mask's edge. */
  private isAtEdge = false;
  private mask: Uint8Array = new Uint8Array(0);

  /** For masks of up to `side` samples each way. */
  constructor(side: number) {
    this.stack = new Int32Array(side * side);
    this.firstX = new Int32Array(side);
    this.lastX = new Int32Array(side);
    this.firstY = new Int32Array(side);
    this.lastY = new Int32Array(side);
  }

  /** `mask` holds 0 and 1, before and after; returns the samples of the blob, unfilled. `inside`: none that reaches the mask's edge counts. */
  keepLargest(mask: Uint8Array, width: number, height: number, inside = false): number {
    const { firstX, lastX, firstY, lastY } = this;
    this.mask = mask;
    let largest = 0;
    let label = 1;
    for (let start = 0; start < width * height; start += 1) {
      if (mask[start] !== 1 || label === LAST_LABEL) continue;
      label += 1;
      const size = this.follow(start, label, width, height);
      if (size <= largest || (inside && this.isAtEdge)) continue;
      largest = size;
      this.span(label, width, height);
    }
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const filled = x >= firstX[y]! && x <= lastX[y]! && y >= firstY[x]! && y <= lastY[x]!;
        mask[y * width + x] = largest > 0 && filled ? 1 : 0;
      }
    }
    return largest;
  }

  private follow(start: number, label: number, width: number, height: number): number {
    let size = 0;
    this.tail = 0;
    this.isAtEdge = false;
    this.enter(start, label);
    while (this.tail > 0) {
      this.tail -= 1;
      const at = this.stack[this.tail]!;
      size += 1;
      const x = at % width;
      this.isAtEdge ||= x === 0 || x + 1 === width || at < width || at + width >= width * height;
      if (x > 0) this.enter(at - 1, label);
      if (x + 1 < width) this.enter(at + 1, label);
      if (at >= width) this.enter(at - width, label);
      if (at + width < width * height) this.enter(at + width, label);
    }
    return size;
  }

  private enter(at: number, label: number): void {
    if (this.mask[at] !== 1) return;
    this.mask[at] = label;
    this.stack[this.tail] = at;
    this.tail += 1;
  }

  private span(label: number, width: number, height: number): void {
    const { mask, firstX, lastX, firstY, lastY } = this;
    firstX.fill(width, 0, height);
    lastX.fill(-1, 0, height);
    firstY.fill(height, 0, width);
    lastY.fill(-1, 0, width);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        if (mask[y * width + x] !== label) continue;
        firstX[y] = Math.min(firstX[y]!, x);
        lastX[y] = x;
        firstY[x] = Math.min(firstY[x]!, y);
        lastY[x] = y;
      }
    }
  }
}
