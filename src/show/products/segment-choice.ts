import type { Product } from '../../config/sections/product.js';

/**
 * Chooses the segments of the script that are spoken.
 *
 * Rule: while a product is pinned, only its segments, as far as it has any; never those of a sold-out product, unless
 * the script has no others.
 */
export class SegmentChoice {
  /** The pinned product; null lets the script decide. */
  pinned: string | null = null;

  /** `room`: its products may change. */
  constructor(private readonly room: { readonly products: readonly Product[] }) {}

  speaks(segments: readonly { readonly product?: string | undefined }[], index: number): boolean {
    const { pinned } = this;
    if (pinned !== null && segments.some(({ product }) => product === pinned))
      return segments[index]?.product === pinned;
    return !this.isSoldOut(segments[index]?.product) || segments.every(({ product }) => this.isSoldOut(product));
  }

  private isSoldOut(id: string | undefined): boolean {
    return id !== undefined && this.room.products.find((one) => one.id === id)?.stock === 'sold-out';
  }
}
