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
