import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { writeOwn, guardOutput, visibleLine, writeProgress } from '../../../src/cli/terminal/safe-output.js';
import { TerminalScreen } from '../../../src/cli/terminal/status-line.js';
import { packageRoot } from '../../../src/core/files/paths.js';
import { visibleText } from '../../../src/core/visible-text.js';

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
      !/safe-output|display-width|terminal-(?:screen|log)/.test(file) &&
      /\\u001b|\\x1b/.test(text)
    )
      faults.push(file);
  }
  t.strictSame(faults, []);
  t.end();
});
