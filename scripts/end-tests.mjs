// Loaded before each test file. Node.js 20 can spin forever in its own cleanup when a process with worker threads ends by
// itself; process.exit() skips that cleanup. tap adds work when the process is about to end, so the third notice counts.
import { isMainThread } from 'node:worker_threads';

let notices = 0;
if (isMainThread) {
  process.on('beforeExit', () => {
    notices += 1;
    if (notices > 2) process.exit();
    setImmediate(() => undefined);
  });
}
