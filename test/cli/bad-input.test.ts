import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import { templateRoom, writeRoom } from '../kit/on-air.js';
import { runEngine } from './run-engine.js';
import { sampled } from '../kit/whole.js';

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
