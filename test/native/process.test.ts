import { pathToFileURL } from 'node:url';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { bytesOfFile, mapFile } from '../../src/native/map-file.js';
import { preferThisProcess } from '../../src/native/process-priority.js';

t.test('process memory', async (t) => {
  const module = pathToFileURL(join(packageRoot(), 'src/native/process-memory.ts')).href;

  /** Size of the young generation after a start that allocates much and keeps a part of it for a while. */
  function youngBytes(before: string): number {
    const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    const { keepHeapSmall, settleMemory } = await import(${JSON.stringify(module)});
    ${before}
    const kept = [];
    for (let i = 0; i < 3_000_000; i += 1) {
      kept.push({ i, text: 'x' + i });
      if (kept.length > 200_000) kept.length = 0;
    }
    console.log(getHeapSpaceStatistics().find((s) => s.space_name === 'new_space').space_size);`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--import=tsx', '--input-type=module', '--eval', script],
      { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    );
    if (status !== 0) throw new Error(stderr);
    return Number(stdout.trim());
  }

  t.test('keeps the young generation small from the call on', async (t) => {
    t.ok(youngBytes('') > 8 << 20, 'a busy start lets it grow');
    const small = youngBytes('keepHeapSmall();');
    t.ok(small > 0 && small <= 4 << 20, `${small} bytes`);
  });

  t.test('settles repeatedly without keeping the process alive', async (t) => {
    const started = performance.now();
    t.ok(youngBytes('keepHeapSmall(); settleMemory(); settleMemory();') > 0);
    t.ok(performance.now() - started < 20_000, 'it ended before the last trim');
  });
});

t.test('process priority', async (t) => {
  const module = pathToFileURL(join(packageRoot(), 'src/native/process-priority.ts')).href;
  const skip = existsSync('/proc/self/task') ? false : 'needs /proc';

  /** Asks in a process with its own session, like a service, and returns the priorities of its threads and session. */
  function asked(wanted: string): Promise<{ granted: boolean; threads: number[]; session: string }> {
    const code = `
    const { preferThisProcess } = await import(${JSON.stringify(module)});
    const { readdirSync, readFileSync, existsSync } = await import('node:fs');
    const { getPriority } = await import('node:os');
    const granted = preferThisProcess(${JSON.stringify(wanted)});
    const threads = readdirSync('/proc/self/task').map((thread) => getPriority(Number(thread)));
    const session = existsSync('/proc/self/autogroup') ? readFileSync('/proc/self/autogroup', 'utf8') : '';
    console.log(JSON.stringify({ granted, threads, session }));`;
    return answer(code) as Promise<{ granted: boolean; threads: number[]; session: string }>;
  }

  /** Runs code in a process with a session of its own; its output as JSON. */
  function answer(code: string): Promise<unknown> {
    const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', code], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Promise((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (data: Buffer) => (text += data.toString()));
      child.once('close', () => {
        try {
          resolve(JSON.parse(text));
        } catch (e) {
          reject(e as Error);
        }
      });
    });
  }

  t.test('gives every thread and the session of a service the requested priority', { skip }, async (t) => {
    // Below the default, which needs no permission.
    const { granted, threads, session } = await asked('3');
    t.equal(granted, true);
    t.ok(threads.length > 1);
    t.strictSame([...new Set(threads)], [3]);
    t.match(session, /^$|^\/autogroup-\d+ nice 3$/m);
  });

  t.test('changes nothing for 0', { skip }, async (t) => {
    const { granted, threads, session } = await asked('0');
    t.equal(granted, true);
    t.equal(new Set(threads).size, 1);
    t.match(session, /^$|^\/autogroup-\d+ nice 0$/m);
  });

  t.test('rejects a priority outside −20..19', async (t) => {
    t.equal(preferThisProcess('fast'), false);
    t.equal(preferThisProcess('-40'), false);
  });

  t.test(
    'yields while it starts and takes its priority, with its children, when the show begins',
    { skip },
    async (t) => {
      const code = `
    const { preferThisProcess, preferOnAir } = await import(${JSON.stringify(module)});
    const { readdirSync } = await import('node:fs');
    const { getPriority, setPriority } = await import('node:os');
    const { spawn } = await import('node:child_process');
    let mayRise = true;
    try { setPriority(1); setPriority(0); } catch { mayRise = false; }
    const threads = () => [...new Set(readdirSync('/proc/self/task').map((thread) => getPriority(Number(thread))))];
    const granted = preferThisProcess('3', true);
    const before = threads();
    const child = spawn('sleep', ['30']);
    const gentle = spawn('sleep', ['30']);
    setPriority(gentle.pid, 17);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const childBefore = getPriority(child.pid);
    preferOnAir();
    const after = threads();
    console.log(JSON.stringify({ mayRise, granted, before, childBefore, after, child: getPriority(child.pid), gentle: getPriority(gentle.pid) }));
    child.kill('SIGKILL');
    gentle.kill('SIGKILL');`;
      const found = (await answer(code)) as { mayRise: boolean };
      const expected = found.mayRise
        ? { granted: true, before: [13], childBefore: 13, after: [3], child: 3, gentle: 17 }
        : { granted: true, before: [3], childBefore: 3, after: [3], child: 3, gentle: 17 };
      t.match(found, expected);
    },
  );
});

t.test('map file', async (t) => {
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
});
