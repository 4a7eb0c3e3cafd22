// frame path

/**
 * Durations in microseconds, in buckets of growing width: 16 linear steps an octave, so that a quantile is right to 6
 * %. It lives on shared memory: the loop records, others read.
 */

const STEPS = 16;
const OCTAVES = 20;
const BUCKETS = STEPS * (OCTAVES + 1);

const HISTOGRAM_BYTES = (BUCKETS + 2) * 4;

export class TimingHistogram {
  private readonly counts: Uint32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(HISTOGRAM_BYTES), byteOffset = 0) {
    this.counts = new Uint32Array(buffer, byteOffset, BUCKETS + 2);
  }

  record(us: number): void {
    const v = us > 0 ? Math.floor(us) : 0;
    let bucket: number;
    if (v < STEPS) bucket = v;
    else {
      const octave = 31 - Math.clz32(v) - 4;
      bucket = octave >= OCTAVES ? BUCKETS - 1 : STEPS * (octave + 1) + ((v >>> octave) - STEPS);
    }
    this.counts[bucket]! += 1;
    this.counts[BUCKETS]! += 1;
    if (v > this.counts[BUCKETS + 1]!) this.counts[BUCKETS + 1] = Math.min(v, 0xffff_ffff);
  }

  get count(): number {
    return this.counts[BUCKETS]!;
  }

  get maxMs(): number {
    return this.counts[BUCKETS + 1]! / 1000;
  }

  /** The `q` quantile (0–1) of all durations, in milliseconds; 0 when empty. */
  quantileMs(q: number): number {
    const target = Math.max(1, Math.ceil(this.count * q));
    let seen = 0;
    for (let i = 0; i < BUCKETS; i += 1) {
      seen += this.counts[i]!;
      if (seen >= target) return Math.min(upperEdge(i) / 1000, this.maxMs);
    }
    return 0;
  }

  clear(): void {
    this.counts.fill(0);
  }
}

function upperEdge(bucket: number): number {
  if (bucket < STEPS) return bucket + 1;
  const octave = Math.floor(bucket / STEPS) - 1;
  return (STEPS + (bucket % STEPS) + 1) * 2 ** octave;
}

/**
 * Figures on shared memory: the loop writes them after every tick and the main thread reads them at any time, so that
 * no message is sent per frame.
 */

const FIGURES = [
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
  // Frames a second that are drawn.
  'pictureFps',
  'lateTotal',
  'lateRender',
  'lateScan',
  'lateEncode',
  'lateStall',
  'givenUpMs',
  'momentaryLufs',
  'integratedLufs',
  'peakDbfs',
  'leftDbfs',
  'rightDbfs',
  'muted',
  'blanked',
  'riskSlate',
  // Cause of the slate in the last released frame: 1 + index in REPLACE_CAUSES; 0: no slate.
  'slateCause',
] as const;
type Figure = (typeof FIGURES)[number];

/** Timed stages of a tick. `tick` is the whole tick, `lateness` its delay after the due time. */
export const STAGES = ['lateness', 'pose', 'compose', 'mix', 'scan', 'watch', 'gate', 'handover', 'tick'] as const;
type Stage = (typeof STAGES)[number];

/** After the figures: a version number that is odd during a write. */
const EDITION_BYTES = 8;
/** Maximum reads for a consistent set of figures, and the wait in between while the writer is interrupted. */
const MAX_READS = 20;
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
  /** The last consistent set; zeros before the first. */
  private last = new Float64Array(FIGURES.length);
  readonly stages: Readonly<Record<Stage, TimingHistogram>>;

  constructor(buffers: LoopBoardBuffers) {
    this.values = new Float64Array(buffers.figures, 0, FIGURES.length);
    this.edition = new Int32Array(buffers.figures, FIGURES.length * 8, 1);
    this.stages = Object.fromEntries(
      STAGES.map((name, i) => [name, new TimingHistogram(buffers.histograms, i * HISTOGRAM_BYTES)]),
    ) as Record<Stage, TimingHistogram>;
  }

  /** Starts a consistent write, until `end`. */
  begin(): void {
    Atomics.add(this.edition, 0, 1);
  }
  end(): void {
    Atomics.add(this.edition, 0, 1);
  }

  /**
   * A consistent set of all figures, so that counters add up. Returns the previous set while the writer is interrupted
   * in the middle of a write. Not for the loop's thread.
   */
  snapshot(): (name: Figure) => number {
    const values = new Float64Array(FIGURES.length);
    for (let attempt = 0; attempt < MAX_READS; attempt += 1) {
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
