import type { Raster, SharpLoader } from '../raster.js';
import type { BuiltLayer } from './build-context.js';

/**
 * A drawn layer turned clockwise about the middle of its box. The box of the result holds all of it; `frame` is the box
 * before the turn.
 */
export async function turnedLayer(load: SharpLoader, built: BuiltLayer, degrees: number): Promise<BuiltLayer> {
  const { box } = built;
  const radians = (degrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  const middleX = box.width / 2;
  const middleY = box.height / 2;
  const sprites = await Promise.all(
    built.sprites.map(async (sprite) => {
      const { raster, dx, dy } = sprite;
      const turned = await turnRaster(load, raster, degrees);
      const x = dx + raster.width / 2 - middleX;
      const y = dy + raster.height / 2 - middleY;
      return {
        ...sprite,
        raster: turned,
        dx: Math.round(middleX + x * cos - y * sin - turned.width / 2),
        dy: Math.round(middleY + x * sin + y * cos - turned.height / 2),
      };
    }),
  );
  if (sprites.length === 0) return { ...built, frame: box };
  const left = Math.min(...sprites.map(({ dx }) => dx));
  const top = Math.min(...sprites.map(({ dy }) => dy));
  const right = Math.max(...sprites.map(({ dx, raster }) => dx + raster.width));
  const bottom = Math.max(...sprites.map(({ dy, raster }) => dy + raster.height));
  return {
    ...built,
    frame: box,
    box: { x: box.x + left, y: box.y + top, width: right - left, height: bottom - top },
    sprites: sprites.map((sprite) => ({ ...sprite, dx: sprite.dx - left, dy: sprite.dy - top })),
  };
}

async function turnRaster(load: SharpLoader, { rgba, width, height }: Raster, degrees: number): Promise<Raster> {
  const sharp = await load();
  const { data, info } = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .rotate(degrees, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    rgba: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    width: info.width,
    height: info.height,
  };
}
