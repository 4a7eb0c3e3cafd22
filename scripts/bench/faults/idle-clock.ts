import { Worker } from 'node:worker_threads';

/**
 * An idle thread that only wakes at each frame's time, like the loop.
 *
 * Problem: on a busy machine every thread wakes late now and then. The lateness of this thread, which has no work,
 * helps to explain a miss. It excuses none.
 */
const CODE = `
const { workerData } = require('node:worker_threads');
const seen = new Float64Array(workerData.seen);
const count = new Int32Array(workerData.count);
const slotMs = 1000 / 30;
let due = performance.timeOrigin + performance.now() + slotMs;
const wake = () => {
  const now = performance.timeOrigin + performance.now();
  if (now < due) return arm();
  const missed = Math.floor((now - due) / slotMs);
  if (missed > 0) {
    const at = (count[0] % (seen.length / 2)) * 2;
    seen[at] = now;
    seen[at + 1] = missed;
    Atomics.add(count, 0, 1);
  }
  due += (missed + 1) * slotMs;
  arm();
};
const arm = () => setTimeout(wake, Math.max(0, Math.ceil(due - performance.timeOrigin - performance.now())));
arm();
`;
const KEPT = 10_000;

export class IdleClock {
  private readonly seen = new Float64Array(new SharedArrayBuffer(KEPT * 16));
  private readonly count = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker = new Worker(CODE, {
    eval: true,
    workerData: { seen: this.seen.buffer, count: this.count.buffer },
  });

  /** Slots it missed between two times of `performance.now()`, in total and in one stretch. */
  missed(fromMs: number, toMs: number): { total: number; longest: number } {
    let total = 0;
    let longest = 0;
    for (let i = 0; i < Math.min(KEPT, Atomics.load(this.count, 0)); i += 1) {
      const atMs = this.seen[2 * i]! - performance.timeOrigin;
      if (atMs < fromMs || atMs > toMs) continue;
      total += this.seen[2 * i + 1]!;
      longest = Math.max(longest, this.seen[2 * i + 1]!);
    }
    return { total, longest };
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
