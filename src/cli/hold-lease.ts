/**
 * Ends the engine when its lease is over (`engine start --lease`, which only workers of a fleet use).
 *
 * Problem: the guard that kills rooms without a lease may itself be frozen or killed.
 * Rule: the guard's renewals arrive on standard input, a JSON line each. Past the newest deadline, on the machine's own
 * clock, the engine kills its children and itself. The end of standard input changes nothing but that no renewal comes.
 * Numbers: a look every 50 ms.
 */
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { bootMs } from '../core/boot-clock.js';
import type { Closeable } from '../core/closeable.js';
import { childPids } from '../core/processes/process-mark.js';

const LOOK_MS = 50;
/** Before the first line: the guard writes it at once. */
const FIRST_MS = 5000;

const leaseLine = z.object({ worker: z.string().max(200), fence: z.int().min(0), untilMs: z.number() });
export interface HeldLease {
  readonly worker: string;
  readonly fence: number;
}

export interface LeaseHolder extends Closeable {
  /** Called for the first lease and whenever the worker or the fence changes. */
  onLease(told: (lease: HeldLease) => void): void;
}

export function holdLease(input: NodeJS.ReadableStream = process.stdin, end: () => void = endNow): LeaseHolder {
  let untilMs = bootMs() + FIRST_MS;
  let held: HeldLease | undefined;
  let told: ((lease: HeldLease) => void) | undefined;
  const lines = createInterface({ input, crlfDelay: Infinity });
  lines.on('line', (text) => {
    let line: z.infer<typeof leaseLine>;
    try {
      line = leaseLine.parse(JSON.parse(text));
    } catch {
      return; // no renewal
    }
    untilMs = line.untilMs;
    if (held?.fence === line.fence && held.worker === line.worker) return;
    held = { worker: line.worker, fence: line.fence };
    told?.(held);
  });
  const timer = setInterval(() => {
    if (bootMs() < untilMs) return;
    // After a busy time a renewal may wait unread: input is read between a timer and this.
    setImmediate(() => {
      if (bootMs() >= untilMs) end();
    });
  }, LOOK_MS);
  return {
    onLease(callback) {
      told = callback;
      if (held !== undefined) callback(held);
    },
    async close() {
      clearInterval(timer);
      lines.close();
    },
  };
}

function endNow(): void {
  process.stderr.write('engine: the lease of this room is over; it ends at once [E_LEASE_LOST]\n');
  for (const pid of childPids()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  process.kill(process.pid, 'SIGKILL');
}
