import { CONTROL, JOB, JOB_STATE, OUTCOME, type ScanMemory } from './scan-memory.js';

/** Requeues the job of dead thread `index`, or marks it failed. */
export function returnJobs(memory: ScanMemory, index: number): void {
  const { jobs, control, handle } = memory;
  for (let b = 0; b < handle.buffers; b += 1) {
    const at = memory.jobAt(b);
    const mine = JOB_STATE.claimed + index;
    if (Atomics.load(jobs, at + JOB.state) !== mine) continue;
    jobs[at + JOB.attempts]! += 1;
    const torn = jobs[at + JOB.torn] !== 0;
    if (torn) askForAll(memory, at);
    const again = jobs[at + JOB.attempts]! < 2 && !torn;
    if (!again) jobs[at + JOB.outcome] = OUTCOME.failed;
    Atomics.compareExchange(jobs, at + JOB.state, mine, again ? JOB_STATE.posted : JOB_STATE.done);
    Atomics.add(control, again ? CONTROL.wake : CONTROL.finished, 1);
    Atomics.notify(control, again ? CONTROL.wake : CONTROL.finished);
  }
}

/** It died while it coalesced another job into this one: the requested rectangles are unknown. */
function askForAll({ jobs, handle }: ScanMemory, at: number): void {
  jobs[at + JOB.rectCount] = 1;
  jobs.set([0, 0, handle.width, handle.height], at + JOB.rects);
  jobs[at + JOB.effort] = 0;
}
