import { sampleSquare, type Rgb } from '../footage/rgb.js';
import { PERSON_SIZE, type FaceNets } from '../nets/face-nets.js';

/** Share of the matte of the frame before: the net's edge flickers. */
const KEEP = 0.5;
const SOLID = 0.75;
const CLEAR = 0.3;

/** Cuts a person out of any background by MediaPipe's selfie net: 256 × 256 values a frame, so hair has a soft edge. */
export class PersonMatte {
  private before: Float32Array | undefined;

  constructor(private readonly nets: FaceNets) {}

  async of(picture: Rgb): Promise<Uint8Array> {
    const { width, height } = picture;
    const side = Math.max(width, height);
    const square = { x: width / 2, y: height / 2, side, angle: 0 };
    const raw = Float32Array.from(await this.nets.person(sampleSquare(picture, square, PERSON_SIZE, 1, 0)));
    if (this.before !== undefined)
      for (let i = 0; i < raw.length; i += 1) raw[i] = raw[i]! * (1 - KEEP) + this.before[i]! * KEEP;
    this.before = raw;
    const alpha = new Uint8Array(width * height);
    const scale = PERSON_SIZE / side;
    const left = (side - width) / 2;
    const top = (side - height) / 2;
    const last = PERSON_SIZE - 1.001;
    for (let y = 0; y < height; y += 1) {
      const v = Math.min(last, Math.max(0, (y + 0.5 + top) * scale - 0.5));
      const vi = Math.floor(v);
      for (let x = 0; x < width; x += 1) {
        const u = Math.min(last, Math.max(0, (x + 0.5 + left) * scale - 0.5));
        const ui = Math.floor(u);
        const at = vi * PERSON_SIZE + ui;
        const upper = raw[at]! + (raw[at + 1]! - raw[at]!) * (u - ui);
        const lower = raw[at + PERSON_SIZE]! + (raw[at + PERSON_SIZE + 1]! - raw[at + PERSON_SIZE]!) * (u - ui);
        const t = Math.min(1, Math.max(0, (upper + (lower - upper) * (v - vi) - CLEAR) / (SOLID - CLEAR)));
        alpha[y * width + x] = Math.round(255 * t * t * (3 - 2 * t));
      }
    }
    return alpha;
  }
}
