import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { cutToWidth, displayWidth, wrapText } from '../../src/cli/terminal/display-width.js';
import { EVENT_SENTENCES, TerminalLog } from '../../src/cli/terminal/terminal-log.js';
import { guardOutput, visibleLine, writeOwn, writeProgress } from '../../src/cli/terminal/safe-output.js';
import { loadStepText } from '../../src/cli/terminal/show-console.js';
import { closingSummary, LiveShares, statusText, TerminalScreen } from '../../src/cli/terminal/status-line.js';
import { terminalLanguage, type TerminalLanguage } from '../../src/cli/terminal/terminal-language.js';
import { ViewerTalk } from '../../src/cli/terminal/viewer-talk.js';
import type { EventRecord } from '../../src/config/api/events-handle.js';
import type { OutputSnapshot, RoomSnapshot } from '../../src/config/api/room-handle.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { visibleText } from '../../src/core/visible-text.js';
import { fakeRoom } from '../control/fake-room.js';

t.test('display width', async (t) => {
  t.test('counts columns as a terminal does', (t) => {
    const cases: [string, number][] = [
      ['local live', 10],
      ['直播中', 6],
      ['直播 3:12', 9],
      ['カラオケ', 8],
      ['한국', 4],
      ['e\u0301te\u0301', 3],
      ['−16.1 LUFS', 10],
      ['\u001b[33m!\u001b[0m warn', 6],
      ['👩‍👩‍👧 ok', 5],
      ['', 0],
    ];
    for (const [text, width] of cases) t.equal(displayWidth(text), width, JSON.stringify(text));
    t.end();
  });

  t.test('cuts at whole characters and never beyond the columns', (t) => {
    t.equal(cutToWidth('直播间没有声音', 7), '直播间…');
    t.equal(cutToWidth('直播间没有声音', 8), '直播间…');
    t.equal(cutToWidth('直播间', 6), '直播间');
    t.equal(cutToWidth('abc', 2), 'a…');
    for (let columns = 0; columns < 20; columns += 1) {
      t.ok(displayWidth(cutToWidth('主播 Mei is live 👩‍👩‍👧 now', columns)) <= columns);
    }
    t.end();
  });

  t.test('wraps at spaces, Chinese anywhere, and keeps colours whole', (t) => {
    const mark = '\u001b[33m!\u001b[0m';
    const english = wrapText(`12:00:00 ${mark} Output taobao is down; next try in 13 s: connection refused`, 40, '  ');
    t.equal(english, `12:00:00 ${mark} Output taobao is down; next\n  try in 13 s: connection refused`);
    const chinese = wrapText('12:00:00 画面未能及时审核请减少全屏变化的图层', 24, '  ');
    for (const line of [...chinese.split('\n'), ...english.split('\n')]) t.ok(displayWidth(line) <= 40, line);
    t.equal(chinese.replaceAll('\n  ', ''), '12:00:00 画面未能及时审核请减少全屏变化的图层');
    t.ok(chinese.split('\n').every((line) => displayWidth(line) <= 24));
    t.end();
  });
});

t.test('hostile output', async (t) => {
  /** Clear, title, bell, carriage return, C1's CSI and the override of direction. */
  const EVIL = 'x\u001b[2J\u001b]0;PWNED\u0007\ry\u009b2Jz\u202eabc\u2066';
  // oxlint-disable-next-line no-control-regex
  const ARRIVED = /\u001b\[2J|\u001b\]|\u0007|\u009b|[\u202a-\u202e\u2066-\u2069]/;

  t.test('makes controls and marks of direction visible, keeps lines and letters', (t) => {
    t.equal(visibleText('a\nb\tc'), 'a\nb c');
    t.equal(visibleText(EVIL), 'x\\u001b[2J\\u001b]0;PWNED\\u0007\\u000dy\\u009b2Jz\\u202eabc\\u2066');
    t.equal(visibleText('שלום 你好 👨‍👩‍👧 é'), 'שלום 你好 👨‍👩‍👧 é');
    t.strictSame(JSON.parse(visibleText(JSON.stringify({ a: EVIL }))), { a: EVIL }, 'JSON stays the same');
    t.equal(visibleLine(`\u001b[31m✗\u001b[0m ${EVIL}`), `\u001b[31m✗\u001b[0m ${visibleText(EVIL)}`);
    t.end();
  });

  t.test('guards a stream, and lets our own sequences through', (t) => {
    let text = '';
    const stream = { columns: 80, write: (chunk: string) => ((text += chunk), true) };
    guardOutput(stream as unknown as NodeJS.WriteStream);
    guardOutput(stream as unknown as NodeJS.WriteStream);
    stream.write(EVIL);
    t.notMatch(text, ARRIVED);
    stream.write(Buffer.from('\u009b') as unknown as string);
    t.notMatch(text, ARRIVED);
    text = '';
    writeOwn(stream, '\u001b[1A');
    writeProgress(stream, EVIL);
    t.equal(text, `\u001b[1A\r\u001b[2K${visibleText(EVIL)}`);
    text = '';
    const screen = new TerminalScreen(stream);
    screen.show(`● ${EVIL}`);
    screen.print(EVIL);
    // oxlint-disable-next-line no-control-regex
    t.notMatch(text.replaceAll('\r\u001b[2K', ''), /\u001b|\r/);
    t.end();
  });

  const main = join(packageRoot(), 'dist', 'cli', 'main.js');
  const hasScript = spawnSync('script', ['--version']).status === 0;
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

  /** What a terminal gets. */
  function onTerminal(cwd: string, args: readonly string[], input = ''): Promise<string> {
    const line = [process.execPath, main, ...args].map(quoted).join(' ');
    const child = spawn('script', ['-qfec', line, '/dev/null'], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '', TERM: 'xterm', COLUMNS: '200' },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 60_000,
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.stdin.end(input);
    return new Promise((resolve) => child.once('close', () => resolve(text)));
  }

  t.test(
    'no command brings the controls of a name or a file to the terminal',
    { skip: !hasScript && 'needs script(1)' },
    async (t) => {
      const room = JSON.parse(
        readFileSync(join(packageRoot(), 'templates', 'rooms', 'minimal', 'room.json'), 'utf8'),
      ) as object;
      const dir = t.testdir({
        'key.json': JSON.stringify({ ...room, [`key${EVIL}`]: 1 }),
        'value.json': JSON.stringify({ ...room, language: EVIL }),
        'broken.json': `{"a": ${EVIL}`,
        'page.html': `<script type="application/ld+json">${JSON.stringify({ '@type': 'Product', name: `Kettle ${EVIL}`, offers: { price: 3, priceCurrency: 'EUR' }, additionalProperty: [{ name: EVIL, value: EVIL }] })}</script>`,
        'ledger.jsonl': `${EVIL}\n{"kind":"${visibleText(EVIL)}","at":"${EVIL}"}\n`,
      });
      writeFileSync(join(dir, `${EVIL.replaceAll('/', '')}.png`), 'no picture');
      const runs: (readonly string[])[] = [
        ['check', `${EVIL}.json`],
        ['start', '--room', `${EVIL}.json`],
        ['check', 'key.json'],
        ['check', 'value.json'],
        ['check', 'broken.json'],
        ['presenter', 'measure', `pack${EVIL}`],
        ['ledger', 'verify', `${EVIL}.jsonl`],
        ['ledger', 'verify', 'ledger.jsonl'],
        ['ledger', 'show', 'ledger.jsonl'],
        ['product', 'page.html'],
        ['product', `${EVIL}.html`],
        ['scan', `${EVIL}.png`],
        ['script', `${EVIL}.json`],
        ['render', '--room', `${EVIL}.json`, '--seconds', '1', '--out', `${EVIL}`],
        ['report', '--room', `${EVIL}.json`],
        [`${EVIL}`],
        ['new', `${EVIL}/x`, '--template', EVIL],
        ['judge', '--lang', EVIL],
        ['alerts', 'test', '--room', 'key.json'],
      ];
      for (const args of runs) {
        const text = await onTerminal(dir, args);
        const name = visibleText(args.join(' ')).slice(0, 60);
        t.ok(text.length > 0, `${name}: says something`);
        t.notMatch(text.replaceAll('\r\u001b[2K', ''), ARRIVED, name);
      }
    },
  );

  t.test('nothing in the command line writes past the guard', (t) => {
    const faults: string[] = [];
    const src = join(packageRoot(), 'src');
    for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || /^browser[\\/]|pages[\\/]/.test(file)) continue;
      const text = readFileSync(join(src, file), 'utf8');
      if (/\bconsole\.\w+\(|writeSync\((?:1|2),|\bfd: 1\b/.test(text)) faults.push(file);
      if (/\bfd: 2\b/.test(text) && !file.endsWith('log.ts')) faults.push(file);
      if (
        /^cli[\\/]/.test(file) &&
        !/safe-output|display-width|status-line|terminal-log/.test(file) &&
        /\\u001b|\\x1b/.test(text)
      )
        faults.push(file);
    }
    t.strictSame(faults, []);
    t.end();
  });
});

t.test('load step text', async (t) => {
  t.test('names the step of a loading room, with its share', async (t) => {
    t.equal(loadStepText({ step: 'pictures', done: 12, of: 40 }, 'en'), 'Reading pictures 12 of 40…');
    t.equal(loadStepText({ step: 'pictures', done: 12, of: 40 }, 'zh'), '审核图片 12/40…');
    t.equal(loadStepText({ step: 'texts' }, 'en'), 'Checking texts…');
  });
});

t.test('status text', async (t) => {
  const usual = fakeRoom().snapshot();
  const output = (id: string, state: OutputSnapshot['state'], kind = 'rtmp'): OutputSnapshot => ({
    ...usual.outputs[0]!,
    id,
    kind,
    state,
  });
  const room: RoomSnapshot = {
    ...usual,
    lateTicks: { total: 0, render: 0, scan: 0, encode: 0, stall: 0 },
    outputs: [output('local', 'live'), output('taobao', 'live'), { ...output('whep', 'live', 'whep'), viewers: 2 }],
  };

  t.test('drops figures first and outputs last on a narrow terminal', (t) => {
    t.equal(
      statusText(room, 119),
      '● 00:01:01  local live · taobao live · whep live 2  late 0  replaced 30  checked 1838  −16.2 LUFS  30 fps',
    );
    t.equal(statusText(room, 79), '● 00:01:01  local live · taobao live · whep live 2  late 0  replaced 30');
    t.equal(statusText(room, 40), '● 00:01:01  taobao live');
    t.equal(
      statusText({ ...room, outputs: [output('taobao', 'backoff'), ...room.outputs] }, 33),
      '● 00:01:01  taobao down · 3 live',
    );
    t.end();
  });

  t.test('names every output in trouble at 80 columns, within any width', (t) => {
    const many = Array.from({ length: 9 }, (_, i) => output(`output-${i}`, i === 4 ? 'backoff' : 'live'));
    for (const language of ['en', 'zh'] as const) {
      for (const trouble of [{}, { slate: ['risk', 'words'], muted: true }] as Partial<RoomSnapshot>[]) {
        const s = { ...room, ...trouble, outputs: many };
        t.match(statusText(s, 79, language), language === 'en' ? /output-4 down · 8 live/ : /output-4 断开 · 8 路在线/);
        for (let columns = 10; columns < 200; columns += 1)
          t.ok(displayWidth(statusText(s, columns, language)) <= columns, `${language} ${columns}`);
      }
    }
    t.end();
  });

  t.test('summarises the show in one sentence', (t) => {
    const shares = new LiveShares();
    for (let i = 0; i < 1000; i += 1) {
      shares.sample({
        outputs: [
          output('local', 'live'),
          output('taobao', i < 1 ? 'connecting' : 'degraded'),
          output('whep', 'live', 'whep'),
        ],
      });
    }
    const s: RoomSnapshot = { ...room, onAirMs: 319_400, frames: { ...room.frames, rendered: 9570, replaced: 12 } };
    t.equal(
      closingSummary(s, shares, 'en'),
      'Off air after 5:19: 9,570 frames, 0 late, 12 replaced, 0.4 s of words muted; local live 100 %, taobao live 99.9 %',
    );
    t.equal(
      closingSummary({ ...s, mutedBy: {} }, shares, 'zh'),
      '已下播，共 5:19：9,570 帧，迟到 0，替换 12；local 在线 100 %，taobao 在线 99.9 %',
    );
    t.end();
  });
});

t.test('terminal log', async (t) => {
  function rig(t: Test, level = 'warn', language: 'en' | 'zh' = 'en', windowMs = 60) {
    const lines: string[] = [];
    const log = new TerminalLog({
      print: (line) => lines.push(line),
      columns: () => 200,
      level,
      language,
      colour: false,
      wallMs: () => new Date(2026, 0, 1, 12, 3, 4).getTime(),
      windowMs,
    });
    t.teardown(() => log.close());
    return { log, lines };
  }
  const REFUSED = {
    output: 'taobao',
    code: 'E_OUTPUT_CONNECT',
    reason: 'output "taobao" (rtmp://host/live/***): expected a connection, found ECONNREFUSED',
    waitMs: 4200,
  };

  t.test('prints an event as one sentence with its time, never JSON', (t) => {
    const { log, lines } = rig(t);
    log.warn(REFUSED, 'output ended');
    log.error({ file: '/x', error: 'Error: ENOSPC' }, 'something of a new kind');
    log.info({ frame: 7 }, 'encoder started');
    log.info({ output: 'taobao', state: 'connecting' }, 'output state');
    log.info({ output: 'taobao', state: 'live' }, 'output state');
    t.same(lines, [
      '12:03:04 ! Output taobao is down; next try in 4 s: expected a connection, found ECONNREFUSED',
      '12:03:04 ✗ Something of a new kind (file /x, error Error: ENOSPC)',
      '12:03:04 · Output taobao is live',
    ]);
    t.end();
  });

  t.test('prints Chinese in a Chinese locale', (t) => {
    for (const [env, language] of [
      [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
      [{ LANG: 'zh_CN', LC_ALL: 'C' }, 'en'],
      [{ LANG: 'en_US', LC_MESSAGES: 'zh_TW.UTF-8' }, 'zh'],
      [{ LANG: 'zha' }, 'en'],
      [{}, 'en'],
    ] as const)
      t.equal(terminalLanguage(env), language, JSON.stringify(env));
    const { log, lines } = rig(t, 'warn', 'zh');
    log.warn(REFUSED, 'output ended');
    log.warn({ kind: 'silent', rule: '5.10' }, 'picture or sound at fault');
    t.match(lines[0], /^12:03:04 ! 输出 taobao 断开，4 s 后重试：/);
    t.equal(lines[1], '12:03:04 ! 异常：直播间没有声音（规则 5.10）');
    t.end();
  });

  t.test('prints a repeated event at once, then with its count', async (t) => {
    const { log, lines } = rig(t);
    for (let i = 0; i < 13; i += 1) log.warn({ ...REFUSED, waitMs: 1000 * (i + 1) }, 'output ended');
    log.warn({ ...REFUSED, output: 'copy' }, 'output ended');
    t.equal(lines.length, 2, 'another output is another event');
    await new Promise((resolve) => setTimeout(resolve, 100));
    t.equal(lines.length, 3);
    t.match(lines[2], /next try in 13 s.*\(12 times in 0 s\)$/, 'the last of them');
    await new Promise((resolve) => setTimeout(resolve, 150));
    t.equal(lines.length, 3, 'nothing is printed for nothing');
    log.warn(REFUSED, 'output ended');
    t.equal(lines.length, 4, 'after a quiet time it is printed again');
  });

  t.test('applies levels, disarms control characters and shows no key', (t) => {
    const silent = rig(t, 'silent');
    silent.log.error({}, 'x');
    t.same(silent.lines, []);
    const { log, lines } = rig(t, 'info');
    log.child({ room: 'a' }).info({ reason: 'x\u001b[2Jy\ny', url: 'rtmp://host/app/k3y' }, 'encoder started');
    t.equal(lines.length, 1);
    // oxlint-disable-next-line no-control-regex
    t.notMatch(lines[0], /[\u0000-\u001f]|k3y/);
    t.match(lines[0], /room a/);
    t.end();
  });

  t.test('has sentences only for logged events, in both languages', (t) => {
    const root = join(packageRoot(), 'src');
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('event-sentences'))
      .map((name) => readFileSync(join(root, name), 'utf8'))
      .join('\n');
    for (const [message, { en, zh }] of Object.entries(EVENT_SENTENCES)) {
      t.ok(
        [`'${message}'`, `"${message}"`, `\`${message}\``].some((text) => sources.includes(text)),
        message,
      );
      t.match(en({ text: { en: 'x', zh: '我' } }), /\w/);
      t.match(zh({ text: { en: 'x', zh: '我' } }), /\p{Script=Han}/u, message);
    }
    t.end();
  });

  t.test('prints one line for everything that a busy machine causes, and others as they are', (t) => {
    for (const [language, lead] of [
      ['en', 'this machine is busy'],
      ['zh', '这台机器太忙'],
    ] as const) {
      const { log, lines } = rig(t, 'warn', language, 10_000);
      log.warn({ pictureFps: 15 }, 'the picture has fewer frames a second: this machine is busy');
      log.warn({ cause: 'unjudged' }, 'frames are being replaced');
      log.info({ replacedFrames: 7 }, "the room's own picture is back");
      log.warn({ thread: 0 }, 'scan thread stalled, ending it');
      log.error({ reason: 'overdue' }, 'a frame could not be judged: held back');
      log.warn({ kind: 'low-fps', rule: '5.11' }, 'picture or sound at fault');
      log.warn({ alarm: 'machine-slow', text: { en: 'slow', zh: '慢' } }, 'an alarm is raised');
      t.equal(lines.length, 1, language);
      t.match(lines[0], lead);
      log.warn({ cause: 'violation' }, 'frames are being replaced');
      log.warn(REFUSED, 'output ended');
      t.equal(lines.length, 3, 'what has another cause');
    }
    t.end();
  });

  t.test('prints faults of other causes in full when the machine is not busy', (t) => {
    const { log, lines } = rig(t);
    log.warn({ kind: 'frozen', rule: '5.10' }, 'picture or sound at fault');
    log.info({ replacedFrames: 7 }, "the room's own picture is back");
    log.warn({ cause: 'unjudged' }, 'frames are being replaced');
    t.equal(lines.length, 3);
    t.match(lines[2], /This machine is busy\. Viewers see a stand-in/);
    t.end();
  });

  t.test('prints nothing once it is silenced', (t) => {
    const { log, lines } = rig(t);
    log.silence();
    log.error({ reason: 'overdue' }, 'a frame could not be judged: held back');
    t.same(lines, []);
    t.end();
  });
});

t.test('terminal screen', async (t) => {
  /** A minimal terminal: erasing, moving up and wrapping. */
  class Emulator {
    readonly rows: string[][] = [[]];
    x = 0;
    y = 0;
    constructor(public columns: number) {}
    write(text: string): void {
      // oxlint-disable-next-line no-control-regex
      for (const [part, , count, order] of text.matchAll(/(\u001b\[(\d*)([AJKm]))|[\s\S]/gu)) {
        const row = () => (this.rows[this.y] ??= []);
        if (order === 'K') this.rows[this.y] = [];
        else if (order === 'J') this.rows.length = this.y + 1 - (this.x === 0 ? 1 : 0);
        else if (order === 'A') this.y -= Number(count);
        else if (order === 'm') continue;
        else if (part === '\r') this.x = 0;
        else if (part === '\n') [this.x, this.y] = [0, this.y + 1];
        else {
          if (this.x >= this.columns) [this.x, this.y] = [0, this.y + 1];
          row()[this.x] = part;
          this.x += 1;
        }
        row();
      }
    }
    /** Narrower: long rows wrap, as in tmux and most terminals. */
    resize(columns: number): void {
      this.columns = columns;
      const rows = this.rows.flatMap((row) => {
        const parts: string[][] = [];
        for (let i = 0; i < Math.max(1, row.length); i += columns) parts.push(row.slice(i, i + columns));
        return parts;
      });
      this.rows.splice(0, this.rows.length, ...rows);
      this.y = this.rows.length - 1;
      this.x = this.rows[this.y]!.length;
    }
    get text(): string[] {
      return this.rows.map((row) => row.join(''));
    }
  }

  t.test('prints lines above the status line, which is never torn', (t) => {
    const terminal = new Emulator(40);
    const screen = new TerminalScreen(terminal);
    screen.print('on air');
    screen.show('● 00:00:01 local live');
    screen.print('12:00:00 ! a warning');
    screen.show('● 00:00:02 local live');
    screen.print('12:00:01 ! another');
    t.same(terminal.text, ['on air', '12:00:00 ! a warning', '12:00:01 ! another', '● 00:00:02 local live']);
    screen.show('');
    t.same(terminal.text.at(-1), '');
    t.end();
  });

  t.test('leaves no rest of the status line on a narrowed terminal', (t) => {
    const terminal = new Emulator(40);
    const screen = new TerminalScreen(terminal);
    screen.print('on air');
    screen.show('● 00:00:02 local live · whep live · x');
    terminal.resize(20);
    screen.show('● 00:00:02 2 live');
    t.same(terminal.text, ['on air', '● 00:00:02 2 live']);
    t.equal(screen.columns, 17);
    t.end();
  });

  t.test('prints other output above the status line too, in whole lines', (t) => {
    const terminal = new Emulator(40);
    const screen = new TerminalScreen(terminal);
    const stream = { write: () => true } as unknown as NodeJS.WriteStream;
    const write: unknown = Reflect.get(stream, 'write');
    const unguard = screen.guard(stream);
    screen.show('● status');
    stream.write('(node:1) Warn');
    stream.write(Buffer.from('ing: x\nnext'));
    t.same(terminal.text, ['(node:1) Warning: x', '● status']);
    unguard();
    t.same(terminal.text, ['(node:1) Warning: x', 'next', '● status']);
    t.equal(Reflect.get(stream, 'write'), write);
    screen.leave();
    screen.print('nothing');
    screen.show('nothing');
    t.equal(terminal.text.length, 3, 'nothing is written to a closed terminal');
    t.end();
  });
});

t.test('viewer talk', async (t) => {
  function talk(language: TerminalLanguage = 'en') {
    const lines: string[] = [];
    let nowMs = 0;
    let seq = 0;
    let listener: ((record: EventRecord) => void) | undefined;
    const shown = new ViewerTalk({
      events: {
        listen: (one) => {
          listener = one;
          return () => void (listener = undefined);
        },
      },
      language,
      print: (line) => lines.push(line),
      columns: () => 200,
      nowMs: () => nowMs,
      wallMs: () => new Date(2026, 0, 1, 10, 20, 30).getTime(),
    });
    const tell = (record: Partial<EventRecord>, afterMs = 5000): void => {
      nowMs += afterMs;
      seq += 1;
      const base = {
        id: `e${seq}`,
        seq,
        platform: 'simulator',
        kind: 'comment',
        user: 'Anna',
        atMs: 0,
        state: 'taken',
      } as const;
      listener?.({ ...base, text: 'How much for 500?', ...record });
    };
    return { lines, tell, shown };
  }

  t.test('prints a question once it is answered, with the answer', async (t) => {
    const { lines, tell, shown } = talk();
    tell({ state: 'taken' });
    tell({ state: 'answering', path: 'intent' });
    t.same(lines, []);
    tell({ state: 'answered', path: 'intent', answer: 'Anna, 500 pieces are $4.80 each.' });
    t.same(lines, ['10:20:30 › Anna: How much for 500?', '         → Anna, 500 pieces are $4.80 each.']);
    await shown.close();
    tell({ state: 'answered', path: 'intent', answer: 'Another one.' });
    t.equal(lines.length, 2, 'nothing after its end');
  });

  t.test('prints an answer to several viewers once, and greetings without a question', async (t) => {
    const { lines, tell } = talk();
    for (const user of ['Anna', 'Ben']) tell({ user, state: 'answered', path: 'intent', answer: 'It is steel.' });
    for (const user of ['Anna', 'Ben'])
      tell({ kind: 'enter', user, state: 'answered', path: 'reaction', answer: 'Welcome!' });
    t.equal(lines.length, 3);
    t.equal(lines[2], '10:20:30 · Welcome!');
  });

  t.test('repeats no word of a hostile comment, and no control character of any', async (t) => {
    const { lines, tell } = talk();
    tell({ state: 'hostile', text: 'WhatsApp +1 415 555 2671' });
    tell({ state: 'unanswered', user: 'A\u001b[2Jna', text: 'Does it\nfloat?' });
    t.notMatch(lines.join('\n'), /415/);
    t.notOk(lines.join('').includes('\u001b'));
    t.match(lines[1], /› A \[2Jna: Does it float\?/);
  });

  t.test('counts events that come too fast', async (t) => {
    const { lines, tell } = talk('zh');
    for (let i = 0; i < 5; i += 1) tell({ state: 'answered', path: 'intent', answer: `第${i}句` }, i === 0 ? 0 : 100);
    t.equal(lines.length, 2, 'one pair');
    tell({ state: 'answered', path: 'intent', answer: '再来' });
    t.match(lines.at(-1), /→ 再来（另有 4 条）/);
  });

  t.test('says why a comment has no answer, and prints no word of a refused answer', async (t) => {
    const reasons: [object, RegExp, RegExp][] = [
      [{ reason: 'waited too long for its turn' }, /waited too long/, /等待太久/],
      [{ outcome: 'forgotten', reason: 'waited longer than 60 s' }, /waited too long/, /等待太久/],
      [{ outcome: 'displaced', reason: 'more than 12 lines wait' }, /too many questions/, /问题太多/],
      [
        { outcome: 'failed', reason: 'espeak: expected speech, found no answer in time' },
        /voice was not ready/,
        /语音/,
      ],
      [{ outcome: 'refused', reason: '"3 days" (rule 5.1)' }, /rule 5\.1 refused/, /规则 5\.1/],
      [{ reason: 'the language model gave no JSON' }, /language model/, /语言模型/],
      [{ reason: 'nobody knows the answer' }, /nobody knows/, /没有找到答案/],
      [{ reason: 'the listing does not say (warranty)' }, /no answer from the listing/, /商品资料里没有答案/],
    ];
    for (const [record, en, zh] of reasons) {
      for (const [language, expected] of [
        ['en', en],
        ['zh', zh],
      ] as const) {
        const { lines, tell } = talk(language);
        tell({ state: 'unanswered', user: 'Ana', text: 'How long?', ...record });
        t.match(lines[1], expected);
        t.notMatch(lines.join(), /3 days/);
      }
    }
  });
});
