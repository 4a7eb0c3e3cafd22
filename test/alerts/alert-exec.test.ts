import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { alerts } from '../../src/config/sections/alerts.js';
import { testNotice } from '../../src/alerts/alarm.js';
import { alertSinks } from '../../src/alerts/alert-sinks.js';

const notice = testNotice('2026-01-01T00:00:00.000Z');
const run = (exec: string[]): Promise<string> =>
  alertSinks(alerts.parse({ exec }), 'shop', 'en')[0]!.send(notice, 0, AbortSignal.timeout(20_000));

t.test('passes the alarm as JSON and in the environment, arguments unchanged, without keys', async (t) => {
  process.env['SECRET_STREAM_KEY'] = 'k3y';
  t.teardown(() => delete process.env['SECRET_STREAM_KEY']);
  const out = join(t.testdir({}), 'out');
  const script = `
    let text = '';
    process.stdin.on('data', (c) => (text += c)).on('end', () =>
      require('fs').writeFileSync(process.argv[1], JSON.stringify({ body: JSON.parse(text), args: process.argv.slice(2), env: process.env })));`;
  t.equal(await run([process.execPath, '-e', script, out, 'a b', '$(id); `id`']), '');
  const { body, args, env } = JSON.parse(readFileSync(out, 'utf8'));
  t.match(body, { room: 'shop', kind: 'test', state: 'test', text: /A test of the Showroom alerts/ });
  t.same(args, ['a b', '$(id); `id`'], 'no shell expands them');
  t.match(env, { SHOWROOM_ROOM: 'shop', SHOWROOM_ALARM: 'test', SHOWROOM_ALARM_STATE: 'test' });
  t.notMatch(JSON.stringify(env), 'k3y');
});

t.test('survives a program that fails, is missing or closes its input', async (t) => {
  t.equal(await run([process.execPath, '-e', 'process.exit(3)']), 'exit code 3');
  t.equal(await run(['/nowhere/pager']), 'ENOENT');
  t.equal(await run([process.execPath, '-e', 'process.stdin.destroy(); setTimeout(() => {}, 50)']), '');
});
