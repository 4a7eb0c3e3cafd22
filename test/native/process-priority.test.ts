import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import t from 'tap';
import { preferThisProcess } from '../../src/native/process-priority.js';

const module = new URL('../../src/native/process-priority.ts', import.meta.url).href;
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
