import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadMusic } from '../../../src/audio/load-music.js';
import { childEnvironment, spawnApart } from '../../../src/core/processes/child-process.js';
import { silentLog } from '../../../src/core/log.js';
import { ProcessBackend } from '../../../src/core/processes/process-backend.js';
import { packageRoot } from '../../../src/core/files/paths.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { checkSrtProgram } from '../../../src/outputs/srt/srt-output.js';
import { probeClip } from '../../../src/scene/clips/probe-clip.js';
import { SynthesiserChild } from '../../../src/speech/synthesiser/synthesiser-child.js';
import { SyntheticRoom } from '../../encoder/synthetic-room.js';

const skip = process.platform === 'linux' ? false : 'needs /proc';
const SECRET = 'k3y-of-an-output';
for (const name of ['ENGINE_TOKEN', 'TAOBAO_KEY', 'LLM_KEY', 'AWS_SECRET_ACCESS_KEY', 'HTTPS_PROXY', 'NOTIFY_SOCKET']) {
  process.env[name] = SECRET;
}

const environOf = (pid: number): string => readFileSync(`/proc/${pid}/environ`, 'utf8');
/** Behind the program's name: state, parent, group, session. */
const groupOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')[2]!;

t.test('passes the variables that programs need, and no unknown one', (t) => {
  const env = {
    PATH: '/bin',
    LC_ALL: 'C',
    MALLOC_ARENA_MAX: '1',
    LD_LIBRARY_PATH: '/opt',
    YOUTUBE_KEY: 'a',
    PATH_KEY: 'b',
  };
  t.same(childEnvironment(env), { PATH: '/bin', LC_ALL: 'C', MALLOC_ARENA_MAX: '1', LD_LIBRARY_PATH: '/opt' });
  t.notMatch(JSON.stringify(childEnvironment()), SECRET);
  t.end();
});

t.test('no other source starts a process', (t) => {
  const root = join(packageRoot(), 'src');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  t.ok(sources.length > 300);
  const starts = /^(?!import type ).*['"](?:node:)?(?:child_process|cluster)['"]/m;
  const found = sources.filter((name) => starts.test(readFileSync(join(root, name), 'utf8')));
  t.same(found, [join('core', 'processes', 'child-process.ts')]);
  t.end();
});

t.test(
  'encoders, speech and text reading get no key, and encoders are detached from the terminal',
  { skip },
  async (t) => {
    const room = await SyntheticRoom.start();
    t.teardown(() => room.close());
    const encoders = Object.values(room.supervisor.stats().pids).filter((pid) => pid !== undefined);
    t.equal(encoders.length, 2);
    const module = new URL('../../../src/speech/espeak/espeak-process.ts', import.meta.url);
    const program = { name: 'espeak', module, package: '@echogarden/espeak-ng-emscripten', heapMib: 64 };
    const espeak = new SynthesiserChild(program, silentLog);
    t.teardown(() => espeak.close());
    const ocr = new ProcessBackend({
      module: new URL('../../../src/compliance/ocr/ocr-process.js', import.meta.url),
      caller: import.meta.url,
    });
    t.teardown(() => ocr.end());
    for (const pid of [...encoders, espeak.pid!, ocr.pid!]) {
      const name = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').slice(0, 80);
      t.match(environOf(pid), /(^|\0)PATH=/, `readable: ${name}`);
      t.notMatch(environOf(pid), SECRET, name);
    }
    for (const pid of encoders) t.not(groupOf(pid), groupOf(process.pid), 'a group of its own');
  },
);

t.test('programs that read files of strangers get no key', { skip }, async (t) => {
  // Not t.testdir(): its path may contain characters that a script's first line cannot.
  const dir = mkdtempSync(join(tmpdir(), 'showroom-children-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const said = join(dir, 'environ');
  const program = join(dir, 'ffmpeg');
  writeFileSync(program, `#!/bin/sh\ncat /proc/$$/environ >> ${said}\nexit 1\n`, { mode: 0o755 });
  const file = join(dir, 'sound.mp3');
  writeFileSync(file, 'not sound');
  const { signal } = new AbortController();
  const runs: [string, () => Promise<unknown>][] = [
    ['probe of a clip', () => probeClip(program, file, 'mov', 'layer', signal)],
    ['decoding of music', () => loadMusic(file, { ffmpegPath: program, signal, cacheDir: dir })],
    ['question for SRT', () => checkSrtProgram(program, 'output')],
    ['question for encoders', () => findFfmpeg({ env: { ENGINE_FFMPEG: program } })],
  ];
  for (const [name, run] of runs) {
    writeFileSync(said, '');
    await run().catch(() => undefined);
    const environ = readFileSync(said, 'utf8');
    t.match(environ, /(^|\0)PATH=/, `${name} ran`);
    t.notMatch(environ, SECRET, name);
  }
});

t.test('adds the caller’s variables', { skip }, async (t) => {
  const child = spawnApart('sh', ['-c', 'echo $ADDED $ENGINE_TOKEN; read x'], { env: { ADDED: 'yes' } });
  const said = await new Promise<string>((resolve) => child.stdout.once('data', (data: Buffer) => resolve(`${data}`)));
  t.equal(said, 'yes\n');
  child.kill('SIGKILL');
});
