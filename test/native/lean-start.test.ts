import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { leanStart } from '../../src/native/lean-start.js';

const preload = leanStart({})['LD_PRELOAD'];
const missing = preload === undefined && 'no compiled addon, or no Linux';

t.test('keeps the rest of the environment', async (t) => {
  t.equal(leanStart({ PATH: '/bin' })['PATH'], '/bin');
});

t.test("keeps the caller's preloaded library first", { skip: missing }, async (t) => {
  t.equal(leanStart({ LD_PRELOAD: '/lib/x.so' })['LD_PRELOAD'], `/lib/x.so ${preload}`);
});

/** Kilobytes of mapped files in a program that was linked with hundreds of libraries and reads its own figures. */
function fileKilobytes(env: NodeJS.ProcessEnv): number {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-lean-'));
  try {
    // ffmpeg copies a file it is told to read as raw bytes: here its own memory map.
    const out = join(dir, 'smaps');
    const run = spawnSync(
      'ffmpeg',
      ['-v', 'error', '-f', 'data', '-i', '/proc/self/smaps', '-map', '0', '-c', 'copy', '-f', 'data', out],
      { env, encoding: 'utf8' },
    );
    if (run.status !== 0) throw new Error(run.stderr);
    const smaps = spawnSync('cat', [out], { encoding: 'utf8', maxBuffer: 64 << 20 }).stdout;
    let kilobytes = 0;
    let file = false;
    for (const line of smaps.split('\n')) {
      const mapping = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+\s*(.*)$/.exec(line);
      if (mapping !== null) file = mapping[1]!.startsWith('/');
      else if (file && line.startsWith('Rss:')) kilobytes += Number(/\d+/.exec(line)![0]);
      else if (file && line.startsWith('Anonymous:')) kilobytes -= Number(/\d+/.exec(line)![0]);
    }
    return kilobytes;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
const ffmpeg = existsSync('/usr/bin/ffmpeg') ? false : 'no ffmpeg of a distribution';

t.test("leaves a distribution's ffmpeg with few resident library pages", { skip: missing || ffmpeg }, async (t) => {
  const plain = fileKilobytes(process.env);
  const lean = fileKilobytes(leanStart(process.env));
  t.ok(lean < plain / 2, `${lean} kB in place of ${plain} kB`);
});
