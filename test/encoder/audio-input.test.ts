import { closeSync, read } from 'node:fs';
import t from 'tap';
import { sampleIndex } from '../../src/core/time.js';
import { AudioInput } from '../../src/encoder/encoder-feed.js';
import { newInputLog } from '../../src/encoder/process/encoder-link.js';
import { openInputPipe } from '../../src/encoder/input-pipe.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { pipelessKernels, until } from './synthetic-room.js';

const SAMPLES = 1600;
const BLOCKS = 20;

const pcmOf = (block: number): Float32Array => Float32Array.from({ length: SAMPLES * 2 }, (_, i) => block + i / 10_000);

/** Reads to the end of the input, on another thread. */
async function readAll(fd: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (;;) {
    const part = await new Promise<Buffer>((resolve, reject) => {
      const into = Buffer.alloc(8000);
      read(fd, into, 0, into.length, null, (e, n) => (e === null ? resolve(into.subarray(0, n)) : reject(e)));
    });
    if (part.length === 0) return Buffer.concat(parts);
    parts.push(part);
  }
}

function rig(kernels = loadKernels()) {
  const pipe = openInputPipe(kernels, 'audio');
  const counters = { framesWritten: 0, framesRefused: 0, audioRefused: 0, broken: 0 };
  let closed = false;
  const link = { stream: 'aac', generation: 1, fd: pipe.writeFd, log: newInputLog() } as const;
  const input = new AudioInput(link, counters, () => (closed = true));
  return { input, readFd: pipe.readFd, counters, isClosed: () => closed };
}

for (const [name, kernels] of [
  ['a pipe of the addon', loadKernels()],
  ['a FIFO', pipelessKernels],
] as const) {
  t.test(`writes sound into ${name} whole and in order without blocking, however late it is read`, async (t) => {
    const { input, readFd, counters, isClosed } = rig(kernels);
    // A quarter of a megabyte: the pipe holds a quarter of that, so the rest has to wait its turn.
    for (let n = 0; n < BLOCKS; n += 1) t.ok(input.write(sampleIndex(n * SAMPLES), pcmOf(n), SAMPLES));
    input.release();
    t.equal(isClosed(), false, 'what is queued still has to go out');
    const all = await readAll(readFd);
    const expected = Buffer.concat(Array.from({ length: BLOCKS }, (_, n) => Buffer.from(pcmOf(n).buffer)));
    t.equal(Buffer.compare(all, expected), 0);
    t.ok(await until(isClosed, 5000), 'it is closed, and so the encoder gets the end of its input');
    t.equal(counters.broken, 0);
    closeSync(readFd);
  });
}

t.test('queues one second of sound for an encoder that does not read', async (t) => {
  const { input, readFd } = rig();
  let taken = 0;
  while (taken < 60 && input.write(sampleIndex(taken * SAMPLES), pcmOf(taken), SAMPLES)) taken += 1;
  // A second in the ring, and what the pipe holds.
  t.ok(taken >= 30 && taken <= 36, `${taken} blocks of a thirtieth`);
  closeSync(readFd);
  t.ok(await until(() => input.broken, 5000), 'the dead end is noticed');
});

t.test('breaks and closes a pipe without a reader at the next sound', async (t) => {
  const { input, readFd, counters, isClosed } = rig();
  t.ok(input.write(sampleIndex(0), pcmOf(0), SAMPLES));
  closeSync(readFd);
  input.write(sampleIndex(SAMPLES), pcmOf(1), SAMPLES);
  t.equal(input.broken, true);
  t.equal(counters.broken, 1);
  t.ok(await until(isClosed, 5000), 'it is closed');
  t.equal(input.write(sampleIndex(2 * SAMPLES), pcmOf(2), SAMPLES), false);
});
