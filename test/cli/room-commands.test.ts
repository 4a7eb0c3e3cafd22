import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { endShow } from '../../src/cli/commands/start-command.js';
import { Ledger } from '../../src/compliance/ledger/ledger.js';
import type { PreviewedAnswer } from '../../src/config/api/events-handle.js';
import type { ShowReport } from '../../src/config/api/report-handle.js';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { storeFile } from '../../src/store/open-database.js';
import { templateRoom, writeRoom } from '../kit/on-air.js';
import { HOSTILE_TEXT, twoDayStore } from '../kit/two-day-store.js';
import { sampled, whole } from '../kit/whole.js';
import { runEngine, startEngine } from './run-engine.js';
import { runWithInput, values } from './run-with-input.js';

t.test('alerts', async (t) => {
  t.test('sends a test alert to all receivers, names failed ones, and shows no secret', async (t) => {
    const got: unknown[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got.push(JSON.parse(body));
        response.writeHead(request.url === '/bad/s3cret' ? 500 : 200).end('ok');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const alerts = { webhooks: [{ url: '${HOOK}', format: 'slack' }], exec: ['/bin/sh', '-c', 'exit 0'] };
    const file = writeRoom(t, { ...templateRoom('minimal'), alerts });
    const good = await runEngine(['alerts', 'test', '--room', file], { HOOK: `${base}/good/s3cret` });
    t.equal(good.code, 0, good.stderr);
    t.match(good.stdout, /✓ slack http:.*\n✓ program \/bin\/sh/);
    t.match(got, [{ text: /\[minimal\] A test of the Showroom alerts/ }]);
    const bad = await runEngine(['alerts', 'test', '--room', file], { HOOK: `${base}/bad/s3cret` });
    t.equal(bad.code, 1);
    t.match(bad.stdout, /✗ slack .*: status 500/);
    t.notMatch(good.stdout + good.stderr + bad.stdout + bad.stderr, 's3cret');
    const none = await runEngine(['alerts', 'test', '--room', writeRoom(t, templateRoom('minimal'))]);
    t.equal(none.code, 1);
    t.match(none.stderr, /alerts: expected at least one of webhooks and exec/);
  });
});

t.test('ask', async (t) => {
  function roomIn(folder: string): string {
    const room = {
      name: 'ask',
      language: 'en',
      presenter: { pack: 'mei' },
      products: [
        {
          id: 'kettle',
          title: 'Travel Kettle',
          image: 'kettle.svg',
          price: { amount: 12.9, currency: 'USD', unit: 'piece' },
          minimumOrder: '2 pieces',
          attributes: [{ name: 'Single gross weight (kg)', value: '0.780' }],
        },
      ],
      layers: [{ id: 'presenter', type: 'presenter' }],
      script: { segments: [{ product: 'kettle', lines: [{ text: 'Welcome to our show.' }] }] },
    };
    const file = join(folder, 'room.json');
    writeFileSync(file, JSON.stringify(room));
    return file;
  }

  t.test('says what the host would answer, one comment a line, and where the fact stands', async (t) => {
    const room = roomIn(t.testdir());
    const input = 'cuánto pesa\nhello everyone\nadd me on whatsapp +1 415 555 2671\n';
    const answer = await runWithInput(['ask', '--room', room, '--json'], { input });
    t.equal(answer.code, 0, answer.stderr);
    const [weight, greeting, contact] = values<PreviewedAnswer>(answer);
    t.match(weight, {
      outcome: 'answered',
      language: 'es',
      meaning: 'weight',
      by: 'meaning',
      source: 'attribute Single gross weight (kg)',
    });
    t.match(weight!.answer, /Pesa 0,78 kilogramos\./);
    t.equal(greeting!.outcome, 'silent');
    t.not(contact!.outcome, 'answered');
  });

  t.test('answers one comment of the command line in words', async (t) => {
    const answer = await runWithInput(['ask', '--room', roomIn(t.testdir()), 'what is the minimum order?']);
    t.equal(answer.code, 0, answer.stderr);
    t.match(answer.stdout, /answered .*2 pieces/);
    t.match(answer.stdout, /minimum-order.*field moq/);
  });
});

t.test('judge', async (t) => {
  interface Judged {
    line: string;
    verdict: string;
    hits: { rule: string; start: number; end: number; match: string; kind: string; action: string }[];
  }

  t.test('answers every line once, with positions in the line', async (t) => {
    const lines = [
      'This lamp is warm and bright.',
      '',
      'Add me on WhatsApp +1 415 555 2671 😀 now',
      '   ',
      '加我微信 abc12345',
      'two\u2028lines in one',
      'ends with a carriage return',
      'no newline here, call me on 13800138000',
    ];
    const input = `\uFEFF${lines.join('\n').replace('return\n', 'return\r\n')}`;
    const answer = await runWithInput(['judge', '--json'], { input });
    t.equal(answer.code, 0, answer.stderr);
    const found = values<Judged>(answer);
    t.strictSame(
      found.map((f) => f.line),
      lines,
    );
    t.strictSame(
      found.map((f) => f.verdict),
      ['clean', 'clean', 'violation', 'clean', 'violation', 'clean', 'clean', 'violation'],
    );
    for (const { line, hits } of found) {
      for (const hit of hits) t.equal(line.slice(hit.start, hit.end), hit.match, 'offsets refer to the line');
    }
    t.match(found[4]!.hits, [{ rule: '3.2', kind: String, action: 'mute' }]);
    const words = await runWithInput(['judge'], { input });
    t.equal(words.lines.length, lines.length);
    t.match(words.lines[2], /^violation +Add me on WhatsApp.*\[3\.2 /);
    t.equal((await runWithInput(['judge'])).stdout, '', 'no output without input');
  });

  t.test('checks the language only when one was given', async (t) => {
    const input = '这款台灯采用实木底座，灯光柔和，非常适合放在卧室或者书房里使用。\n';
    const ruleOf = async (...args: string[]): Promise<string[]> => {
      const [judged] = values<Judged>(await runWithInput(['judge', '--json', ...args], { input }));
      return judged!.hits.map((hit) => hit.rule);
    };
    t.strictSame(await ruleOf(), []);
    t.strictSame(await ruleOf('--lang', 'en'), ['5.6']);
    const wrong = await runWithInput(['judge', '--lang', 'chinese'], { input });
    t.not(wrong.code, 0);
    t.match(wrong.stderr, /expected a language such as "en".*found "chinese"/);
    const unknown = await runWithInput(['judge', '--lang', 'xx'], { input });
    t.not(unknown.code, 0);
    t.match(unknown.stderr, /found "xx"/, 'a valid tag without a language');
  });

  t.test("reports the room's action for a rule", async (t) => {
    const dir = t.testdir();
    const room = JSON.parse(readFileSync(templatePath('rooms', 'minimal', 'room.json'), 'utf8')) as object;
    const file = join(dir, 'room.json');
    const input = 'Add me on WhatsApp +1 415 555 2671\n';
    const judged = async (actions: object): Promise<Judged> => {
      writeFileSync(file, JSON.stringify({ ...room, compliance: { actions } }));
      const answer = await runWithInput(['judge', '--json', '--room', file], { input });
      t.equal(answer.code, 0, answer.stderr);
      return values<Judged>(answer)[0]!;
    };
    const hitsOf = ({ hits }: Judged) => hits.map(({ rule, action }) => ({ rule, action }));
    t.strictSame(hitsOf(await judged({ '3.2': { speech: 'stop' } })), [{ rule: '3.2', action: 'stop' }]);
    const warned = await judged({ '3.2': { speech: 'warn' } });
    t.strictSame(hitsOf(warned), [{ rule: '3.2', action: 'warn' }]);
    t.equal(warned.verdict, 'review');
  });

  t.test('takes the action from the source and the listing from the room', async (t) => {
    const dir = t.testdir();
    const room = JSON.parse(readFileSync(templatePath('rooms', 'minimal', 'room.json'), 'utf8')) as object;
    const file = join(dir, 'room.json');
    const lamp = { id: 'lamp', title: 'Desk lamp', image: 'lamp.png', price: { amount: 20, currency: 'USD' } };
    const outputs = [{ id: 'shop', kind: 'rtmp', url: 'rtmp://live.example.com/app/${NO_SUCH_KEY}' }];
    writeFileSync(file, JSON.stringify({ ...room, products: [lamp], outputs }));
    const input = 'It is only 20 dollars today.\nIt is only 15 dollars today.\n';
    const without = values<Judged>(await runWithInput(['judge', '--json'], { input }));
    t.strictSame(
      without.map((f) => f.verdict),
      ['clean', 'clean'],
    );
    const answer = await runWithInput(['judge', '--json', '--room', file, '--source', 'caption'], { input });
    t.equal(answer.stderr, '', 'the stream key is not needed');
    const held = values<Judged>(answer);
    t.strictSame(
      held.map((f) => f.verdict),
      ['clean', 'violation'],
    );
    t.match(held[1]!.hits, [{ rule: '5.5', kind: 'price', action: 'drop-caption', match: /15/ }]);
    const missing = await runWithInput(['judge', '--room', join(dir, 'none.json')], { input });
    t.equal(missing.code, 1);
    t.match(missing.stderr, /none\.json: expected a readable room file, found no such file.*E_ROOM_JSON/);
  });

  t.test('answers a line before the next one arrives', async (t) => {
    const main = join(packageRoot(), 'dist', 'cli', 'main.js');
    const child = spawn(process.execPath, [main, 'judge', '--json'], {
      cwd: packageRoot(),
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    t.teardown(() => child.kill('SIGKILL'));
    child.stdout.setEncoding('utf8');
    const next = (): Promise<Judged> =>
      new Promise((resolve) => child.stdout.once('data', (text: string) => resolve(JSON.parse(text) as Judged)));
    for (const line of ['first', 'call 13800138000', 'third']) {
      const answered = next();
      child.stdin.write(`${line}\n`);
      t.equal((await answered).line, line);
    }
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stdin.end();
    t.equal(await ended, 0);
  });

  t.test('answers lines of a megabyte, and longer ones, in bounded time', async (t) => {
    const harmless = 'the lamp is warm, its solid brass stand is polished by hand each morning; ';
    const varied = Array.from({ length: 14_000 }, (_, i) => `${harmless}${(i * 7919) % 1009} `).join('');
    const floods = sampled(['a', '@.', '1 2-3.', 'call +1 415 555 2671 ', '微信加我 ', 'v❤️'], 6).map((s) =>
      s.repeat(1_000_000 / s.length),
    );
    const endless = 'b c d '.repeat(500_000);
    const input = [varied, ...floods, endless, 'and one more'].join('\n');
    const started = performance.now();
    const answer = await runWithInput(['judge', '--json'], { input });
    t.ok(performance.now() - started < 120_000, 'no line takes for ever, not even on a busy machine');
    const found = values<Judged>(answer);
    t.equal(found.length, floods.length + 3);
    t.equal(found[0]!.line, varied);
    t.ok(
      found[0]!.hits.every((hit) => hit.rule === '2.3'),
      'its length is its only fault',
    );
    t.match(found.at(-2), { verdict: 'violation', line: /^b c d/ });
    t.match(found.at(-2)!.hits.at(-1), { rule: '2.3', kind: 'flood', start: 2_097_152 });
    t.match(found.at(-1), { line: 'and one more', verdict: 'clean' });
  });

  t.test('ends quietly when the reader leaves early', async (t) => {
    const { code, stderr } = await runWithInput(['judge'], { input: 'a harmless line\n'.repeat(20_000), headLines: 2 });
    t.strictSame([code, stderr], [0, '']);
  });
});

t.test('ledger', async (t) => {
  const HOUR_MS = 3_600_000;

  /** Three records: a code three hours ago, a code and a phone number now. */
  async function fill(file: string): Promise<void> {
    let ageMs = 3 * HOUR_MS;
    const ledger = await Ledger.open(file, { log: silentLog, flushMs: 1, now: () => new Date(Date.now() - ageMs) });
    ledger.append({ kind: 'frame', rule: '3.3', surface: 'frame', action: 'blank', frame: 7, evidence: 'old code' });
    await ledger.flush();
    ageMs = 0;
    ledger.append({
      kind: 'frame',
      rule: '3.3',
      surface: 'frame',
      action: 'blank',
      frame: 9,
      evidence: 'new\u001b[2J\ncode',
    });
    ledger.append({ kind: 'text', rule: '3.2', surface: 'speech', action: 'mute', detail: { kind: 'phone' } });
    await ledger.close();
  }

  t.test('verifies an intact chain, and names the line of a change', async (t) => {
    const file = join(t.testdir(), 'ledger.jsonl');
    await fill(file);
    const whole = await runWithInput(['ledger', 'verify', file]);
    t.equal(whole.code, 0, whole.stderr);
    t.match(whole.stdout, /3 records in 1 file, the chain is whole/);
    writeFileSync(file, readFileSync(file, 'utf8').replace('new', 'odd'));
    const broken = await runWithInput(['ledger', 'verify', file]);
    t.equal(broken.code, 1);
    t.match(broken.lines[0], /^✗ ledger\.jsonl:3: the hash of the line before does not match/);
    const json = await runWithInput(['ledger', 'verify', file, '--json']);
    t.equal(json.code, 1);
    t.match(values(json), [{ ok: false, records: 2, broken: { file, line: 3 } }]);
  });

  t.test('detects by the head file changes that the chain alone cannot show', async (t) => {
    const file = join(t.testdir(), 'ledger.jsonl');
    await fill(file);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"kind":"phone"', '"kind":"brand"'));
    const changed = await runWithInput(['ledger', 'verify', file]);
    t.equal(changed.code, 1);
    t.match(changed.stdout, /✗ ledger\.jsonl:3: #2 is not the line that the head names: it was changed/);
    t.match(changed.stdout, /✗ .*3 records in 1 file, the chain is whole, but its evidence was changed/);
    writeFileSync(file, '');
    const gone = await runWithInput(['ledger', 'verify', file]);
    t.equal(gone.code, 1);
    t.match(gone.stdout, /✗ .*: #2, the newest line that its head names, is gone: it has no lines/);
  });

  t.test('shows records by rule and by time', async (t) => {
    const file = join(t.testdir(), 'ledger.jsonl');
    await fill(file);
    const frames = async (...args: string[]): Promise<(number | undefined)[]> => {
      const answer = await runWithInput(['ledger', 'show', file, '--json', ...args]);
      t.equal(answer.code, 0, answer.stderr);
      return values<{ frame?: number }>(answer).map((r) => r.frame);
    };
    t.strictSame(await frames(), [7, 9, undefined]);
    t.strictSame(await frames('--rule', '3.3', '--since', '2h'), [9]);
    t.strictSame(await frames('--since', '1d', '--rule', '3.3'), [7, 9]);
    const words = await runWithInput(['ledger', 'show', file]);
    t.equal(words.lines.length, 3, 'one line a record');
    t.match(words.lines[1], /#1 .*3\.3 .*blank .*frame 9 "new \[2J code"/, 'a finding cannot control the terminal');
    t.match(words.lines[2], /3\.2 .*speech .*mute .*kind=phone/);
  });

  t.test('finds the ledger by its room, or as the only one here', async (t) => {
    const cwd = t.testdir();
    const none = await runWithInput(['ledger', 'verify'], { cwd });
    t.equal(none.code, 1);
    t.match(none.stderr, /expected one ledger, found none.*--room.*E_NOT_FOUND/s);
    await fill(join(cwd, 'var', 'minimal', 'ledger.jsonl'));
    const only = await runWithInput(['ledger', 'verify'], { cwd });
    t.equal(only.code, 0, only.stderr);
    const room = templatePath('rooms', 'minimal', 'room.json');
    const named = await runWithInput(['ledger', 'show', '--room', room, '--rule', '3.2', '--json'], { cwd });
    t.equal(named.lines.length, 1, named.stderr);
    mkdirSync(join(cwd, 'var', 'other'));
    writeFileSync(join(cwd, 'var', 'other', 'ledger.jsonl'), '');
    t.match((await runWithInput(['ledger', 'show'], { cwd })).stderr, /minimal.*other/, 'both are named');
  });

  t.test('answers a senseless request with valid choices', async (t) => {
    const dir = t.testdir();
    const cases: [string[], RegExp][] = [
      [['show', '--since', 'yesterday'], /expected a time such as 30s, 5m, 2h or 7d, found "yesterday"/],
      [['show', '--rule', '9.9'], /--rule: expected one of 1\.1.*found "9\.9"/],
      [['verify', join(dir, 'none.jsonl')], /expected a ledger, found no file/],
      [['verify', dir], /expected a ledger file, found a folder; give the path of its file.*E_LEDGER/s],
      [['show', dir], /expected a ledger file, found a folder/],
      [['verify', join(dir, 'none.jsonl', 'ledger.jsonl')], /expected a ledger, found no file/],
      [['verify', 'a.jsonl', '--room', 'room.json'], /expected a ledger or a room, found both/],
    ];
    for (const [args, said] of sampled(cases, 3)) {
      const { code, stderr } = await runWithInput(['ledger', ...args], { cwd: dir });
      t.equal(code, 1);
      t.match(stderr, said);
    }
  });

  t.test('refuses a named file that holds nothing', async (t) => {
    const file = join(t.testdir({ 'other.jsonl': '' }), 'other.jsonl');
    for (const command of ['verify', 'show']) {
      const { code, stderr } = await runWithInput(['ledger', command, file]);
      t.equal(code, 1, command);
      t.match(stderr, /other\.jsonl: expected the records of a ledger, found an empty file \[E_LEDGER\]/);
    }
  });
});

t.test('end show', async (t) => {
  t.test('ends what leaves before it says so, and a hanging server delays neither', async (t) => {
    const order: string[] = [];
    const began = performance.now();
    await endShow({
      room: {
        async goOffAir() {
          await new Promise((resolve) => setTimeout(resolve, 20));
          order.push('off air');
        },
      },
      status: { close: () => void order.push('summary') },
      beside: [undefined],
      servers: [
        {
          close() {
            order.push('server');
            return new Promise(() => undefined);
          },
        },
      ],
    });
    t.same(order, ['off air', 'summary', 'server']);
    t.ok(performance.now() - began < 3000, 'within its deadline');
  });

  t.test('prints its summary also when the room cannot end cleanly', async (t) => {
    const order: string[] = [];
    const end = endShow({
      room: { goOffAir: () => Promise.reject(new Error('no end')) },
      status: { close: () => void order.push('summary') },
      beside: [],
      servers: [],
    });
    await t.rejects(end, /no end/);
    t.same(order, ['summary']);
  });

  t.test('sends no byte after the summary, also while a request to the API hangs', async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'showroom-test-'));
    t.teardown(() => rmSync(dir, { recursive: true, force: true }));
    const engine = startEngine(['start', '--room', writeRoom(t, templateRoom('minimal')), '--port', '0'], {
      ENGINE_TOKEN: 'a-token-for-the-test',
    });
    t.teardown(() => void engine.child.kill('SIGKILL'));
    const { flv, watch } = JSON.parse(await engine.line('"on-air"')) as { flv: string; watch: string };
    let lastByteMs = 0;
    let closed = false;
    await new Promise<void>((resolve, reject) => {
      const request = get(flv, (reply) => {
        reply.on('data', () => {
          lastByteMs = performance.now();
          resolve();
        });
        reply.on('close', () => (closed = true));
        reply.on('error', () => undefined);
      });
      request.on('error', reject);
    });
    // A body that never ends keeps its request open.
    const hanging = new AbortController();
    t.teardown(() => hanging.abort());
    void fetch(new URL('/api/say', watch), {
      method: 'POST',
      headers: { authorization: 'Bearer a-token-for-the-test', 'content-type': 'application/json' },
      body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) }),
      duplex: 'half',
      signal: hanging.signal,
    } as RequestInit & { duplex: string }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const stoppedMs = performance.now();
    engine.child.kill('SIGTERM');
    const summary = JSON.parse(await engine.line('"off-air"')) as { frames: { rendered: number; inWindow: number } };
    const saidMs = performance.now();
    t.ok(saidMs - stoppedMs < 3000, `said after ${Math.round(saidMs - stoppedMs)} ms`);
    t.ok(closed, 'the receiver was cut off before the summary');
    const { code } = await engine.ended;
    t.equal(code, 0);
    t.ok(lastByteMs <= saidMs, 'no byte after the summary');
    t.ok(summary.frames.rendered > 0);
  });
});

t.test('report', async (t) => {
  t.test('makes a page of the only room below var/, for its owner only', async (t) => {
    const cwd = t.testdir();
    const folder = join(cwd, 'var', 'coffee-corner');
    mkdirSync(folder, { recursive: true });
    await twoDayStore(storeFile(join(folder, 'ledger.jsonl')), Date.now() - 60_000);
    const run = await runEngine(['report', '--since', '48h'], { LANG: 'en_US.UTF-8', LC_ALL: '' }, cwd);
    t.equal(run.code, 0, run.stderr);
    const [, path] = /^✓ (\S+): 3 sessions, \d+ lines, \d+ comments$/m.exec(run.stdout) ?? [];
    t.match(path, /report-coffee-corner-\d{4}-\d\d-\d\d\.html$/);
    const page = readFileSync(path!, 'utf8');
    t.match(page, /Show report · coffee-corner/);
    t.notOk(page.includes(HOSTILE_TEXT));
    t.equal(statSync(path!).mode & 0o777, 0o600);

    const zh = await runEngine(['report', '--lang', 'zh', '--since', '48h', '--out', '-'], {}, cwd);
    t.match(zh.stdout, /^<!doctype html>[^]*直播报告/);

    const json = await runEngine(['report', '--since', '48h', '--json'], {}, cwd);
    const figures = JSON.parse(json.stdout) as ShowReport;
    t.equal(figures.room, 'coffee-corner');
    t.equal(figures.products.length, 5);
    t.ok(figures.replies.p95Ms! > figures.replies.p50Ms!);
  });

  t.test('says what is missing', async (t) => {
    const cwd = t.testdir({ 'text.sqlite': 'no database '.repeat(900) });
    const cases: [string[], RegExp][] = [
      [['report'], /var: expected the store of one room, found none; give --room/],
      [['report', '--store', 'none.sqlite'], /none\.sqlite: expected the store of a room, found no such file/],
      [['report', '--store', 'text.sqlite'], /text\.sqlite: expected a readable store of a room/],
      [['report', '--store', 'a', '--room', 'b'], /leave one out/],
      [['report', '--json', '--out', 'x.html'], /leave one out/],
      [['report', '--since', 'yesterday'], /expected a time such as/],
    ];
    for (const [args, message] of sampled(cases, 3)) {
      const run = await runEngine(args, {}, cwd);
      t.not(run.code, 0, args.join(' '));
      t.match(run.stderr, message);
      t.equal(run.stdout, '');
    }
    t.notOk(existsSync(join(cwd, 'none.sqlite')));
  });

  t.test('says that a room keeps no records', async (t) => {
    const room = JSON.parse(readFileSync(templatePath('rooms', 'minimal', 'room.json'), 'utf8')) as object;
    const file = join(t.testdir(), 'room.json');
    writeFileSync(file, JSON.stringify({ ...room, store: { enabled: false } }));
    const run = await runEngine(['report', '--room', file], {}, t.testdirName);
    t.equal(run.code, 1);
    t.match(run.stderr, /expected a room that keeps records/);
  });
});

t.test('template', async (t) => {
  t.test('lists all templates as text and as JSON', async (t) => {
    const text = await runEngine(['template', 'list']);
    t.equal(text.code, 0);
    t.match(text.stdout, /^kitchen +Kitchen +anong +厨房用品$/m);
    const json = await runEngine(['template', 'list', '--json']);
    const all = JSON.parse(json.stdout) as { name: string; pictures: { portrait: string } }[];
    t.equal(all.length, 24);
    for (const { name, pictures } of all) t.ok(existsSync(pictures.portrait), name);
  });

  t.test('writes a page with two pictures of each', async (t) => {
    const file = join(t.testdir({}), 'templates.html');
    const { code } = await runEngine(['template', 'list', '--html', file]);
    t.equal(code, 0);
    t.equal(
      readFileSync(file, 'utf8').match(/<img alt="[^"]+" width="[0-9]+" height="[0-9]+" src="data:image\/webp;base64,/g)
        ?.length,
      48,
    );
  });

  t.test('makes a room from a template, and refuses options that need one', async (t) => {
    const dir = t.testdir({});
    const made = await runEngine(['new', join(dir, 'shop'), '--template', 'toys', '--language', 'fr']);
    t.equal(made.code, 0, made.stderr);
    t.match(made.stdout, /from the template toys/);
    t.ok(existsSync(join(dir, 'shop', 'room.json')));
    const without = await runEngine(['new', join(dir, 'x'), '--brand', '#112233']);
    t.not(without.code, 0);
    t.match(without.stderr, /--brand: expected a template as well/);
    const both = await runEngine(['new', join(dir, 'x'), '--from', 'minimal', '--template', 'toys']);
    t.match(both.stderr, /either --from or --template/);
    t.notOk(existsSync(join(dir, 'x')));
  });
});

t.test('check', async (t) => {
  t.test('names every fault of a bad room in check', async (t) => {
    const room = templateRoom('minimal');
    room['layers'].push(
      { type: 'image', id: 'gone', src: '/nowhere/a.png' },
      { type: 'bubble', id: 'contact', text: 'WhatsApp +86 138 1234 5678' },
    );
    room['script'].segments[0].lines.push({ text: 'Pay me by Alipay transfer, not here.' });
    room['script'].segments[0].lines.push({ text: 'Message me on we😀chat.' });
    room['presenter'].voice = { name: 'nobody' };
    room['products'] = [
      { id: 'pot', title: 'Clay pot', image: '/nowhere/pot.png', price: { amount: 4, currency: 'USD' } },
      { id: 'pan', title: 'Iron pan', image: '/nowhere/pan.png', price: { amount: 9, currency: 'USD' } },
    ];
    room['script'].segments.push({
      product: 'pot',
      lines: [{ text: 'It is 9 dollars.' }, { text: 'The pan is 9 dollars.' }],
    });
    const { code, stdout } = await runEngine(['check', writeRoom(t, room), '--json']);
    t.equal(code, 1);
    const { faults } = JSON.parse(stdout) as {
      faults: { where: string; rule?: string; expected: string; found: string }[];
    };
    t.ok(
      faults.some((f) => f.where === 'layers[1] "gone".src' && f.expected.includes('/nowhere/a.png')),
      'the missing asset, by its place in the room file',
    );
    t.ok(
      faults.some((f) => f.where === 'products[1].image' && f.expected.includes('/nowhere/pan.png')),
      "a product's missing picture",
    );
    t.strictSame(
      faults.filter((f) => f.rule === '5.5').map((f) => f.where),
      ['script.segments[1].lines[0].text'],
      "another product's price, where that one is not named",
    );
    t.ok(
      faults.some((f) => f.rule === '3.2' && f.where.startsWith('layers[')),
      'the bubble',
    );
    t.ok(
      faults.some((f) => f.rule === '3.1' && f.where.startsWith('script.segments[0]')),
      'the line',
    );
    t.ok(
      faults.some((f) => f.found.includes('Message me on we😀chat')),
      'words that only sound like it',
    );
    t.ok(
      faults.some((f) => /nobody/.test(f.where)),
      'the voice',
    );
  });

  t.test('names a voice model that is not there, and needs no key of a service', async (t) => {
    const room = templateRoom('minimal');
    room['presenter'].voice = { provider: 'piper', model: 'voices/none.onnx' };
    const missing = await runEngine(['check', writeRoom(t, room), '--json']);
    t.equal(missing.code, 1);
    const { faults } = JSON.parse(missing.stdout) as { faults: { where: string; found: string }[] };
    t.equal(faults.length, 1);
    t.match(faults[0], { where: 'presenter.voice.model', found: /voices\/none\.onnx\.json/ });
    if (!whole) return;
    room['presenter'].voice = { provider: 'openai', name: 'nova', apiKey: '${NO_SUCH_KEY}' };
    t.equal((await runEngine(['check', writeRoom(t, room)])).code, 0);
  });
});
