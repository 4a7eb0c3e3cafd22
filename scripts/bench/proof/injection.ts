/** One attempt to put something forbidden on air, and its outcome. */
export interface Injection {
  readonly way: string;
  readonly detail: string;
  /**
   * `refused` before it was shown, `admitted` as a whole, `composed` of harmless parts, `spoken`, or `failed` to be
   * injected.
   */
  outcome: 'refused' | 'admitted' | 'composed' | 'spoken' | 'failed';
  /** First and last frame that may show it, where it appeared. */
  fromFrame: number;
  toFrame: number;
  /** The first frame that may show a part of it, where that is before `fromFrame`. */
  readonly partsFrom?: number;
  /** Frames at which the scan thread was killed or stalled for it. */
  readonly troubledAt?: readonly number[];
  /** False for a line in which the engine's judge found nothing to mute. */
  muted?: boolean;
  /** Id of the line, for lines. */
  line?: string;
  marked?: string;
  language?: string;
}

export const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
export const between = (random: () => number, low: number, high: number): number =>
  Math.floor(low + random() * (high - low + 1));
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
