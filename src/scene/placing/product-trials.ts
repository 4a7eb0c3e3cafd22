import type { Layer } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import { dependsOnProduct } from '../build-layer.js';
import type { BuildContext } from '../layers/build-context.js';
import type { JudgedLayers } from './judged-layers.js';

/** Draws and judges what products show, without showing it. */
export class ProductTrials {
  constructor(
    private readonly judged: JudgedLayers,
    private readonly canvas: { readonly width: number; readonly height: number },
  ) {}

  /** The product's picture, and the layers that show something of it. Throws as the start of a room does. */
  async one(product: Product, layers: Iterable<Layer>, context: BuildContext): Promise<void> {
    const { width: maxWidth, height: maxHeight } = this.canvas;
    const box = { width: undefined, height: undefined, maxWidth, maxHeight, fit: 'contain', radius: 0 } as const;
    await context.picture({ src: product.image, where: `product "${product.id}".image`, ...box });
    await this.layers(layers, context);
  }

  /** The layers that show something of the context's product. */
  async layers(layers: Iterable<Layer>, context: BuildContext): Promise<void> {
    for (const layer of layers) if (dependsOnProduct(layer)) await this.judged.of(layer, context);
  }
}
