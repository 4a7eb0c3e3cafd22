import { RectList } from '../../../src/core/media/picture.js';
import { seededRandom } from '../../../src/core/random.js';

/** A picture to watch: a lit set with texture, and a presenter whose stripes move. */
export class Canvas {
  readonly data: Uint8Array;
  readonly damage = new RectList();

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8Array((width * height * 3) / 2).fill(128);
    const random = seededRandom(3);
    for (let i = 0; i < width * height; i += 1) this.data[i] = 90 + Math.floor(random() * 80);
    this.all();
  }

  /** Fills a rectangle of the luma plane with a value or a function of position, and marks it as damaged. */
  paint(x: number, y: number, w: number, h: number, luma: number | ((x: number, y: number) => number)): void {
    for (let v = y; v < y + h; v += 1) {
      for (let u = x; u < x + w; u += 1) {
        this.data[v * this.width + u] = typeof luma === 'number' ? luma : luma(u, v);
      }
    }
    this.damage.push(x, y, w, h);
  }

  all(): void {
    this.damage.push(0, 0, this.width, this.height);
  }
}
