import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../../src/core/files/paths.js';
import { type Log, silentLog } from '../../../src/core/log.js';
import { RoomLock } from '../../../src/room/resume/resume-keeper.js';

const skip = process.platform === 'linux' ? false : 'needs /proc';
/** A killed engine's lock. */
const dead = `${JSON.stringify({ pid: 4_194_000, born: 'another-boot:1' })}\n`;

t.test(
  'gives the room to exactly one of several engines starting at once, also after a dead one',
  { skip },
  async (t) => {
    const dir = t.testdir();
    const script = join(packageRoot(), 'test/room/resume/race-for-room.ts');
    const engines = [0, 1, 2].map(() => fork(script, { execArgv: ['--import=tsx'] }));
    t.teardown(() => engines.forEach((engine) => engine.kill('SIGKILL')));
    const answers = (): Promise<string[]> =>
      Promise.all(engines.map(async (engine) => (await once(engine, 'message'))[0] as string));
    await answers();
    const ask = async (ledgerFile: string): Promise<string[]> => {
      const all = answers();
      engines.forEach((engine) => engine.send(ledgerFile));
      return all;
    };
    const outcomes = new Set<string>();
    for (let round = 0; round < 40; round += 1) {
      const room = join(dir, `room-${round}`);
      mkdirSync(room);
      if (round % 2 === 1) writeFileSync(join(room, 'ledger.lock'), dead);
      outcomes.add((await ask(join(room, 'ledger.jsonl'))).sort().join(', '));
      await ask('');
      t.same(
        readdirSync(room).filter((name) => name.includes('.lock')),
        [],
        'nothing is left',
      );
    }
    t.same([...outcomes], ['E_ROOM_RUNNING, E_ROOM_RUNNING, got it']);
  },
);

t.test("takes over a dead engine's lock, damaged or half taken over as well", { skip }, async (t) => {
  const hash = createHash('sha256').update(dead).digest('hex').slice(0, 12);
  for (const left of [dead, '', '{"pid":', 'half']) {
    const file = join(t.testdir(), 'ledger.lock');
    writeFileSync(file, left === 'half' ? dead : left);
    // Another engine died while taking over.
    if (left === 'half') writeFileSync(`${file}.${hash}`, dead.replace('000', '001'));
    const lock = await RoomLock.take(file, silentLog);
    t.ok(lock instanceof RoomLock, JSON.stringify(left));
    t.equal(JSON.parse(readFileSync(file, 'utf8')).pid, process.pid);
    await (lock as RoomLock).close();
    t.same(readdirSync(join(file, '..')), []);
  }
});

t.test('starts without a lock where none can be kept, and logs it', { skip }, async (t) => {
  const file = join(t.testdir({ file: '' }), 'file', 'ledger.lock');
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (_fields, message) => void errors.push(message) };
  t.equal(await RoomLock.take(file, log), undefined);
  t.match(errors, [/could not be locked/]);
});
