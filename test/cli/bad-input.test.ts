import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { templateRoom, writeRoom } from '../kit/on-air.js';
import { sampled } from '../kit/whole.js';
import { runEngine, startEngine } from './run-engine.js';

t.test('bad input', async (t) => {
  const minimal = templatePath('rooms', 'minimal', 'room.json');

  t.test('answers an impossible request with one message: place, expected and found', async (t) => {
    const dir = t.testdir({
      'cut.json': '{ "name": "x",',
      'list.json': '[]',
      'rule.json': '',
      'proc.json': '',
      folder: {},
      notes: 'no\nrecords\n',
    });
    writeFileSync(
      join(dir, 'rule.json'),
      JSON.stringify({ ...templateRoom('minimal'), compliance: { actions: { '9.9': 'mute' } } }),
    );
    const proc = { ...templateRoom('minimal'), compliance: { ledger: '/proc/none/ledger.jsonl' } };
    writeFileSync(join(dir, 'proc.json'), JSON.stringify(proc));
    const cases: [string[], RegExp, NodeJS.ProcessEnv?][] = [
      [['start'], /engine start: expected --room FILE, found no room; `engine demo` puts the demo room on air/],
      [['check', 'none.json'], /none\.json: expected a readable room file, found no such file/],
      [['check', 'folder'], /folder: expected a readable room file, found a folder/],
      [['check', 'cut.json'], /cut\.json:1:15: expected JSON, found the end of the file/],
      [['check', 'list.json'], /list\.json: top level: expected an object \{…\}, found \[\]/],
      [['check', 'rule.json'], /compliance\.actions: expected the id of a rule, such as "3\.2", found the key "9\.9"/],
      [['start', '--room', minimal], /ENGINE_LOG: expected one of debug.*, found "loud"/, { ENGINE_LOG: 'loud' }],
      [['start', '--room', 'proc.json'], /ledger\.jsonl: expected a writable file, found ENOENT.*E_LEDGER/s],
      [['render', '--room', minimal, '--to', '1', '--out', 'a.mov'], /--out: expected a folder .*\.mp4, found a\.mov/],
      [['ledger', 'show', 'notes'], /notes: expected the records of a ledger, found 2 lines that are not records/],
      [['judge', '--room', 'cut.json'], /cut\.json:1:15: expected JSON/],
      [['camera', '--room', 'none.json'], /none\.json: expected a readable room file/],
    ];
    for (const [args, said, env] of sampled(cases, 4)) {
      const { code, stdout, stderr } = await runEngine(args, env, dir);
      t.equal(code, 1, args.join(' '));
      t.equal(stdout, '', args.join(' '));
      t.match(stderr, said);
      const messages = stderr.split('\n').filter((line) => line.startsWith('engine: '));
      t.equal(messages.length, 1, `one message for ${args.join(' ')}: ${stderr}`);
    }
  });

  t.test('points to the help on a wrong option', async (t) => {
    t.match((await runEngine(['render', '--to', '1'])).stderr, /--room <file>.*\(engine render --help/s);
    const unknown = (await runEngine(['render', '--rom', 'x'])).stderr;
    t.match(unknown, /unknown option '--rom'/, 'not about the missing --room');
    t.match((await runEngine(['start', '--rom', 'x'])).stderr, /unknown option '--rom'\n\(Did you mean --room\?\)/);
    t.match((await runEngine(['ledger', 'show', '--since', 'x'])).stderr, /found "x".*\(engine ledger show --help/s);
  });

  t.test('ends a render whose folder cannot be created, also below /proc', async (t) => {
    const args = ['render', '--room', minimal, '--to', '0.1', '--out', '/proc/none/frames'];
    const { code, stderr } = await runEngine(args);
    t.equal(code, 1);
    t.match(stderr, /--out: expected a folder that can be made/);
  });

  t.test('reports an unusable presenter and drawing in check', async (t) => {
    const room = templateRoom('minimal');
    const file = writeRoom(t, { ...room, presenter: { ...room['presenter'], pack: 'nobody' } });
    const { code, stdout } = await runEngine(['check', file]);
    t.equal(code, 1);
    t.match(
      stdout,
      /nobody.pack\.json: expected a presenter by its name \(`engine presenter list` has them\), or the folder of another/,
    );
    t.match(stdout, /1 fault, /);
  });
});

t.test('hostile files', async (t) => {
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
});
