import { LearnedDetector } from '../../codescan/admission/index.js';
import type { Closeable } from '../../core/closeable.js';
import type { FrameVerdict } from '../../core/verdict.js';
import { PictureSampler, type WordsWatchOptions } from './picture-sampler.js';

export interface SecondOpinionOptions extends Omit<WordsWatchOptions, 'what' | 'ownTexts' | 'read'> {
  /** Replaces the learned detector in tests. */
  readonly detector?: Closeable & Pick<LearnedDetector, 'scan'>;
}

/** The detector's thread and its 100 MB are released after this time without work. */
const IDLE_MS = 5000;

/**
 * Runs the learned detector on the picture on air, regularly.
 *
 * Problem: it detects a few codes that the gate's readers miss, but takes 100 ms, too long for each frame.
 * Rule: it gets the whole picture at an interval and after layer changes, in a low-priority thread. A code it decodes
 * brings up the slate until a later scan is clean. It reports no position, so it cannot blur.
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

  /** Layers were added or removed. */
  changed(): void {
    this.watch.changed();
  }

  /** Scans once. Never rejects. */
  sample(): Promise<void> {
    return this.watch.sample();
  }

  async close(): Promise<void> {
    // Closed first: it ends a scan that waits for it.
    await this.detector.close();
    await this.watch.close();
  }
}
