import { RectList } from '../../../src/core/media/picture.js';
import type { FrameHit } from '../../../src/core/verdict.js';
import type { FrameScannerClient } from '../../../src/codescan/jobs/frame-scanner-client.js';
import type { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { MAX_JOB_RECTS, MAX_JOB_SUSPECTS, OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';

const copy = (from: RectList, to: RectList): void => {
  to.clear();
  for (let i = 0; i < from.count * 4; i += 4) {
    const [x = 0, y = 0, w = 0, h = 0] = from.items.subarray(i, i + 4);
    to.push(x, y, w, h);
  }
};

export interface InlineJob {
  readonly frame: number;
  readonly effort: number;
  /** CPU time of the process while it ran. */
  readonly ms: number;
}

/** The real scan, in the caller's thread: a job is done when `post` returns. */
export class InlineScanner implements FrameScannerClient {
  private readonly pictures: Uint8Array[];
  private readonly jobs: { rects: RectList; suspects: RectList; hits: FrameHit[]; reads: number; effort: number }[];

  constructor(
    private readonly scan: LiveScan,
    width: number,
    height: number,
    readonly buffers: number,
    private readonly onJob?: (job: InlineJob) => void,
  ) {
    this.pictures = Array.from({ length: buffers }, () => new Uint8Array((width * height * 3) / 2));
    this.jobs = this.pictures.map(() => ({
      rects: new RectList(MAX_JOB_RECTS),
      suspects: new RectList(MAX_JOB_SUSPECTS),
      hits: [],
      reads: 0,
      effort: 0,
    }));
  }

  picture(buffer: number): Uint8Array {
    return this.pictures[buffer]!;
  }
  post(buffer: number, frame: number, rects: RectList, parts: Int32Array, effort: number): void {
    const job = this.jobs[buffer]!;
    copy(rects, job.rects);
    job.effort = effort;
    const before = process.cpuUsage();
    this.scan.run(this.pictures[buffer]!, job.rects, parts.slice(), effort);
    const { user, system } = process.cpuUsage(before);
    this.onJob?.({ frame, effort, ms: (user + system) / 1000 });
    copy(this.scan.suspects, job.suspects);
    job.hits = [...this.scan.hits];
    job.reads = this.scan.reads;
  }
  done(): boolean {
    return true;
  }
  outcome(buffer: number): number {
    return this.jobs[buffer]!.hits.length > 0 ? OUTCOME.violation : OUTCOME.clean;
  }
  effort(buffer: number): number {
    return this.jobs[buffer]!.effort;
  }
  coalescedInto(): number {
    return -1;
  }
  coalesceOldest(): number {
    return -1;
  }
  candidates(): number {
    return 0;
  }
  reads(buffer: number): number {
    return this.jobs[buffer]!.reads;
  }
  spentUs(): number {
    return 0;
  }
  rects(buffer: number, out: RectList): void {
    copy(this.jobs[buffer]!.rects, out);
  }
  hits(buffer: number, out: RectList): void {
    out.clear();
    for (const { box } of this.jobs[buffer]!.hits) out.push(box!.x, box!.y, box!.width || 1, box!.height || 1);
  }
  suspects(buffer: number, out: RectList): void {
    copy(this.jobs[buffer]!.suspects, out);
  }
  further(): void {}
  describe(buffer: number): FrameHit[] {
    return this.jobs[buffer]!.hits;
  }
  retire(): void {}
  waitUntilDone(): boolean {
    return true;
  }
}
