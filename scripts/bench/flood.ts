/**
 * A flood of comments: `npm run bench -- flood [--events 32000] [--seconds 8] [--room file]`.
 *
 * The built engine puts a room on air; the bench posts that many comments of simulated viewers, evenly over that many seconds.
 * Prints the late ticks of the frame loop before and during the flood, the frame times that an idle thread of this machine
 * slept through meanwhile, what became of the events, and what the log says of the sentence model. Exits with 1 for a
 * late tick that an idle thread would not have had, an unjudged frame, or a post that failed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventCounts, ViewerEvent } from '../../src/config/api/events-handle.js';
import type { RoomSnapshot } from '../../src/config/api/room-handle.js';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { simulatedViewers } from '../../src/viewers/simulator/simulated-viewers.js';
import { IdleClock } from './faults/idle-clock.js';
import { onAirEngine } from './kit/on-air-engine.js';
import { scriptOptions } from './kit/script-options.js';

const BATCHES_A_SECOND = 20;
const CALM_MS = 8000;

const values = scriptOptions(
  import.meta.url,
  {
    events: { type: 'string', default: '32000' },
    seconds: { type: 'string', default: '8' },
    room: { type: 'string', default: templatePath('rooms', 'demo-portrait', 'room.json') },
  },
  ({ events, seconds }) =>
    Number(events) >= 1 && Number(seconds) >= 1 ? undefined : '--events, --seconds: expected numbers of 1 or more',
);
const [events, seconds] = [Number(values.events), Number(values.seconds)];
const dir = mkdtempSync(join(tmpdir(), 'showroom-flood-'));
const air = await onAirEngine(join(packageRoot(), 'dist', 'cli', 'main.js'), resolve(values.room), dir);
/** Equal comments share one reading, so each gets a word of its own. */
const unlike = (event: ViewerEvent, n: number): ViewerEvent =>
  event.text === undefined ? event : { ...event, text: `${event.text} ${n.toString(36).replace(/\d/g, 'x')}` };
const clock = new IdleClock();
const room = async (): Promise<RoomSnapshot> => (await air.get('/api/room')) as RoomSnapshot;
try {
  // The model and its tables are loaded by the first comment of a show.
  await air.post('/api/events', [
    { id: 'first', platform: 'bench', kind: 'comment', user: 'a', text: 'how heavy is it' },
  ]);
  const start = await room();
  await sleep(CALM_MS);
  const before = await room();
  const beganMs = performance.now();
  const batches = seconds * BATCHES_A_SECOND;
  const viewers = simulatedViewers(1, 'flood');
  const counts = { taken: 0, repeated: 0, dropped: 0 };
  let failed = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const size = Math.floor((events * (batch + 1)) / batches) - Math.floor((events * batch) / batches);
    const list = Array.from({ length: size }, (_, i) => unlike(viewers.next().value, batch * size + i));
    const answer = await air.post('/api/events', list).catch(() => undefined);
    if (answer === undefined) failed += 1;
    else for (const key of ['taken', 'repeated', 'dropped'] as const) counts[key] += (answer as EventCounts)[key];
    await sleep(Math.max(0, beganMs + ((batch + 1) * 1000) / BATCHES_A_SECOND - performance.now()));
  }
  const lastedMs = performance.now() - beganMs;
  const after = await room();
  const idle = clock.missed(beganMs, beganMs + lastedMs).total;
  const late = after.lateTicks.total - before.lateTicks.total;
  const unjudged = after.frames.releasedUnjudged;
  console.log(
    `${events} events in ${(lastedMs / 1000).toFixed(1)} s: ${JSON.stringify(counts)}, ${failed} posts failed`,
  );
  console.log(
    `late ticks: ${late} in the flood, ${before.lateTicks.total - start.lateTicks.total} in the ${CALM_MS / 1000} s before`,
  );
  console.log(`an idle thread missed ${idle} frame times; ${unjudged} frames unjudged`);
  for (const line of air.log().split('\n')) if (/sentence model|beyond the maximum/.test(line)) console.log(line);
  process.exitCode = late > idle || unjudged > 0 || failed > 0 ? 1 : 0;
} finally {
  await Promise.all([air.stop(), clock.close()]);
  rmSync(dir, { recursive: true, force: true });
}
