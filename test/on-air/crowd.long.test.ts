import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { runCrowd } from '../../scripts/bench/crowd/run-crowd.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { templateRoom, writeRoom } from '../kit/on-air.js';

t.test('keeps the show and the operator served with more silent connections than file handles', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-crowd-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const result = await runCrowd({
    engine: join(packageRoot(), 'dist', 'cli', 'main.js'),
    roomFile: writeRoom(t, templateRoom('minimal')),
    dir,
    idle: 500,
    bodies: 40,
    holdMs: 4000,
    handles: 300,
  });
  t.comment(`late ticks: ${result.late}, before the crowd: ${result.lateCalm}, idle thread: ${result.idleMissed}`);
  t.equal(result.exitCode, 0, 'the engine ends only when asked to');
  t.equal(result.opened + result.refused, 540);
  t.ok(result.open <= 30, `${result.open} strangers' connections are left`);
  t.ok(result.mostHandles < 200, `${result.mostHandles} of 300 file handles in use`);
  t.equal(result.failed, 0, `${result.asked} requests of the operator were answered`);
  t.ok(result.framesReleased > 0);
  t.equal(result.releasedUnjudged, 0);
  t.ok(result.logLines.length >= 1 && result.logLines.length <= 3, `${result.logLines.length} lines in the log`);
  t.match(result.logLines[0], /the show goes on/);
});
