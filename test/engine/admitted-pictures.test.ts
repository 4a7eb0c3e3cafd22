import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { AdmittedPictures } from '../../src/engine/admitted-pictures.js';

const picture = (first: number, width = 2, height = 2) => ({
  rgba: Uint8Array.from({ length: width * height * 4 }, (_, i) => (first + i) & 255),
  width,
  height,
});

t.test('a clean picture is known at the next start, another size or pixel is not', async (t) => {
  const ledger = join(t.testdir({}), 'ledger.jsonl');
  const first = AdmittedPictures.open(ledger, silentLog);
  const key = first.keyOf(picture(1));
  t.equal(first.has(key), false);
  first.add(key);
  first.save();
  const second = AdmittedPictures.open(ledger, silentLog);
  t.equal(second.has(key), true);
  t.equal(second.has(second.keyOf(picture(2))), false);
  t.not(second.keyOf(picture(1, 1, 4)), key);
});

t.test('what other detectors saw, and a file that was changed, counts for nothing', async (t) => {
  const dir = t.testdir({});
  const ledger = join(dir, 'ledger.jsonl');
  const file = join(dir, 'admitted.json');
  const before = AdmittedPictures.open(ledger, silentLog, 'older detectors');
  const key = before.keyOf(picture(1));
  before.add(key);
  before.save();
  t.equal(AdmittedPictures.open(ledger, silentLog).has(key), false);
  t.equal(AdmittedPictures.open(ledger, silentLog, 'older detectors').has(key), true);
  for (const text of ['', '[]', readFileSync(file, 'utf8').slice(0, -3)]) {
    writeFileSync(file, text);
    t.equal(AdmittedPictures.open(ledger, silentLog, 'older detectors').has(key), false, JSON.stringify(text));
  }
});

t.test('no more than 500 pictures are kept, the unused ones go first', async (t) => {
  const ledger = join(t.testdir({}), 'ledger.jsonl');
  const admitted = AdmittedPictures.open(ledger, silentLog, 'd');
  for (let i = 0; i < 500; i += 1) admitted.add(`p${i}`);
  t.ok(admitted.has('p0'));
  admitted.add('new');
  t.ok(admitted.has('p0'));
  t.notOk(admitted.has('p1'));
});
