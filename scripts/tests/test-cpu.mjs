// Writes how much CPU time each test file took, with the processes it started, to the file that TEST_CPU names:
// `TEST_CPU=/tmp/cpu.txt npm test && sort -rn /tmp/cpu.txt`. It depends less than wall time
// on other work, which may still add half.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

const file = process.env['TEST_CPU'];
/** Linux counts the time of ended children in hundredths of a second. */
const TICKS_PER_S = 100;

/** CPU seconds of this process, its threads and its ended children; 0 unless measured. */
export function cpuSeconds() {
  if (file === undefined) return 0;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + childTicks() / TICKS_PER_S;
}

/** User and system time of children that have ended: the name before these fields may hold spaces. */
function childTicks() {
  if (!existsSync('/proc/self/stat')) return 0;
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
  return Number(fields[13]) + Number(fields[14]);
}

/** Adds a test file's line. */
export function noteCpu(name, seconds) {
  if (file !== undefined) appendFileSync(file, `${seconds.toFixed(2)} ${name}\n`);
}
