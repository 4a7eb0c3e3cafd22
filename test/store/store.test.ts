import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openForWriting } from '../../src/store/open-database.js';
import { ShowReader } from '../../src/store/show-reader.js';
import { config, DAY_MS, line, NOW, openStore, recordingLog, start } from './store-kit.js';

t.test('show store', async (t) => {
  t.test('keeps the records of a session in a file for its owner only', async (t) => {
    const { file, store } = await openStore(t);
    store.begin(start);
    store.productShown({ atMs: NOW, product: 'mug', title: 'A mug' });
    store.productShown({ atMs: NOW + 5000, product: null, title: '' });
    store.lineSpoken({ ...line(1), product: 'mug', position: '0.1.2', variant: 1 });
    store.lineSpoken(line(2));
    store.lineCut('say-2', NOW + 1000);
    store.violationPrevented({ atMs: NOW, rule: '3.2', surface: 'speech', action: 'mute' });
    store.outputChanged({
      atMs: NOW,
      output: 'taobao',
      kind: 'rtmp',
      target: 'rtmp://a/***',
      state: 'live',
      error: '',
    });
    store.period({ kind: 'slate', cause: 'operator', atMs: NOW, untilMs: NOW + 2000 });
    store.viewersSeen({ atMs: NOW, output: 'whep', viewers: 3 });
    store.figures({ frames: 90, replaced: 2, muted: 1, late: 0 });
    await store.flush();
    t.equal(statSync(file).mode & 0o777, 0o600);
    t.equal(statSync(`${file}-wal`).mode & 0o777, 0o600);
    const reader = await ShowReader.open(file);
    t.teardown(() => reader.close());
    t.match(reader.sessions(0), [{ room: 'shop', frames: 90, replaced: 2, endedMs: null }]);
    t.match(reader.products(0), [
      { product: 'mug', untilMs: NOW + 5000 },
      { product: null, untilMs: null },
    ]);
    t.match(reader.lines(0), [
      { text: 'Sentence number 1 of this show', product: 'mug' },
      { text: 'Sentence number 2 of this show', untilMs: NOW + 1000 },
    ]);
    t.match(reader.violations(0), [{ rule: '3.2', action: 'mute' }]);
    t.match(reader.outputs(0), [{ output: 'taobao', state: 'live' }]);
    t.match(reader.periods(0), [{ kind: 'slate', untilMs: NOW + 2000 }]);
    t.match(reader.viewers(0), [{ viewers: 3 }]);
  });

  t.test('marks how a session ended', async (t) => {
    const file = join(t.testdir(), 's.sqlite');
    for (const failed of [false, true]) {
      const { store } = await openStore(t, { file });
      store.begin(start);
      if (failed) store.markFailed();
      await store.close();
      await store.close();
    }
    const reader = await ShowReader.open(file);
    t.teardown(() => reader.close());
    t.same(
      reader.sessions(0).map(({ ended }) => ended),
      ['stopped', 'failed'],
    );
    t.notOk(existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0, 'the log is part of the file');
  });

  t.test('follows a comment from its arrival to its answer, and counts arrivals by minute', async (t) => {
    const { file, store } = await openStore(t);
    store.begin(start);
    const event = { id: 'c1', platform: 'taobao', kind: 'comment', user: 'Anna', text: 'how much?', atMs: NOW };
    store.eventSeen(event);
    store.eventSeen({ ...event, text: 'again' });
    store.eventResult({
      id: 'c1',
      platform: 'taobao',
      outcome: 'answered',
      path: 'intent',
      intent: 'price',
      replyMs: 812.4,
    });
    for (let n = 0; n < 5; n += 1) store.eventSeen({ ...event, id: `l${n}`, kind: 'like', count: 4, atMs: NOW + n });
    await store.flush();
    const reader = await ShowReader.open(file);
    t.teardown(() => reader.close());
    t.match(reader.events(0), [
      { text: 'how much?', outcome: 'answered', path: 'intent', intent: 'price', replyMs: 812, amount: 1 },
    ]);
    t.equal(reader.events(0).length, 1);
    t.same(reader.audience(0, Number.MAX_SAFE_INTEGER), [{ kind: 'like', amount: 20 }]);
  });

  t.test('stores names and hostile texts as the room says', async (t) => {
    const seen = async (userNames: 'hash' | 'plain' | 'none', file: string) => {
      const { store } = await openStore(t, { file, config: { ...config, userNames } });
      store.begin(start);
      const event = { platform: 'p', kind: 'comment', user: 'Li Wei', text: 'call me 555 0100', atMs: NOW };
      store.eventSeen({ ...event, id: 'a', outcome: 'hostile' });
      store.eventSeen({ ...event, id: 'b' });
      store.eventResult({ id: 'b', platform: 'p', outcome: 'hostile' });
      store.eventSeen({ ...event, id: 'c', text: 'nice' });
      await store.flush();
      const reader = await ShowReader.open(file);
      const rows = reader.events(0);
      await reader.close();
      await store.close();
      return rows;
    };
    const dir = t.testdir();
    const [hash, other] = [await seen('hash', join(dir, 'a')), await seen('hash', join(dir, 'b'))];
    t.same(
      hash.map(({ text }) => text),
      [null, null, 'nice'],
    );
    t.match(hash[0]!.user, /^[\w-]{22}$/);
    t.equal(hash[0]!.user, hash[2]!.user, 'a returning viewer');
    t.not(hash[0]!.user, other[0]!.user, 'another store has another salt');
    t.equal((await seen('plain', join(dir, 'c')))[2]!.user, 'Li Wei');
    t.equal((await seen('none', join(dir, 'd')))[2]!.user, null);
    const bytes = await import('node:fs/promises').then((fs) => fs.readFile(join(dir, 'a'), 'latin1'));
    t.notMatch(bytes, /Li Wei|555 0100/);
  });

  t.test('removes records older than keepDays, and unused wordings', async (t) => {
    const { file, store } = await openStore(t);
    store.begin({ ...start, atMs: NOW - 100 * DAY_MS });
    store.lineSpoken(line(1, NOW - 95 * DAY_MS));
    store.lineSpoken(line(2, NOW - 80 * DAY_MS));
    store.eventSeen({ id: 'x', platform: 'p', kind: 'comment', user: '', text: 'old', atMs: NOW - 91 * DAY_MS });
    await store.flush();
    await store.close();
    const { store: next } = await openStore(t, { file });
    next.begin(start);
    await next.flush();
    const reader = await ShowReader.open(file);
    t.teardown(() => reader.close());
    t.match(reader.lines(0), [{ text: 'Sentence number 2 of this show' }]);
    t.equal(reader.lines(0).length, 1);
    t.same(reader.events(0), []);
  });

  t.test('keeps the records of earlier shows when the clock is months ahead, until it has run for a day', async (t) => {
    const { file, store } = await openStore(t);
    store.begin(start);
    store.lineSpoken(line(1));
    await store.flush();
    await store.close();
    let steady = 0;
    const ahead = { file, nowMs: () => NOW + 200 * DAY_MS + steady, steadyMs: () => steady };
    const { store: next } = await openStore(t, ahead);
    next.begin({ ...start, atMs: ahead.nowMs() });
    await next.flush();
    const linesNow = async (): Promise<string[]> => {
      const reader = await ShowReader.open(file);
      const lines = reader.lines(0).map(({ text }) => text);
      await reader.close();
      return lines;
    };
    t.match(await linesNow(), [/number 1/]);
    steady = DAY_MS + 1;
    next.lineSpoken(line(2, ahead.nowMs()));
    await next.flush();
    t.match(await linesNow(), [/number 2/], 'a clock that runs on is believed');
  });

  t.test('brings an older store to the present version and leaves a newer one alone', async (t) => {
    const dir = t.testdir();
    const old = join(dir, 'old.sqlite');
    writeFileSync(old, '');
    const { store } = await openStore(t, { file: old });
    t.equal(store.health().state, 'on', 'an empty file is version 0');
    await store.close();
    const db = await openForWriting(old, 1e9, NOW);
    db.exec('INSERT INTO migration VALUES (999, 0)');
    db.close();
    const before = statSync(old).size;
    const { log, said } = recordingLog();
    const { store: refused } = await openStore(t, { file: old, log });
    t.equal(refused.health().state, 'off');
    t.match(said, [{ level: 'warn', message: /newer engine/ }]);
    refused.begin(start);
    refused.lineSpoken(line(1));
    await refused.close();
    t.equal(statSync(old).size, before);
    await t.rejects(ShowReader.open(old), { code: 'E_STORE', message: /version 999/ });
  });

  t.test('is read by another process while it is written', async (t) => {
    const code = `import { ShowReader } from '${process.cwd()}/src/store/show-reader.ts';
    const reader = await ShowReader.open(process.argv[2]);
    console.log(reader.lines(0).length);
    await reader.close();`;
    const dir = t.testdir({ 'read.mts': code });
    const { file, store } = await openStore(t, { file: join(dir, 's.sqlite') });
    store.begin(start);
    store.lineSpoken(line(1));
    await store.flush();
    const child = spawn(process.execPath, ['--import', 'tsx', join(dir, 'read.mts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    let written = 1;
    const writing = setInterval(() => {
      written += 1;
      store.lineSpoken(line(9));
      void store.flush();
    }, 5);
    await new Promise((resolve) => child.once('close', resolve));
    clearInterval(writing);
    t.ok(Number(text) >= 1 && Number(text) <= written, `${text.trim()} of ${written} lines read`);
    t.same(store.health(), { state: 'on', waiting: 0, dropped: 0 });
  });
});

t.test('store faults', async (t) => {
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
});
