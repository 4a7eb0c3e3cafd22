import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { EvidenceStore } from '../../src/compliance/ledger/evidence-store.js';
import { evidence } from '../../src/config/sections/compliance.js';
import { silentLog } from '../../src/core/log.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { EvidenceKeeper } from '../../src/room/evidence-keeper.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { fullDisk } from '../compliance/ledger/full-disk.js';

const [width, height] = [32, 16];
const frame = (luma: number): Uint8Array => new Uint8Array((width * height * 3) / 2).fill(luma);

async function keeper(
  t: Test,
): Promise<{ keeper: EvidenceKeeper; store: EvidenceStore; lines: LedgerEntry[]; dir: string }> {
  const dir = t.testdir();
  const lines: LedgerEntry[] = [];
  const append = (entry: LedgerEntry): void => void lines.push(entry);
  const store = await EvidenceStore.open(join(dir, 'ledger.jsonl'), { log: silentLog, maxBytes: 1e6 });
  const config = evidence.parse({});
  const kernels = loadKernels();
  return {
    keeper: new EvidenceKeeper({ config, store, kernels, width, height, log: silentLog, append }),
    store,
    lines,
    dir,
  };
}

t.test('counts frames that arrive faster than they are packed, in one entry', async (t) => {
  const { keeper: k, store, lines } = await keeper(t);
  for (let i = 0; i < 10; i += 1) k.picture(frame(i * 20), { rule: '3.3', surface: 'frame', frame: i });
  t.equal(k.dropped, 6);
  await k.close();
  await store.close();
  t.same(
    lines.map(({ action, frame: n, detail }) => [action, n, detail?.['pieces']]),
    [...[0, 1, 2, 3].map((n) => ['keep', n, undefined]), ['not-kept', undefined, 6]],
  );
});

t.test('names a frame only once it is on disk', async (t) => {
  const disk = await fullDisk(t);
  const { keeper: k, store, lines, dir } = await keeper(t);
  disk.full = true;
  k.picture(frame(80), { rule: '3.3', surface: 'frame', frame: 1 });
  await k.close();
  await store.close();
  t.same(lines, []);
  t.equal(k.dropped, 1);
  t.same(readdirSync(join(dir, 'ledger-evidence')), []);
});
