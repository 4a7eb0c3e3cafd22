import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { bytesOfFile, mapFile } from '../../src/native/map-file.js';

const bytes = Buffer.from(Array.from({ length: 150_001 }, (_, i) => (i * 31) % 251));

t.test('gives the bytes of a file in pages that it shares with whoever maps it', async (t) => {
  const path = join(t.testdir(), 'bank.bin');
  writeFileSync(path, bytes);
  const fd = openSync(path, 'r');
  const mapped = mapFile(fd, bytes.length);
  closeSync(fd);
  if (mapped === undefined) return t.fail('not mapped, although this platform has the addon');
  t.ok(bytes.equals(mapped), 'after the file was closed');
  t.equal(mapped.length, bytes.length);
  const smaps = readFileSync('/proc/self/smaps', 'latin1');
  const mapping = smaps.slice(smaps.indexOf(path));
  t.match(/^Anonymous: +(\d+) kB$/m.exec(mapping)?.[1], '0', 'no copy of its own');
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     parentPort.once('message', (b) => parentPort.postMessage(b.reduce((sum, v) => sum + v, 0)));`,
    { eval: true },
  );
  worker.postMessage(mapped);
  const sum = await new Promise((resolve) => worker.once('message', resolve));
  t.equal(
    sum,
    bytes.reduce((all, v) => all + v, 0),
    'another thread reads the same',
  );
  await worker.terminate();
});

t.test('reads a file where it cannot be mapped', async (t) => {
  const dir = t.testdir({ empty: '' });
  const path = join(dir, 'bank.bin');
  writeFileSync(path, bytes);
  const { Memory } = WebAssembly;
  t.teardown(() => (WebAssembly.Memory = Memory));
  WebAssembly.Memory = function refused() {
    throw new RangeError('could not allocate memory');
  } as unknown as typeof Memory;
  for (const [name, expected] of [
    [path, bytes],
    [join(dir, 'empty'), Buffer.alloc(0)],
  ] as const) {
    const file = await open(name);
    t.ok(expected.equals(await bytesOfFile(file)));
    await file.close();
  }
});
