import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { endWithUs } from '../kit/end-with-us.js';

/** Ends when its parent has ended: a killed or aborted parent cannot stop it. */
const BUSY = 'const p = process.ppid; while (process.ppid === p) for (let i = 0; i < 1e7; i += 1);';

/** Busy loops at the lowest priority, one per core: they take all CPU the room leaves. */
export function burnAllCores(): () => void {
  const loops = cpus().map(() =>
    // Added to this process's own, which is below zero, and clamped to 19.
    spawn('nice', ['-n', '39', process.execPath, '-e', BUSY], { stdio: 'ignore', detached: false }),
  );
  for (const loop of loops) endWithUs(loop);
  for (const loop of loops) loop.on('error', (e) => process.stderr.write(`no load on a core: ${e.message}\n`));
  return () => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
}
