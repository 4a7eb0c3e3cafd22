import { spawnSync } from 'node:child_process';
import t from 'tap';

const module = new URL('../../src/native/process-memory.ts', import.meta.url).href;

/** Size of the young generation after a start that allocates much and keeps a part of it for a while. */
function youngBytes(before: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    const { keepHeapSmall, settleMemory } = await import(${JSON.stringify(module)});
    ${before}
    const kept = [];
    for (let i = 0; i < 3_000_000; i += 1) {
      kept.push({ i, text: 'x' + i });
      if (kept.length > 200_000) kept.length = 0;
    }
    console.log(getHeapSpaceStatistics().find((s) => s.space_name === 'new_space').space_size);`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import=tsx', '--input-type=module', '--eval', script],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  if (status !== 0) throw new Error(stderr);
  return Number(stdout.trim());
}

t.test('keeps the young generation small from the call on', async (t) => {
  t.ok(youngBytes('') > 8 << 20, 'a busy start lets it grow');
  const small = youngBytes('keepHeapSmall();');
  t.ok(small > 0 && small <= 4 << 20, `${small} bytes`);
});

t.test('settles repeatedly without keeping the process alive', async (t) => {
  const started = performance.now();
  t.ok(youngBytes('keepHeapSmall(); settleMemory(); settleMemory();') > 0);
  t.ok(performance.now() - started < 20_000, 'it ended before the last trim');
});
