import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { endWithUs } from '../end-with-us.js';

/** Ends when its parent has: one that is killed, or aborts, can't stop it any more. */
const BUSY = 'const p = process.ppid; while (process.ppid === p) for (let i = 0; i < 1e7; i += 1);';

/** Busy loops at the lowest priority, one a core: whatever the room leaves of the machine is taken. */
export function burnAllCores(): () => void {
  const loops = cpus().map(() =>
    // Added to this process' own, which is below zero, and cut at 19.
    spawn('nice', ['-n', '39', process.execPath, '-e', BUSY], { stdio: 'ignore', detached: false }),
  );
  for (const loop of loops) endWithUs(loop);
  for (const loop of loops) loop.on('error', (e) => process.stderr.write(`no load on a core: ${e.message}\n`));
  return () => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
}
