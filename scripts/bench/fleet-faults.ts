/**
 * Random faults to a fleet on this machine: `npm run bench -- fleet-faults --minutes 10 --seed 7 [--only name] [--other-build dist/cli/main.js] [--json]`.
 *
 * Redis, a bucket, three workers and two small rooms; with `--other-build` two of the workers run that one, as older or
 * newer workers do during an upgrade. An nginx counts the publishers of each stream key. Faults come in
 * the order of the seed. Exits with 1 when a key had two publishers, a gap was longer than promised, or a frame left
 * unjudged.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { seededRandom } from '../../src/core/random.js';
import { FLEET_FAULTS, runFleetFault, type FaultResult } from './fleet/fleet-faults.js';
import { FleetRig } from './fleet/fleet-rig.js';
import { scriptOptions } from './kit/script-options.js';

const values = scriptOptions(
  import.meta.url,
  {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'other-build': { type: 'string' },
    json: { type: 'boolean' },
  },
  ({ minutes, seed, only }) => {
    if (!(Number(minutes) > 0)) return `--minutes: expected a number above 0, found ${minutes}`;
    if (!Number.isInteger(Number(seed))) return `--seed: expected a whole number, found ${seed}`;
    if (FLEET_FAULTS.some(({ name }) => only === undefined || name.includes(only))) return undefined;
    return `--only: expected a part of one of ${FLEET_FAULTS.map(({ name }) => name).join(', ')}; found ${only}`;
  },
);
const faults = FLEET_FAULTS.filter(({ name }) => values.only === undefined || name.includes(values.only));

const random = seededRandom(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), 'showroom-fleet-'));
const other = values['other-build'];
const rig = await FleetRig.start({
  folder,
  workers: 3,
  disks: true,
  ...(other === undefined ? {} : { builds: { w2: resolve(other), w3: resolve(other) } }),
});
const results: FaultResult[] = [];
try {
  await rig.submit('one');
  await rig.submit('two');
  await rig.onAir('two');
  const endMs = performance.now() + Number(values.minutes) * 60_000;
  // Every fault once in the seed's order, then again in another.
  let order: typeof faults = [];
  while (performance.now() < endMs || results.length === 0) {
    if (order.length === 0)
      order = faults
        .map((fault) => ({ fault, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ fault }) => fault);
    const fault = order[0]!;
    order = order.slice(1);
    if (fault.isPossible?.(rig) === false) continue;
    const result = await runFleetFault(rig, random() < 0.5 ? 'one' : 'two', fault);
    results.push(result);
    if (values.json !== true)
      console.log(
        `${result.misses.length === 0 ? '✓' : '✗'} ${result.fault}: ${result.from} → ${result.to}, ${result.gapMs} ms without a publisher ${result.misses.join('; ')}`,
      );
  }
} finally {
  await rig.close();
  rmSync(folder, { recursive: true, force: true });
}
const misses = results.reduce((sum, result) => sum + result.misses.length, 0);
const doubles = rig.ingest.doubles.length;
if (values.json === true) console.log(JSON.stringify({ seed: Number(values.seed), misses, doubles, results }, null, 2));
else
  console.log(
    `seed ${values.seed}: ${results.length} faults, ${misses} misses, ${doubles} times two publishers of a key`,
  );
process.exitCode = misses > 0 ? 1 : 0;
