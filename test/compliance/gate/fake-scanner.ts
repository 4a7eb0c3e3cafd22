import type { RectList } from '../../../src/core/media/picture.js';
import type { FrameHit } from '../../../src/core/verdict.js';
import type { FrameScannerClient } from '../../../src/codescan/jobs/frame-scanner-client.js';
import { EFFORT, passesOf, OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';

interface FakeJob {
  frame: number;
  rects: number[][];
  other: number[];
  effort: number;
  done: boolean;
  outcome: number;
  coalescedInto: number;
  hits: number[][];
  suspects: number[][];
}

/** A scanner whose verdicts are set by the test. It fails on misuse of the buffers. */
export class FakeScanner implements FrameScannerClient {
  readonly jobs: (FakeJob | undefined)[];
  readonly posted: number[] = [];
  /** The frame that a thread is working on; it cannot be coalesced. */
  inHand = -1;
  private readonly pictures: Uint8Array[];

  constructor(
    width: number,
    height: number,
    readonly buffers: number,
  ) {
    this.pictures = Array.from({ length: buffers }, () => new Uint8Array((width * height * 3) / 2));
    this.jobs = Array.from({ length: buffers });
  }

  picture(buffer: number): Uint8Array {
    return this.pictures[buffer]!;
  }

  post(buffer: number, frame: number, rects: RectList, other: Int32Array, effort: number): void {
    if (this.jobs[buffer] !== undefined) throw new Error(`buffer ${buffer} has a job already`);
    const list = Array.from({ length: rects.count }, (_, i) => [...rects.items.subarray(i * 4, i * 4 + 4)]);
    this.jobs[buffer] = {
      frame,
      rects: list,
      other: [...other],
      effort,
      done: false,
      outcome: 0,
      coalescedInto: -1,
      hits: [],
      suspects: [],
    };
    this.posted.push(frame);
  }

  /** Ends the job of this frame; false without an open job. */
  finish(frame: number, outcome: number = OUTCOME.clean, hits: number[][] = [], suspects: number[][] = []): boolean {
    const job = this.jobs.find((j) => j?.frame === frame && !j.done);
    if (job === undefined) return false;
    Object.assign(job, { done: true, outcome, hits, suspects });
    return true;
  }

  /** Ends every open job as clean. */
  finishAll(): void {
    for (const job of this.jobs) if (job !== undefined && !job.done) this.finish(job.frame);
  }

  job(frame: number): FakeJob | undefined {
    return this.jobs.find((j) => j?.frame === frame);
  }

  done(buffer: number): boolean {
    return this.jobs[buffer]?.done ?? false;
  }
  outcome(buffer: number): number {
    return this.jobs[buffer]!.outcome;
  }
  effort(buffer: number): number {
    return this.jobs[buffer]!.effort;
  }
  coalescedInto(buffer: number): number {
    return this.jobs[buffer]!.coalescedInto;
  }
  /** Coalesces the scan of one frame with that of a later one, as a thread that is behind does. */
  join(frame: number, into: number): number {
    const from = this.jobs.findIndex((j) => j?.frame === frame && !j.done);
    const [a, b] = [this.jobs[from], this.job(into)];
    if (a === undefined || b === undefined) throw new Error(`no scan of ${frame} or ${into}`);
    // One reading of both scans' areas.
    b.rects = [...a.rects, ...b.rects];
    b.effort = EFFORT.deep | EFFORT.slotted;
    Object.assign(a, { done: true, outcome: OUTCOME.coalesced, coalescedInto: into });
    return from;
  }
  coalesceOldest(before: number): number {
    const waiting = this.jobs
      .filter((j) => j !== undefined && !j.done && j.frame !== this.inHand)
      .toSorted((a, b) => a!.frame - b!.frame);
    const [a, b] = waiting;
    return a === undefined || b === undefined || a.frame >= before ? -1 : this.join(a.frame, b.frame);
  }
  candidates(): number {
    return 0;
  }
  reads(): number {
    return 0;
  }
  spentUs(): number {
    return 0;
  }
  rects(buffer: number, out: RectList): void {
    fill(out, this.jobs[buffer]!.rects);
  }
  hits(buffer: number, out: RectList): void {
    fill(out, this.jobs[buffer]!.hits);
  }
  suspects(buffer: number, out: RectList): void {
    fill(out, this.jobs[buffer]!.suspects);
  }
  further(buffer: number, out: RectList): void {
    const { other, effort } = this.jobs[buffer]!;
    const [x = 0, y = 0, w = 0, h = 0] = other;
    if (passesOf(effort) !== 0 && w > 0) out.push(x, y, w, h);
  }
  describe(buffer: number): FrameHit[] {
    return this.jobs[buffer]!.hits.map(([x = 0, y = 0, width = 0, height = 0]) => {
      return { rule: '3.3', kind: 'qr', box: { x, y, width, height } };
    });
  }
  retire(buffer: number): void {
    this.jobs[buffer] = undefined;
  }
  waitUntilDone(buffer: number): boolean {
    return this.done(buffer);
  }
}

function fill(out: RectList, boxes: readonly number[][]): void {
  out.clear();
  for (const [x = 0, y = 0, w = 0, h = 0] of boxes) out.push(x, y, w, h);
}
