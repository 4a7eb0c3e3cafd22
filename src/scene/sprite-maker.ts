import type { Kernels } from '../core/kernels.js';
import { newBitmapId, type BitmapId, type YuvaBitmap } from '../core/media/picture.js';
import { type CompiledSprite, NEVER, POP_FIRST, POP_SIZES, POP_STEP } from './compiled-layer.js';
import type { BuiltSprite } from './layers/build-context.js';
import type { Raster, SharpLoader } from './raster.js';

/**
 * Turns rasters into bitmaps and compiled sprites. A still layer gets one bitmap, made for the parity of its position;
 * a moving one gets four. Bitmaps of one raster are made once and shared.
 */
export class SpriteMaker {
  private readonly made = new WeakMap<Raster, Map<number, YuvaBitmap>>();

  constructor(
    private readonly kernels: Kernels,
    private readonly sharp: SharpLoader,
  ) {}

  /** `x`, `y`: the layer's position. New bitmaps are added to `bitmaps`. */
  sprite(
    built: BuiltSprite,
    x: number,
    y: number,
    moves: boolean,
    bitmaps: { id: BitmapId; bitmap: YuvaBitmap }[],
  ): CompiledSprite {
    const { raster, dx, dy } = built;
    const span = { fromFrame: built.fromFrame ?? 0, toFrame: built.toFrame ?? NEVER };
    const add = (shiftX: 0 | 1, shiftY: 0 | 1): BitmapId => {
      const id = newBitmapId();
      bitmaps.push({ id, bitmap: this.bitmap(raster, shiftX, shiftY) });
      return id;
    };
    if (moves) {
      const ids = [add(0, 0), add(1, 0), add(0, 1), add(1, 1)] as const;
      return { ids, dx, dy, width: raster.width + 1, height: raster.height + 1, ...span };
    }
    const oddX = ((x + dx) & 1) as 0 | 1;
    const oddY = ((y + dy) & 1) as 0 | 1;
    const id = add(oddX, oddY);
    return {
      ids: [id, id, id, id],
      dx: dx - oddX,
      dy: dy - oddY,
      width: raster.width + oddX,
      height: raster.height + oddY,
      ...span,
    };
  }

  /** The sizes of a pop, small to large, around the sprite's middle. */
  async popSprites(
    built: BuiltSprite,
    x: number,
    y: number,
    moves: boolean,
    bitmaps: { id: BitmapId; bitmap: YuvaBitmap }[],
  ): Promise<CompiledSprite[]> {
    const sharp = await this.sharp();
    const { raster } = built;
    const sprites: CompiledSprite[] = [];
    for (let i = 0; i < POP_SIZES; i += 1) {
      const scale = (POP_FIRST + i * POP_STEP) / 100;
      const width = Math.max(2, Math.round(raster.width * scale));
      const height = Math.max(2, Math.round(raster.height * scale));
      const rgba = await sharp(raster.rgba, { raw: { width: raster.width, height: raster.height, channels: 4 } })
        .resize(width, height, { fit: 'fill' })
        .raw()
        .toBuffer();
      const dx = built.dx + Math.round((raster.width - width) / 2);
      const dy = built.dy + Math.round((raster.height - height) / 2);
      sprites.push(this.sprite({ raster: { rgba, width, height }, dx, dy }, x, y, moves, bitmaps));
    }
    return sprites;
  }

  /** The bitmap of a raster, its content moved by a pixel where so wanted. */
  bitmap(raster: Raster, shiftX: 0 | 1, shiftY: 0 | 1): YuvaBitmap {
    let shifts = this.made.get(raster);
    if (shifts === undefined) this.made.set(raster, (shifts = new Map()));
    const at = shiftY * 2 + shiftX;
    let one = shifts.get(at);
    if (one === undefined) {
      one = this.kernels.rgbaToYuva(raster.rgba, raster.width, raster.height, shiftX, shiftY);
      shifts.set(at, one);
    }
    return one;
  }
}
