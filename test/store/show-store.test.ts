import { spawn } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openForWriting } from '../../src/store/open-database.js';
import { ShowReader } from '../../src/store/show-reader.js';
import { DAY_MS, NOW, config, recordingLog, openStore, line, start } from './store-kit.js';

t.test('keeps the records of a session in a file for its owner only', async (t) => {
  const { file, store } = await openStore(t);
  store.begin(start);
  store.productShown({ atMs: NOW, product: 'mug', title: 'A mug' });
  store.productShown({ atMs: NOW + 5000, product: null, title: '' });
  store.lineSpoken({ ...line(1), product: 'mug', position: '0.1.2', variant: 1 });
  store.lineSpoken(line(2));
  store.lineCut('say-2', NOW + 1000);
  store.violationPrevented({ atMs: NOW, rule: '3.2', surface: 'speech', action: 'mute' });
  store.outputChanged({ atMs: NOW, output: 'taobao', kind: 'rtmp', target: 'rtmp://a/***', state: 'live', error: '' });
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
