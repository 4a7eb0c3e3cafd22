import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ShowReader } from '../../src/store/show-reader.js';
import { NOW, config, recordingLog, openStore, line, start } from './store-kit.js';

t.test('renames a damaged file and goes on in a new one', async (t) => {
  const { log, said } = recordingLog();
  const file = join(t.testdir(), 'ledger.store.sqlite');
  writeFileSync(file, 'this is no database '.repeat(500));
  const { store } = await openStore(t, { file, log });
  t.match(said, [{ level: 'error', message: /renamed/ }]);
  store.begin(start);
  for (let n = 0; n < 400; n += 1) store.lineSpoken(line(n));
  await store.flush();
  await store.close();
  // All pages but the first.
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.alloc(statSync(file).size - 4096, 0x5a), 0, undefined, 4096);
  closeSync(fd);
  const { store: next } = await openStore(t, { file, log, nowMs: () => NOW + 1000 });
  next.begin(start);
  for (let n = 0; n < 3; n += 1) {
    next.lineSpoken(line(1000 + n));
    await next.flush();
  }
  next.lineSpoken(line(2000));
  await next.flush();
  await next.close();
  t.equal(said.length, 2);
  const asides = readdirSync(join(file, '..')).filter((name) => /damaged-[^w]*Z$/.test(name));
  t.equal(asides.length, said.filter(({ message }) => /renamed/.test(message)).length);
  const reader = await ShowReader.open(file);
  t.teardown(() => reader.close());
  t.equal(reader.lines(0).at(-1)?.text, 'Sentence number 2000 of this show');
  t.match(reader.sessions(0), [{ room: 'shop', ended: 'stopped' }]);
});

t.test('removes its oldest records when it has reached its limit', async (t) => {
  const { log, said } = recordingLog();
  const { file, store } = await openStore(t, { log, maxBytes: 400_000, maxWaiting: 100_000 });
  store.begin(start);
  for (let n = 0; n < 12_000; n += 1) store.lineSpoken(line(n, NOW + n * 1000));
  while (store.health().waiting > 0) {
    await store.flush();
    if (store.health().state !== 'on') break;
  }
  t.equal(store.health().state, 'on');
  t.ok(said.some(({ message }) => /reached its limit/.test(message)));
  t.ok(statSync(file).size <= 450_000, `${statSync(file).size} bytes`);
  const reader = await ShowReader.open(file);
  t.teardown(() => reader.close());
  const lines = reader.lines(0);
  t.equal(lines.at(-1)?.text, 'Sentence number 11999 of this show');
  t.ok(lines[0]!.atMs > NOW, 'the oldest are gone');
});

t.test('waits while the disk refuses, counts records beyond the limit, and reports each once', async (t) => {
  // A file size limit of the system refuses writes as a full disk does.
  const script = `
    import { ShowStore } from './src/store/show-store.ts';
    let now = ${NOW};
    const said = [];
    const at = (level) => (_fields, message) => void said.push(level + ' ' + message);
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
    const store = await ShowStore.open({ file: process.argv[2], config: ${JSON.stringify(config)}, log, nowMs: () => now, writeMs: 0, maxWaiting: 1000 });
    store.begin({ room: 'shop', version: '1', atMs: now });
    for (let round = 0; round < 30; round += 1) {
      for (let n = 0; n < 400; n += 1)
        store.lineSpoken({ line: 'l', text: 'Text ' + round + ' ' + n + ' x'.repeat(400), atMs: now, untilMs: now, kind: 'script', role: 'host', language: 'en' });
      now += 11_000;
      await store.flush();
    }
    console.log(JSON.stringify({ health: store.health(), said }));
    await store.close();
    console.log('closed');`;
  const dir = t.testdir({ 'full.mts': script.replace("'./src/", `'${process.cwd()}/src/`) });
  const child = spawn(
    'bash',
    ['-c', 'ulimit -f 2000; exec node --import tsx "$0" "$1"', join(dir, 'full.mts'), join(dir, 's.sqlite')],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], HOME: process.env['HOME'] } },
  );
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  // What the loader writes as the process ends may meet the limit too, so its exit code says nothing.
  await new Promise((resolve) => child.once('close', resolve));
  const [json, closed] = text.trim().split('\n');
  const { health, said } = JSON.parse(json!) as {
    health: { state: string; waiting: number; dropped: number };
    said: string[];
  };
  t.equal(health.state, 'failing');
  t.equal(health.waiting, 1000);
  t.ok(health.dropped > 0);
  t.equal(said.filter((one) => one.startsWith('error records of the show cannot be stored')).length, 1);
  t.equal(closed, 'closed');
});

t.test('the show goes on without SQLite, and says so once', async (t) => {
  const { log, said } = recordingLog();
  const load = (): Promise<never> => Promise.reject(new Error("Cannot find module '@libsql/other'"));
  const { file, store } = await openStore(t, { log, load });
  store.begin(start);
  store.lineSpoken(line(1));
  await store.flush();
  await store.close();
  t.equal(store.health().state, 'off');
  t.equal(store.health().waiting, 0);
  t.match(said, [{ level: 'warn', message: /goes on without records/ }]);
  t.notOk(existsSync(file));
});

t.test('keeps nothing when it is switched off', async (t) => {
  const { file, store } = await openStore(t, { config: { ...config, enabled: false } });
  store.begin(start);
  store.lineSpoken(line(1));
  await store.close();
  t.notOk(existsSync(file));
});

t.test('says which store cannot be read, and creates none', async (t) => {
  const dir = t.testdir({
    'text.sqlite': 'not a database, but long enough to look at '.repeat(300),
    'empty.sqlite': '',
  });
  for (const [name, message] of [
    ['missing.sqlite', /no such file/],
    ['empty.sqlite', /empty file/],
    ['text.sqlite', /not a database/],
  ] as const) {
    await t.rejects(ShowReader.open(join(dir, name)), { code: 'E_STORE', message });
  }
  t.notOk(existsSync(join(dir, 'missing.sqlite')));
});
