import { LearnedDetector } from '../../../codescan/admission/index.js';
import type { Closeable } from '../../../core/closeable.js';
import type { FrameVerdict } from '../../../core/verdict.js';
import { PictureSampler, type WordsWatchOptions } from './picture-sampler.js';

export interface SecondOpinionOptions extends Omit<WordsWatchOptions, 'what' | 'ownTexts' | 'read'> {
  /** Instead of the learned detector; for tests. */
  readonly detector?: Closeable & Pick<LearnedDetector, 'scan'>;
}

/** The detector's thread and its 100 MB are given back after so long without work. */
const IDLE_MS = 5000;

/**
 * The learned detector on the picture on air, now and then.
 *
 * Problem: it sees a few codes that the gate's readers do not, but takes 100 ms, too long for each frame. Rule: it gets
 * the whole picture every so often and after layers changed, in a thread of low priority, and what it reads is a code like
 * any other: the slate is up until a later look finds none. It tells nothing but what it decoded, so there is no
 * place to blur.
 */
export class SecondOpinion implements Closeable {
  private readonly watch: PictureSampler;
  private readonly detector: Closeable & Pick<LearnedDetector, 'scan'>;

  constructor({ detector, ...options }: SecondOpinionOptions) {
    this.detector = detector ?? new LearnedDetector({ log: options.log, idleMs: IDLE_MS, gentle: true });
    const read = ({
      rgba,
      width,
      height,
    }: {
      rgba: Uint8Array;
      width: number;
      height: number;
    }): Promise<FrameVerdict> => this.detector.scan(rgba, width, height, 'the picture on air');
    this.watch = new PictureSampler({ ...options, what: 'codes', ownTexts: () => [], read });
  }

  /** The slate is up for a code. */
  get holding(): boolean {
    return this.watch.holding;
  }

  /** Layers were put in or taken out. */
  changed(): void {
    this.watch.changed();
  }

  /** Looks once. Never rejects. */
  look(): Promise<void> {
    return this.watch.look();
  }

  async close(): Promise<void> {
    // The thread first: a look that waits for it ends with it.
    await this.detector.close();
    await this.watch.close();
  }
}
