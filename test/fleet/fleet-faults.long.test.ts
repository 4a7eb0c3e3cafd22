import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { FLEET_FAULTS, runFleetFault } from '../../scripts/bench/fleet/fleet-faults.js';
import { FleetRig } from '../../scripts/bench/fleet/fleet-rig.js';
import { hasNginxRtmp } from '../../scripts/bench/fleet/publish-watch.js';
import { redisProgram } from '../../scripts/bench/fleet/redis-server.js';

const missing = redisProgram() === undefined ? 'no Redis or Valkey' : hasNginxRtmp() ? false : 'no nginx with RTMP';

t.test('three workers: rooms go on, and no key ever has two publishers', { skip: missing }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'showroom-fleet-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const rig = await FleetRig.start({ folder, workers: 3, disks: true });
  t.teardown(() => rig.close());
  await rig.submit('one');
  for (const fault of FLEET_FAULTS) {
    if (fault.isPossible?.(rig) === false) {
      t.pass(`${fault.name}: not possible on this machine`, { skip: 'no mounts' });
      continue;
    }
    const { misses, gapMs, from, to } = await runFleetFault(rig, 'one', fault);
    t.same(misses, [], `${fault.name}: ${from} → ${to}, ${gapMs} ms without a publisher`);
  }
  t.equal(rig.ingest.refused(), 0, 'the ingest had nothing to refuse');
  await rig.fleet.stop('one');
  t.equal(rig.ingest.now('key-one'), 0);
});
