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
  'releasedUnjudged',
  'byViolation',
  'byUnjudged',
  'byHoldTime',
  'byOperator',
  'byRisk',
  'byAudioViolation',
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
] as const;
export type Figure = (typeof FIGURES)[number];

/** What is timed in every tick. `tick` is all of it, `lateness` how long after its time a tick began. */
export const STAGES = ['lateness', 'pose', 'compose', 'mix', 'scan', 'watch', 'gate', 'handover', 'tick'] as const;
export type Stage = (typeof STAGES)[number];

export type LoopBoardBuffers = { readonly figures: SharedArrayBuffer; readonly histograms: SharedArrayBuffer };

export const newLoopBoardBuffers = (): LoopBoardBuffers => ({
  figures: new SharedArrayBuffer(FIGURES.length * 8),
  histograms: new SharedArrayBuffer(STAGES.length * HISTOGRAM_BYTES),
});

const FIGURE_INDEX = Object.fromEntries(FIGURES.map((name, i) => [name, i])) as Record<Figure, number>;

export class LoopBoard {
  private readonly values: Float64Array;
  readonly stages: Readonly<Record<Stage, TimingHistogram>>;

  constructor(buffers: LoopBoardBuffers) {
    this.values = new Float64Array(buffers.figures);
    this.stages = Object.fromEntries(
      STAGES.map((name, i) => [name, new TimingHistogram(buffers.histograms, i * HISTOGRAM_BYTES)]),
    ) as Record<Stage, TimingHistogram>;
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
