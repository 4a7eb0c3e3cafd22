import type { PictureSampler } from './picture-sampler.js';

/** After the start a machine has enough to do; then each picture that is new as a whole is read once. */
const AFTER_START_MS = 5000;

/**
 * When the picture on air is read although nobody changed its layers: once the show is on, and when a product comes for the first
 * time since. Each picture was read by itself; what they say together, or a presenter's drawings do, was not where nobody
 * ran `engine check`.
 */
export class FirstSamples {
  private readonly seen = new Set<string | null>();
  private begun = false;

  constructor(private readonly words: Pick<PictureSampler, 'changed'>) {}

  /** The show is on air, with this product. */
  begin(product: string | null): void {
    this.begun = true;
    this.seen.add(product);
    this.words.changed(AFTER_START_MS);
  }

  /** The show goes on to a product, or to none, in so many milliseconds. */
  product(id: string | null, inMs: number): void {
    if (!this.begun || this.seen.has(id)) return;
    this.seen.add(id);
    this.words.changed(Math.max(0, inMs));
  }

  /** Layers were put in or taken out: with each product the picture is another one. */
  layersChanged(): void {
    this.seen.clear();
    this.words.changed();
  }
}
