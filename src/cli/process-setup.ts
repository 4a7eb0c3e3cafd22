import { isAnotherOnAir } from '../core/processes/process-mark.js';
import { keepHeapSmall } from '../native/process-memory.js';
import { preferThisProcess } from '../native/process-priority.js';
import { startSmall } from '../native/small-start.js';
import { guardOutput } from './terminal/safe-output.js';

const MAX_STACK_CHARS = 20_000;
const INTERNAL_ERROR = 70;

// Imported first by the command line, before any thread exists and any other module is loaded.
let limited = false;
if (process.argv[2] === 'start' || process.argv[2] === 'demo') {
  preferThisProcess(process.env['ENGINE_NICE'], isAnotherOnAir());
  limited = startSmall();
}

/*
 * Writes to the encoders' pipes and sharp's rasterising share libuv's pool, which has four threads by default and
 * reads its size on first use. With eight, decoding a large picture cannot delay a frame to its encoder.
 */
process.env['UV_THREADPOOL_SIZE'] ??= '8';
keepHeapSmall(!limited);

// Node prints an error that nobody caught past the guard of the streams, and its message may quote a stranger's file.
process.on('uncaughtException', (error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`engine: an internal error: ${text.slice(0, MAX_STACK_CHARS)}\n`);
  process.exit(INTERNAL_ERROR);
});

// A closed reader (`engine schema | head`, or a closed terminal, which gives EIO) is no fault and must not end a room.
for (const stream of [process.stdout, process.stderr]) {
  guardOutput(stream);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') process.exitCode = 1;
  });
}
