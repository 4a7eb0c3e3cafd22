/**
 * A connection flood: `npm run bench -- crowd --idle 25000 --bodies 500 --seconds 20 [--handles 1024] [--room file]
 * [--json]`.
 *
 * The built engine puts a room on air; the bench opens that many silent TCP connections to its HTTP port, and that many
 * requests whose body never ends. Meanwhile the operator requests the room's figures, each time over a new connection.
 * Exits with 1 unless the room stays on air, every request is answered, every late tick was late for an idle thread of
 * this machine too, the engine has file handles to spare, and the log reports the flood once in half a minute.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { runCrowd } from './crowd/run-crowd.js';
import { scriptOptions } from './kit/script-options.js';

const MAX_ANSWER_MS = 5000;
const LOG_EVERY_S = 30;

const values = scriptOptions(
  import.meta.url,
  {
    idle: { type: 'string', default: '25000' },
    bodies: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '20' },
    handles: { type: 'string' },
    room: { type: 'string', default: templatePath('rooms', 'demo-portrait', 'room.json') },
    json: { type: 'boolean' },
  },
  ({ idle, bodies, seconds, handles = '1024' }) => {
    const bad = Object.entries({ idle, bodies, seconds, handles }).find(([, value]) => !(Number(value) >= 0));
    return bad && `--${bad[0]}: expected a number, found ${bad[1]}`;
  },
);
const dir = mkdtempSync(join(tmpdir(), 'showroom-crowd-'));
const began = performance.now();
const result = await runCrowd({
  engine: join(packageRoot(), 'dist', 'cli', 'main.js'),
  roomFile: resolve(values.room),
  dir,
  idle: Number(values.idle),
  bodies: Number(values.bodies),
  holdMs: Number(values.seconds) * 1000,
  ...(values.handles === undefined ? {} : { handles: Number(values.handles) }),
}).finally(() => rmSync(dir, { recursive: true, force: true }));
const seconds = (performance.now() - began) / 1000;

const misses = [
  result.exitCode !== 0 && `the engine ended with ${result.exitCode}`,
  result.failed > 0 && `${result.failed} requests of the operator failed`,
  result.longestAnswerMs > MAX_ANSWER_MS && `an answer took ${result.longestAnswerMs} ms`,
  result.late > result.idleMissed + result.lateCalm && `${result.late} late ticks (idle thread: ${result.idleMissed})`,
  result.releasedUnjudged > 0 && `${result.releasedUnjudged} frames left unjudged`,
  result.logLines.length === 0 && 'the log does not mention the crowd',
  result.logLines.length > 1 + seconds / LOG_EVERY_S && `the log mentions it ${result.logLines.length} times`,
].filter((miss) => miss !== false);

const { logLines, ...figures } = result;
if (values.json) {
  console.log(JSON.stringify({ misses, ...result }, null, 2));
} else {
  console.table(figures);
  for (const line of logLines) console.log(line);
  for (const miss of misses) console.log(`miss: ${miss}`);
  console.log(`${misses.length} misses`);
}
process.exitCode = misses.length > 0 ? 1 : 0;
