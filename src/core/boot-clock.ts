import { readFileSync } from 'node:fs';

/**
 * Milliseconds since the machine's start, asleep or awake. The same for all processes of the machine; steps of the wall
 * clock do not change it. Resolution 10 ms.
 */
export function bootMs(): number {
  try {
    return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1000;
  } catch {
    return Number(process.hrtime.bigint() / 1_000_000n); // no /proc: time asleep is not counted
  }
}
