import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { EVENT_SENTENCES } from '../../../src/cli/terminal/event-sentences.js';
import { TerminalLog } from '../../../src/cli/terminal/terminal-log.js';
import { terminalLanguage } from '../../../src/cli/terminal/terminal-language.js';
import { packageRoot } from '../../../src/core/files/paths.js';

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
