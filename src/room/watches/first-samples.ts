import type { PictureSampler } from './picture-sampler.js';

/** The machine is busy right after the start. */
const AFTER_START_MS = 5000;

/**
 * Schedules readings of a picture whose layers nobody changed: after the start, and at the first appearance of each
 * product. Each picture was read by itself; their texts together, and the presenter's drawings, were not unless
 * somebody ran `engine check`.
 */
export class FirstSamples {
  private readonly seen = new Set<string | null>();
  private begun = false;

  constructor(private readonly words: Pick<PictureSampler, 'changed'>) {}

  /** The show is on air with this product. */
  begin(product: string | null): void {
    this.begun = true;
    this.seen.add(product);
    this.words.changed(AFTER_START_MS);
  }

  /** The show goes to a product, or to none, in `inMs` milliseconds. */
  product(id: string | null, inMs: number): void {
    if (!this.begun || this.seen.has(id)) return;
    this.seen.add(id);
    this.words.changed(Math.max(0, inMs));
  }

  /** Layers were added or removed, so the picture with each product is new. */
  layersChanged(): void {
    this.seen.clear();
    this.words.changed();
  }
}
