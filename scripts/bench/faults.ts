/**
 * Fault injection at the outputs: `npm run bench -- faults --seconds 300 [--only name] [--json]`.
 *
 * One room with five outputs (two nginx, the embedded server, a browser over WebRTC, a recording); one of them stands
 * behind a proxy that disturbs its connection, one records to a disk that fills up. For each fault: the time until it
 * was noticed, the recovery time, the losses of the other outputs, and the publishes the peer saw. Exits with 1 on a
 * miss. The lateness of an idle thread is listed under `machine`, beside the misses it may explain.
 */
import { FAULTS } from './faults/fault-list.js';
import { FaultRoom } from './faults/fault-room.js';
import { IdleClock } from './faults/idle-clock.js';
import { runFault, type FaultRow } from './faults/run-fault.js';
import { scriptOptions } from './kit/script-options.js';

const values = scriptOptions(
  import.meta.url,
  { seconds: { type: 'string', default: '180' }, only: { type: 'string' }, json: { type: 'boolean' } },
  ({ seconds: given, only }) => {
    if (!(Number(given) > 0)) return `--seconds: expected a number above 0, found ${given}`;
    if (FAULTS.some(({ name }) => only === undefined || name.includes(only))) return undefined;
    return `--only: expected a part of one of ${FAULTS.map(({ name }) => name).join(', ')}; found ${only}`;
  },
);
const faults = FAULTS.filter(({ name }) => values.only === undefined || name.includes(values.only));
const seconds = Number(values.seconds);
// Calm, start and recovery take about ten seconds each; the rest is for holding the faults longer.
const heldS = faults.reduce((sum, { holdMs }) => sum + holdMs / 1000, 0);
const stretch = Math.max(1, (seconds - 10 * faults.length) / Math.max(1, heldS));

const room = await FaultRoom.open();
const idle = new IdleClock();
const rows: FaultRow[] = [];
try {
  for (const fault of faults) {
    if (!values.json) console.log(`${fault.name} …`);
    rows.push(await runFault(room, fault, stretch, idle));
  }
} finally {
  await room.close();
  await idle.close();
}
const misses = rows.reduce((sum, row) => sum + row.misses.length, 0);
if (values.json) {
  console.log(JSON.stringify({ misses, rows }, null, 2));
} else {
  const ms = (value: number | null): string => (value === null ? '–' : `${value} ms`);
  console.log('');
  console.table(
    rows.map((row) => ({
      fault: row.fault,
      noticed: ms(row.noticedMs),
      back: ms(row.recoveredMs),
      publishes: row.publishes,
      'others: picture': ms(row.othersVideoGapMs),
      'others: sound': ms(row.othersAudioGapMs),
      reconnects: row.othersReconnects,
      late: row.lateTicks,
      idle: row.idleMissed,
      'other load': `${row.foreignCores} cores`,
      machine: row.machine.join('; '),
      misses: row.misses.join('; '),
    })),
  );
  console.log(`${misses} misses`);
}
process.exitCode = misses > 0 ? 1 : 0;
