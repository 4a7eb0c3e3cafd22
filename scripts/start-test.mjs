// Loaded by tap before each test file (`node-arg` in package.json).
import { register } from 'node:module';
import { setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import processOnSpawn from 'process-on-spawn';

/**
 * Priority of tests that only compute. Those that keep real time (`.live.test.ts`) come first, and so do long ones, which
 * are run by themselves and hold rooms on air.
 */
const NICE = 10;

if (isMainThread) {
  const isLive = /\.(live|long)\.test\.js$/.test(process.argv[1] ?? '');
  if (!isLive) setPriority(NICE);
  process.env['ENGINE_NICE'] ??= isLive ? '0' : String(NICE);
  // Models of this machine's user would change what speaks.
  process.env['ENGINE_MODELS'] = 'build/no-models';
  // From Node.js 24 on tap's hook runs in the main thread and sends nothing.
  if (parseInt(process.versions.node) < 24) register('./load-test.mjs', import.meta.url);
  leaveProcessesAlone();
  endAfterTap();
}

/** Processes that a test starts run as users start them: tap's loader costs each one three times its own start. */
function leaveProcessesAlone() {
  processOnSpawn.removeAllListeners();
  delete process.env['NODE_OPTIONS'];
}

/**
 * Node.js 20 can spin forever in its own cleanup when a process with worker threads ends by itself; process.exit() skips
 * that cleanup. tap adds work when the process is about to end, so the third notice counts.
 */
function endAfterTap() {
  let notices = 0;
  process.on('beforeExit', () => {
    notices += 1;
    if (notices > 2) process.exit();
    setImmediate(() => undefined);
  });
}
