import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { templateRoom } from '../kit/on-air.js';
import { sampled } from '../kit/whole.js';
import { startEngine } from './run-engine.js';

const skip = process.platform === 'win32' ? 'needs devices and pipes' : false;
const SECRET = 'not-for-anybody-0123456789';

t.test('no command reads a device, a pipe or a folder, nor shows the environment', { skip }, async (t) => {
  const dir = t.testdir({ folder: {} });
  const pipe = join(dir, 'pipe.json');
  execFileSync('mkfifo', [pipe]);
  /** Folders and rooms that name the file. */
  const naming = (bad: string, name: string): string => {
    const base = join(dir, name.replace(/\W/g, '-'), String(Math.random()).slice(2));
    mkdirSync(join(base, '3.2'), { recursive: true });
    symlinkSync(bad, join(base, '3.2', 'en.json'));
    const music = { ...templateRoom('minimal'), audio: { music: { src: bad } } };
    writeFileSync(join(base, 'room.json'), JSON.stringify(music));
    const product = templateRoom('demo-portrait') as unknown as { products: { image: string }[] };
    const [one] = product.products;
    writeFileSync(join(base, 'product.json'), JSON.stringify({ ...one, image: bad }));
    return base;
  };
  const film = ['presenter', 'film', '--base', 'none.mp4', '--out', join(dir, 'pack')];
  const consent = ['--consent-who', 'A B', '--consent-date', '2026-05-02', '--consent-use', 'sales', '--adult'];
  const commands: Record<string, (file: string) => readonly string[]> = {
    product: (file) => ['product', file],
    check: (file) => ['check', file],
    start: (file) => ['start', '--room', file],
    render: (file) => ['render', '--room', file, '--to', '1', '--out', join(dir, 'frames')],
    judge: (file) => ['judge', '--room', file],
    script: (file) => ['script', '--product', file, '--out', join(dir, 'script.json')],
    'script --room': (file) => ['script', '--room', file, '--out', join(dir, 'script.json')],
    'ledger show': (file) => ['ledger', 'show', file],
    'ledger verify': (file) => ['ledger', 'verify', file],
    report: (file) => ['report', '--store', file],
    scan: (file) => ['scan', file],
    'new --products': (file) => ['new', join(dir, 'made'), '--template', 'kitchen', '--products', file],
    'new with pictures': (file) => [
      ...['new', join(dir, 'made'), '--template', 'kitchen', '--products'],
      join(naming(file, 'picture'), 'product.json'),
    ],
    'new --logo': (file) => ['new', join(dir, 'made'), '--template', 'kitchen', '--logo', file],
    'presenter film --consent': (file) => [...film, '--consent', file],
    'presenter film --text': (file) => [...film, ...consent, '--text', file],
    'presenter film': (file) => ['presenter', 'film', '--base', file, '--out', join(dir, 'pack'), ...consent],
    'rules check': (file) => ['rules', 'check', naming(file, 'rules')],
    'check of music': (file) => ['check', join(naming(file, 'music'), 'room.json')],
    install: (file) => ['install', '--systemd', '--room', file],
  };
  const bad = ['/dev/zero', pipe, join(dir, 'folder'), '/proc/self/environ'];
  const runs = Object.entries(commands).flatMap(([name, args]) =>
    bad.map((file) => ({ name, file, args: args(file) })),
  );
  for (const { name, file, args } of sampled(runs, 9)) {
    const engine = startEngine(args, { SHOWROOM_TEST: SECRET });
    const timer = setTimeout(() => engine.child.kill('SIGKILL'), 60_000);
    const { code, signal, stdout, stderr } = await engine.ended;
    clearTimeout(timer);
    const what = `${name} ${file}`;
    t.equal(signal, null, `${what} ends by itself`);
    t.not(code, 0, `${what}: ${stdout.slice(0, 300)}`);
    t.not(code, 70, `${what}: ${stderr.slice(0, 600)}`);
    t.notMatch(stdout + stderr, SECRET, what);
  }
});

t.test('an error that nobody caught is printed without controls', { skip }, async (t) => {
  const setup = JSON.stringify(join(packageRoot(), 'dist', 'cli', 'process-setup.js'));
  for (const failing of ['setTimeout(() => { throw new Error(text); })', 'void Promise.reject(new Error(text))']) {
    const script = `await import(${setup}); const text = 'x\\u001b[2J\\u202e\\u009b'; ${failing}; setTimeout(() => {}, 60000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    t.equal(code, 70);
    t.match(said, /engine: an internal error: Error: x\\u001b\[2J\\u202e\\u009b/);
    // oxlint-disable-next-line no-control-regex
    t.notMatch(said, /[\u001b\u009b\u202e]/);
  }
});

t.test('a record with line breaks is one line of `ledger show`', async (t) => {
  const record = {
    ...{ seq: 1, at: '2026-01-01T00:00:00Z\nFAKE', kind: 'x\nFAKE', rule: '3.3\nFAKE', action: 'mute\nFAKE' },
    ...{ evidence: 'e\nFAKE', detail: { 'k\nFAKE': 'v\nFAKE' }, prev: '0'.repeat(64), hash: '0'.repeat(64) },
  };
  const dir = t.testdir({ 'ledger.jsonl': `${JSON.stringify(record)}\n` });
  const { stdout } = await startEngine(['ledger', 'show', join(dir, 'ledger.jsonl')]).ended;
  t.match(stdout, /FAKE/);
  t.equal(stdout.trimEnd().split('\n').length, 1, stdout);
});
