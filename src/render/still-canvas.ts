import { PresenterRuntime } from '../avatar/presenter-runtime.js';
import type { PresenterData } from '../avatar/presenter-data.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Kernels } from '../core/kernels.js';
import { BitmapTable, DRAW, DRAW_STRIDE, DrawList, i420Size, newBitmapId, RectList } from '../core/media/picture.js';
import { frameIndex } from '../core/time.js';
import type { Box } from '../core/verdict.js';
import type { LaidOut } from '../scene/lay-out.js';
import { over } from '../scene/contrast.js';
import { meet } from '../scene/place-box.js';
import { loadKernels } from '../native/load-kernels.js';
import { loadSharp } from '../scene/sharp.js';

/** An I420 frame as a JPEG of good quality. */
export async function stillJpeg(picture: Uint8Array, width: number, height: number): Promise<Buffer> {
  const rgba = new Uint8Array(width * height * 4);
  loadKernels().i420ToRgba(picture, width, height, rgba);
  const sharp = await loadSharp();
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** How far a presenter is moved in a shot, and its window there. */
interface SeenAs {
  readonly dx: number;
  readonly dy: number;
  readonly window?: Box | undefined;
}
const AT_HOME: SeenAs = { dx: 0, dy: 0 };

/** The composed picture at rest, layer upon layer, drawn by the loop's kernels. */
export class StillCanvas {
  private readonly list = new DrawList(1024);
  private readonly table = new BitmapTable();
  private readonly frame: Uint8Array;
  private readonly rgba: Uint8Array;
  private drawn = 0;

  constructor(
    private readonly room: RoomConfig,
    private readonly kernels: Kernels,
    private readonly presenter: PresenterData | undefined,
    private readonly assistant?: PresenterData,
  ) {
    const { width, height, background } = room.video;
    this.frame = new Uint8Array(i420Size(width, height));
    this.rgba = new Uint8Array(width * height * 4);
    const [r, g, b] = over(background.slice(0, 7), [0, 0, 0]);
    const ground = Buffer.alloc(width * height * 4, Uint8Array.of(r, g, b, 255));
    this.push(ground, width, height, 0, 0, 256);
  }

  /** Draws a layer on top; a presenter as it is seen in a shot: moved, and through a window. */
  add(laid: Pick<LaidOut, 'layer' | 'pictures'>, seen: SeenAs = AT_HOME): void {
    const { layer } = laid;
    if (layer.type === 'presenter' || layer.type === 'assistant') {
      const person = layer.type === 'presenter' ? this.presenter : this.assistant;
      if (person === undefined) return;
      const { film, sprites } = person;
      if (film !== undefined) {
        const { id, bitmap, x, y } = sprites[film.still]!;
        const { box } = person;
        this.table.set(id, bitmap);
        const first = this.list.count;
        this.list.push(id, x, y, 256, box.x, box.y, box.width, box.height);
        this.move(first, seen);
        return;
      }
      const runtime = new PresenterRuntime(person, this.room.rate, this.room.seed);
      runtime.registerBitmaps(this.table);
      const first = this.list.count;
      runtime.paint(frameIndex(0), this.list);
      this.move(first, seen);
      return;
    }
    const opacity = layer.type === 'label' ? 256 : Math.round(layer.opacity * 256);
    for (const { raster, x, y } of laid.pictures) this.push(raster.rgba, raster.width, raster.height, x, y, opacity);
  }

  /** Straight RGBA of a box; empty when the box is outside the frame. */
  under(box: Box): Uint8Array {
    const { width, height } = this.room.video;
    const seen = meet(box, { x: 0, y: 0, width, height });
    if (seen.width < 1 || seen.height < 1) return new Uint8Array(0);
    if (this.drawn !== this.list.count) {
      const whole = new RectList(1);
      whole.push(0, 0, width, height);
      this.kernels.compose(this.frame, width, height, whole, this.list, this.table);
      this.kernels.i420ToRgba(this.frame, width, height, this.rgba);
      this.drawn = this.list.count;
    }
    const out = new Uint8Array(seen.width * seen.height * 4);
    for (let row = 0; row < seen.height; row += 1) {
      const from = ((seen.y + row) * width + seen.x) * 4;
      out.set(this.rgba.subarray(from, from + seen.width * 4), row * seen.width * 4);
    }
    return out;
  }

  private move(first: number, { dx, dy, window }: SeenAs): void {
    for (let at = first * DRAW_STRIDE; at < this.list.count * DRAW_STRIDE; at += DRAW_STRIDE) {
      const item = this.list.items.subarray(at, at + DRAW_STRIDE);
      item[DRAW.x]! += dx;
      item[DRAW.y]! += dy;
      const [x, y, width, height] = item.subarray(DRAW.clipX) as unknown as [number, number, number, number];
      const moved = { x: x + dx, y: y + dy, width, height };
      const clip = window === undefined ? moved : meet(moved, window);
      item.set([clip.x, clip.y, Math.max(0, clip.width), Math.max(0, clip.height)], DRAW.clipX);
    }
  }

  private push(rgba: Uint8Array, w: number, h: number, x: number, y: number, opacity: number): void {
    const { width, height } = this.room.video;
    const id = newBitmapId();
    this.table.set(id, this.kernels.rgbaToYuva(rgba, w, h, 0, 0));
    this.list.push(id, x & ~1, y & ~1, opacity, 0, 0, width, height);
  }
}
