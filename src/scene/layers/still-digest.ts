import { createHash } from 'node:crypto';
import type { Layer } from '../../config/sections/layer.js';
import type { BuiltLayer } from './build-context.js';

/**
 * Digest of everything a layer shows: its settings, its place and the pixels of its sprites. Undefined for
 * pictures in turn and clips: another moment shows another picture.
 */
export function stillDigest(layer: Layer, { box, sprites, cycle, scroll }: BuiltLayer): string | undefined {
  // The texts of a ticker in turn were all judged as texts.
  if ((cycle !== undefined && layer.type !== 'ticker') || sprites.some((sprite) => sprite.clip !== undefined))
    return undefined;
  const hash = createHash('sha256').update(JSON.stringify([layer, box, scroll]));
  for (const { raster, dx, dy } of sprites) {
    hash.update(JSON.stringify([raster.width, raster.height, dx, dy])).update(raster.rgba);
  }
  return hash.digest('hex');
}

/** Digest of a picture composed of layers, from bottom to top; undefined when one of them has none. */
export function composedDigest(
  layers: readonly (string | undefined)[],
  ...others: readonly string[]
): string | undefined {
  if (layers.includes(undefined)) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([layers, others]))
    .digest('hex');
}
