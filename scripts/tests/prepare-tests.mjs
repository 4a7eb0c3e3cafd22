// Loaded before each test file, and its threads.
import Module, { SourceMap, syncBuiltinESMExports } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

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

/** tap asks for the source of a failed assertion: only then is a map read. */
function readMapsWhenAsked() {
  const maps = new Map();
  Module.findSourceMap = (file) => {
    if (!maps.has(file)) {
      const path = `${file.startsWith('file:') ? fileURLToPath(file) : file}.map`;
      maps.set(file, existsSync(path) ? readMap(path) : undefined);
    }
    return maps.get(file);
  };
  syncBuiltinESMExports();
}

function readMap(path) {
  const map = JSON.parse(readFileSync(path, 'utf8'));
  return new SourceMap({ ...map, sources: map.sources.map((one) => new URL(one, pathToFileURL(path)).href) });
}

if (isMainThread) {
  endAfterTap();
  readMapsWhenAsked();
  if (process.env['TEST_CPU'] !== undefined) {
    const { cpuSeconds, noteCpu } = await import('./test-cpu.mjs');
    process.on('exit', () => noteCpu(process.argv[1] ?? '', cpuSeconds()));
  }
}
