import { keepHeapSmall } from '../native/process-memory.js';
import { preferThisProcess } from '../native/process-priority.js';
import { startSmall } from '../native/small-start.js';

// Imported first by the command line, before any thread exists and any other module is loaded.
let limited = false;
if (process.argv[2] === 'start' || process.argv[2] === 'demo') {
  preferThisProcess(process.env['ENGINE_NICE']);
  limited = startSmall();
}

/*
 * Writes to the encoders' pipes and sharp's rasterising share libuv's pool, which has four threads by
 * default and reads its size when first used: with eight, a large picture that is being decoded cannot keep a
 * frame from its encoder.
 */
process.env['UV_THREADPOOL_SIZE'] ??= '8';
keepHeapSmall(!limited);

// A reader that goes away (`engine schema | head`, a closed terminal, which is EIO) is no fault and must not end a room.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') process.exitCode = 1;
  });
}
