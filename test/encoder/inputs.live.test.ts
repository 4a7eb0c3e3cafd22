import { closeSync, read } from 'node:fs';
import t from 'tap';
import type { PageLender } from '../../src/core/kernels.js';
import { frameIndex, sampleIndex } from '../../src/core/time.js';
import { AudioInput, VideoInput } from '../../src/encoder/encoder-feed.js';
import { openInputPipe } from '../../src/encoder/input-pipe.js';
import { newInputLog } from '../../src/encoder/process/encoder-link.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { pageLender } from '../../src/native/page-lender.js';
import { pipelessKernels, until } from './synthetic-room.js';

t.test('audio input', async (t) => {
  const SAMPLES = 1600;
  const BLOCKS = 20;

  const pcmOf = (block: number): Float32Array =>
    Float32Array.from({ length: SAMPLES * 2 }, (_, i) => block + i / 10_000);

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
});

t.test('video input', async (t) => {
  const PIPE_BYTES = 1 << 16;
  /** Larger than the pipe, and not a whole number of pages. */
  const FRAME_BYTES = PIPE_BYTES + 5000;
  const lender = pageLender();
  const skip = lender === undefined && 'pages are lent by the native addon on Linux';

  interface Rig {
    readonly input: VideoInput;
    readonly readFd: number;
    readonly closed: Promise<void>;
    readonly free: number[];
    readonly pictures: readonly Uint8Array[];
    readonly counters: { framesWritten: number; framesRefused: number; audioRefused: number; broken: number };
  }

  function rig(by: PageLender | undefined = lender, pictures = 5): Rig {
    const pipe = loadKernels().openPipe(PIPE_BYTES)!;
    const counters = { framesWritten: 0, framesRefused: 0, audioRefused: 0, broken: 0 };
    let end = (): void => undefined;
    const closed = new Promise<void>((resolve) => (end = resolve));
    const link = { stream: 'video', generation: 1, fd: pipe[1], log: newInputLog() } as const;
    const input = new VideoInput(link, counters, () => end(), by);
    const all = Array.from({ length: pictures }, () => new Uint8Array(new SharedArrayBuffer(FRAME_BYTES)));
    const free = all.map((_, i) => i);
    input.recycle = (token) => {
      all[token]!.fill(0xee); // overwritten by the next frame
      free.push(token);
    };
    return { input, readFd: pipe[0], closed, free, pictures: all, counters };
  }

  const readSome = (fd: number, bytes: number): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const buffer = Buffer.alloc(bytes);
      read(fd, buffer, 0, bytes, null, (error, n) => (error === null ? resolve(buffer.subarray(0, n)) : reject(error)));
    });

  async function readFrame(fd: number, bytes = FRAME_BYTES): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let got = 0; got < bytes;) {
      const part = await readSome(fd, Math.min(7000, bytes - got));
      if (part.length === 0) break;
      parts.push(part);
      got += part.length;
    }
    return Buffer.concat(parts);
  }

  /** Lets finished work of other threads report back. */
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 200; i += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  const wholeFrames = ({ counters }: Rig, n: number): Promise<boolean> =>
    until(() => counters.framesWritten === n, 10_000);

  function write({ input, free, pictures }: Rig, n: number): boolean {
    const token = free.shift();
    if (token === undefined) return false;
    pictures[token]!.fill(n + 1);
    if (input.write(frameIndex(n), pictures[token]!, token)) return true;
    free.unshift(token);
    return false;
  }

  for (const [name, by] of [
    ['lent', lender],
    ['written, where the kernel refuses to lend', { ...lender!, lend: (_f, _b, _s, _e, done) => done(22, 0) }],
  ] as [string, PageLender][]) {
    t.test(`gives the reader each picture unchanged: ${name}`, { skip }, async (t) => {
      const it = rig(by);
      let written = 0;
      for (let n = 0; n < 40; n += 1) {
        while (written < 40 && write(it, written)) written += 1;
        const frame = await readFrame(it.readFd);
        t.ok(frame.length === FRAME_BYTES && frame.every((byte) => byte === n + 1), `picture ${n}`);
      }
      it.input.release();
      await it.closed;
      t.equal(it.counters.framesWritten, 40);
      t.equal(it.free.length, 5, 'all pictures are back');
      closeSync(it.readFd);
    });
  }

  t.test('returns a picture after the next one has gone in, and the last one once it was read', { skip }, async (t) => {
    const it = rig();
    t.ok(write(it, 0));
    await readFrame(it.readFd, FRAME_BYTES - 100);
    t.ok(await wholeFrames(it, 1), 'it went in whole');
    await turns();
    t.equal(it.free.length, 4, 'and is not back: 100 bytes of it are in the pipe');
    t.ok(write(it, 1));
    await readFrame(it.readFd, FRAME_BYTES - PIPE_BYTES + 8192 + 100);
    t.ok(await wholeFrames(it, 2));
    t.equal(it.free.length, 4, 'the first is back, the second is not');
    it.input.release();
    await turns();
    t.equal(it.free.length, 4, 'not yet: its end was not read');
    let over = false;
    void it.closed.then(() => (over = true));
    const rest = await readFrame(it.readFd, PIPE_BYTES - 8192);
    t.ok(rest.every((byte) => byte === 2));
    await it.closed;
    t.ok(over);
    t.equal(it.free.length, 5);
    closeSync(it.readFd);
  });

  t.test('returns all pictures when the reader is gone', { skip }, async (t) => {
    const it = rig();
    for (let n = 0; n < 3; n += 1) t.ok(write(it, n));
    t.notOk(write(it, 3), 'the queue is full');
    await readFrame(it.readFd, 20_000);
    closeSync(it.readFd);
    await it.closed;
    t.equal(it.counters.broken, 1);
    t.equal(it.free.length, 5);
  });

  t.test('returns the picture of a released pipe when its reader is gone', { skip }, async (t) => {
    const it = rig();
    t.ok(write(it, 0));
    await readFrame(it.readFd, FRAME_BYTES - 100);
    t.ok(await wholeFrames(it, 1));
    it.input.release();
    await turns();
    t.equal(it.free.length, 4);
    closeSync(it.readFd);
    await it.closed;
    t.equal(it.free.length, 5);
  });
});
