import type { LayerOf } from '../../config/sections/layer.js';
import { alongShortest, placeBox, sizesOf } from '../place-box.js';
import { drawSvg } from '../raster.js';
import { paint, svgDocument } from '../text/text-svg.js';
import type { BuildContext, BuiltLayer } from './build-context.js';

/** A rectangle or ellipse; the size of the frame by default. */
export async function buildShape(layer: LayerOf<'shape'>, c: BuildContext): Promise<BuiltLayer> {
  const sizes = sizesOf(layer, c.canvas);
  const width = sizes.width ?? c.canvas.width;
  const height = sizes.height ?? c.canvas.height;
  const gradient =
    layer.fillTo === undefined
      ? ''
      : `<linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" ${paint('stop', layer.fill)}/>` +
        `<stop offset="1" ${paint('stop', layer.fillTo)}/></linearGradient>`;
  const fill = layer.fillTo === undefined ? paint('fill', layer.fill) : 'fill="url(#g)"';
  const shape =
    layer.shape === 'ellipse'
      ? `<ellipse cx="${width / 2}" cy="${height / 2}" rx="${width / 2}" ry="${height / 2}" ${fill}/>`
      : `<rect width="${width}" height="${height}" rx="${Math.min(alongShortest(layer.radius, c.canvas), width / 2, height / 2)}" ${fill}/>`;
  const raster = await drawSvg(c.sharp, svgDocument(width, height, gradient + shape), width, height);
  return { box: placeBox(layer, width, height, c.canvas), sprites: [{ raster, dx: 0, dy: 0 }] };
}
