import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, readSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { isEngineError } from '../../src/core/errors.js';
import { i420Size } from '../../src/core/media/picture.js';
import { addonPath } from '../../src/native/load-addon.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { nativeKernels } from '../../src/native/native-kernels.js';

const built = existsSync(addonPath());
const skip = built ? false : 'the addon is not built here (npm run build)';

function withKernels<T>(value: string | undefined, run: () => T): T {
  const before = process.env['SHOWROOM_KERNELS'];
  if (value === undefined) delete process.env['SHOWROOM_KERNELS'];
  else process.env['SHOWROOM_KERNELS'] = value;
  try {
    return run();
  } finally {
    if (before === undefined) delete process.env['SHOWROOM_KERNELS'];
    else process.env['SHOWROOM_KERNELS'] = before;
  }
}

t.test('chooses kernels by SHOWROOM_KERNELS and refuses unknown values with E_NATIVE', async (t) => {
  t.equal(withKernels('twin', () => loadKernels()).name, 'twin');
  if (built) t.equal(withKernels('scalar', () => loadKernels()).variant, 'scalar');
  try {
    withKernels('mmx', () => loadKernels());
    t.fail('it was accepted');
  } catch (e) {
    t.ok(isEngineError(e) && e.code === 'E_NATIVE' && e.found === 'mmx');
  }
});

t.test('reports E_NATIVE when the processor does not support the instance', async (t) => {
  class Refusing {
    constructor() {
      throw new RangeError('this processor does not support that variant');
    }
  }
  try {
    nativeKernels(
      {
        Kernels: Refusing as never,
        openPipe: () => 24,
        lendPages: () => undefined,
        mapFile: () => undefined,
        pipeCapacity: () => 0,
        pipeHeld: () => 0,
        keepHeapSmall: () => undefined,
        trimHeap: () => undefined,
        notifySocket: () => 0,
        socketQueue: () => -1,
        dropFilePages: () => 0,
        replaceProcess: () => undefined,
      },
      'avx2',
    );
    t.fail('it was accepted');
  } catch (e) {
    t.ok(isEngineError(e) && e.code === 'E_NATIVE' && /avx2/.test(e.message));
  }
});

t.test('falls back to the twin without an addon and reports E_NATIVE for a broken addon', async (t) => {
  const dir = t.testdir({ 'broken.node': 'not a shared library' });
  withKernels(undefined, () => {
    t.equal(loadKernels({ path: `${dir}/missing.node` }).name, 'twin');
    t.throws(() => loadKernels({ path: `${dir}/missing.node`, variant: 'scalar' }), { code: 'E_NATIVE' });
    t.throws(() => loadKernels({ path: `${dir}/broken.node` }), { code: 'E_NATIVE', where: `${dir}/broken.node` });
  });
});

t.test("opens a pipe of the requested size, or of the kernel's maximum", { skip }, async (t) => {
  const kernels = loadKernels();
  if (process.platform !== 'linux') return t.equal(kernels.openPipe(65_536), undefined);
  for (const size of [1 << 20, 1 << 31]) {
    const pipe = kernels.openPipe(size);
    if (pipe === undefined) return t.fail('no pipe');
    const [readFd, writeFd] = pipe;
    // Half a mebibyte goes in without a reader when the buffer is a mebibyte, its usual limit.
    const chunk = new Uint8Array(1 << 16).fill(7);
    const chunks = size === 1 << 20 ? 8 : 1;
    for (let i = 0; i < chunks; i += 1) t.equal(writeSync(writeFd, chunk), chunk.length);
    t.equal(readSync(readFd, chunk), chunk.length);
    closeSync(readFd);
    closeSync(writeFd);
  }
  t.equal(loadKernels({ prefer: 'twin' }).openPipe(65_536), undefined);
});

t.test('keeps both pipe ends out of child processes', { skip: skip || process.platform !== 'linux' }, async (t) => {
  const pipe = loadKernels().openPipe(1 << 18);
  if (pipe === undefined) return t.fail('no pipe');
  const child = spawnSync('ls', ['/proc/self/fd'], { encoding: 'utf8' });
  const fds = child.stdout.split('\n');
  t.notOk(fds.includes(String(pipe[1])) && pipe[1] > 10, `the child has ${fds.join(' ')}`);
  closeSync(pipe[0]);
  closeSync(pipe[1]);
});

t.test('loads the addon in several threads that share one frame, and ends them', { skip }, async (t) => {
  const frame = new Uint8Array(new SharedArrayBuffer(i420Size(64, 64)));
  const code = `
    const { workerData, parentPort } = require('node:worker_threads');
    const addon = require(workerData.path);
    const kernels = new addon.Kernels('');
    const before = new Uint8Array(workerData.frame.length);
    const shape = Int32Array.of(64, 64, 1, 0, 0, 0);
    for (let i = 0; i < 200; i += 1) {
      kernels.compose(workerData.frame, shape, Int32Array.of(0, workerData.row, 64, 2), new Int32Array(0), [], new Int32Array(0));
    }
    parentPort.postMessage(kernels.countDifferences(before, workerData.frame) > 0);
  `;
  const results = await Promise.all(
    [0, 2, 4].map(
      (row) =>
        new Promise<[boolean, number]>((resolve, reject) => {
          const worker = new Worker(code, { eval: true, workerData: { path: addonPath(), frame, row } });
          let said = false;
          worker.on('message', (m: boolean) => (said = m));
          worker.on('error', reject);
          worker.on('exit', (exit) => resolve([said, exit]));
        }),
    ),
  );
  t.same(results, [
    [true, 0],
    [true, 0],
    [true, 0],
  ]);
  t.ok(frame.subarray(0, 6 * 64).every((v) => v === 16));
  t.equal(frame[6 * 64], 0);
});

t.test('refuses sizes that do not fit their buffers', { skip }, async (t) => {
  const kernels = loadKernels();
  const out = new Int32Array(4);
  t.throws(() => kernels.findFinders(new Uint8Array(100), 64, 64, 0, 0, 64, 64, out), { code: 'E_NATIVE' });
  t.throws(() => kernels.countDifferences(new Uint8Array(3), new Uint8Array(4)), { code: 'E_NATIVE' });
  t.throws(() => kernels.rgbaToYuva(new Uint8Array(3), 2, 2, 0, 0), { code: 'E_NATIVE' });
  t.throws(() => kernels.i420ToRgba(new Uint8Array(6), 2, 2, new Uint8Array(15)), { code: 'E_NATIVE' });
});
