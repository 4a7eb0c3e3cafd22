// frame path
import { HISTOGRAM_BYTES, TimingHistogram } from '../../clock/timing-histogram.js';

/**
 * Figures that the loop writes after every tick and the main thread reads whenever it likes, on shared
 * memory, so that no message is sent per frame.
 */

export const FIGURES = [
  'frame',
  'rendered',
  'released',
  'replaced',
  'inWindow',
  'releasedUnjudged',
  'byViolation',
  'byUnjudged',
  'byHoldTime',
  'byOperator',
  'byRisk',
  'byWords',
  'byCodes',
  'byStalled',
  'byDumped',
  'soundRendered',
  'soundReleased',
  'soundMuted',
  'soundInWindow',
  'mutedForViolation',
  'mutedUnjudged',
  'mutedByOperator',
  'mutedByRisk',
  'mutedDumped',
  'candidates',
  'decoded',
  'scanPending',
  'scanFailed',
  'lateClipFrames',
  'clipStep',
  'lateTotal',
  'lateRender',
  'lateScan',
  'lateEncode',
  'lateStall',
  'givenUpMs',
  'momentaryLufs',
  'integratedLufs',
  'peakDbfs',
  'muted',
  'blanked',
  'riskSlate',
  // What the newest frame that left was, when it was the slate: one more than the place among REPLACE_CAUSES; 0: no slate.
  'slateCause',
] as const;
export type Figure = (typeof FIGURES)[number];

/** What is timed in every tick. `tick` is all of it, `lateness` how long after its time a tick began. */
export const STAGES = ['lateness', 'pose', 'compose', 'mix', 'scan', 'watch', 'gate', 'handover', 'tick'] as const;
export type Stage = (typeof STAGES)[number];

/** Behind the figures: a number that is odd while they are written. */
const EDITION_BYTES = 8;
/** How often a reader looks again for figures of one moment, and how long it waits in between for a loop that was interrupted. */
const LOOKS = 20;
const LOOK_MS = 1;

export type LoopBoardBuffers = { readonly figures: SharedArrayBuffer; readonly histograms: SharedArrayBuffer };

export const newLoopBoardBuffers = (): LoopBoardBuffers => ({
  figures: new SharedArrayBuffer(FIGURES.length * 8 + EDITION_BYTES),
  histograms: new SharedArrayBuffer(STAGES.length * HISTOGRAM_BYTES),
});

const FIGURE_INDEX = Object.fromEntries(FIGURES.map((name, i) => [name, i])) as Record<Figure, number>;

export class LoopBoard {
  private readonly values: Float64Array;
  private readonly edition: Int32Array;
  /** What was read last of one moment; before that nothing has happened. */
  private last = new Float64Array(FIGURES.length);
  readonly stages: Readonly<Record<Stage, TimingHistogram>>;

  constructor(buffers: LoopBoardBuffers) {
    this.values = new Float64Array(buffers.figures, 0, FIGURES.length);
    this.edition = new Int32Array(buffers.figures, FIGURES.length * 8, 1);
    this.stages = Object.fromEntries(
      STAGES.map((name, i) => [name, new TimingHistogram(buffers.histograms, i * HISTOGRAM_BYTES)]),
    ) as Record<Stage, TimingHistogram>;
  }

  /** The loop writes figures that belong together, until `end`. */
  begin(): void {
    Atomics.add(this.edition, 0, 1);
  }
  end(): void {
    Atomics.add(this.edition, 0, 1);
  }

  /**
   * All figures as they were at one moment, so that counters add up: those that were read before where the loop was
   * interrupted in the middle of writing and does not go on. Not for the loop's thread.
   */
  still(): (name: Figure) => number {
    const values = new Float64Array(FIGURES.length);
    for (let look = 0; look < LOOKS; look += 1) {
      const edition = Atomics.load(this.edition, 0);
      if ((edition & 1) === 0) {
        values.set(this.values);
        if (Atomics.load(this.edition, 0) !== edition) continue;
        this.last = values;
        break;
      } else Atomics.wait(this.edition, 0, edition, LOOK_MS);
    }
    const read = this.last;
    return (name) => read[FIGURE_INDEX[name]]!;
  }

  get(name: Figure): number {
    return this.values[FIGURE_INDEX[name]]!;
  }
  set(name: Figure, value: number): void {
    this.values[FIGURE_INDEX[name]] = value;
  }
  add(name: Figure, value = 1): void {
    this.values[FIGURE_INDEX[name]]! += value;
  }
}
