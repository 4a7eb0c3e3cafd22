import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { EvidenceStore } from '../../../src/compliance/ledger/evidence-store.js';
import { Ledger } from '../../../src/compliance/ledger/ledger.js';
import { RiskScore } from '../../../src/compliance/risk/risk-score.js';
import { silentLog } from '../../../src/core/log.js';
import { replaceFile } from '../../../src/core/files/replace-file.js';
import { writeResume } from '../../../src/room/resume/resume-keeper.js';

const skip = process.platform === 'win32' ? 'needs modes of files' : false;
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const riskOptions = { limit: 10, halfLifeHours: 1, wallMs: () => 1e12, runMs: () => 0, log: silentLog };
const entry = { source: 'speech', verdict: 'mute', rule: '3.2', action: 'mute', text: 'call +1 415 555 2671' };

/** Modes of a folder and everything below it. */
const modes = (dir: string): Record<string, string> =>
  Object.fromEntries(
    ['.', ...readdirSync(dir, { recursive: true, encoding: 'utf8' })].map((name) => [name, modeOf(join(dir, name))]),
  );

async function write(file: string): Promise<void> {
  const ledger = await Ledger.open(file, { log: silentLog });
  ledger.append(entry as unknown as Parameters<Ledger['append']>[0]);
  await ledger.close();
  const evidence = await EvidenceStore.open(file, { maxBytes: 1 << 20, log: silentLog } as never);
  evidence.keep(Buffer.from('a picture'), 'jpg');
  await evidence.close();
  const risk = await RiskScore.open(file.replace('.jsonl', '.risk.json'), riskOptions as never);
  risk.add('3.2', 'mute');
  await risk.close();
  await writeResume(file.replace('.jsonl', '.resume.json'), {} as never);
}

t.test('files with refused texts are readable by their owner only', { skip }, async (t) => {
  const umask = process.umask(0);
  t.teardown(() => process.umask(umask));
  const dir = join(t.testdir(), 'room');
  await write(join(dir, 'ledger.jsonl'));
  const found = modes(dir);
  t.ok(Object.keys(found).length >= 7, Object.keys(found).join(' '));
  for (const [name, mode] of Object.entries(found)) {
    t.equal(mode, statSync(join(dir, name)).isDirectory() ? '700' : '600', name);
  }
});

t.test('tightens files of an earlier version that others could read', { skip }, async (t) => {
  const dir = t.testdir();
  const file = join(dir, 'ledger.jsonl');
  await write(file);
  writeFileSync(join(dir, 'ledger.000001.jsonl'), '');
  const before = modes(dir);
  const folder = Object.keys(before).find((name) => name !== '.' && statSync(join(dir, name)).isDirectory())!;
  for (const name of Object.keys(before)) chmodSync(join(dir, name), name === folder || name === '.' ? 0o755 : 0o644);
  const ledger = await Ledger.open(file, { log: silentLog });
  await ledger.close();
  await (await EvidenceStore.open(file, { maxBytes: 1 << 20, log: silentLog } as never)).close();
  await (await RiskScore.open(file.replace('.jsonl', '.risk.json'), riskOptions as never)).close();
  for (const name of ['ledger.jsonl', 'ledger.000001.jsonl', 'ledger.head.json', 'ledger.risk.json']) {
    t.equal(modeOf(join(dir, name)), '600', name);
  }
  t.equal(modeOf(join(dir, folder)), '700');
  t.equal(modeOf(dir), '755', 'a folder of the user is unchanged');
});

t.test('does not follow a link at the draft’s name', { skip }, async (t) => {
  const dir = t.testdir({ 'victim.txt': 'mine' });
  mkdirSync(join(dir, 'state'));
  const file = join(dir, 'state', 'ledger.resume.json');
  symlinkSync(join(dir, 'victim.txt'), `${file}.${process.pid}.tmp`);
  await replaceFile(file, 'new');
  t.equal(statSync(join(dir, 'victim.txt')).size, 4);
  t.equal(statSync(file).size, 3);
});
