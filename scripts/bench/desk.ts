/**
 * `npm run bench -- desk [--seconds 60] [--browsers 3] [--rounds 2] [--json]`
 *
 * What people at the desk cost a show: the built studio puts a room on air to a local RTMP receiver, and its figures are
 * read without a page and with so many browsers on the desk, in turn. Prints late ticks, replaced frames, the engine's
 * CPU a frame and the memory of the studio's own process. On two cores the browsers' own decoding takes frames as well:
 * run it on a quiet machine with a core to spare. Exits with 1 when the studio's process is above 120 MiB.
 */
import { cpus, loadavg } from 'node:os';
import { chromium } from 'playwright-core';
import type { RoomSnapshot } from '../../src/config/api/room-handle.js';
import { CHROMIUM, QUIET_FLAGS } from '../../test/kit/chromium-flags.js';
import { createOwnerByApi, playing, startReceiver, startStudio } from '../../test/kit/studio-by-api.js';
import { pssMiB, readTree } from './kit/process-tree.js';
import { scriptOptions } from './kit/script-options.js';

const values = scriptOptions(import.meta.url, {
  seconds: { type: 'string', default: '60' },
  browsers: { type: 'string', default: '3' },
  rounds: { type: 'string', default: '2' },
  json: { type: 'boolean', default: false },
});
const [seconds, browsers, rounds] = [Number(values.seconds), Number(values.browsers), Number(values.rounds)];
const MAX_STUDIO_MIB = 120;
const SETTLE_MS = 10_000;
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

interface Figures {
  readonly browsers: number;
  readonly frames: number;
  readonly late: number;
  readonly replaced: number;
  readonly cpuMsPerFrame: number;
  readonly studioMiB: number;
}

const studio = await startStudio();
const receiver = await startReceiver();
const rows: Figures[] = [];
try {
  const { call, cookie } = await createOwnerByApi(studio);
  const room = await call<{ id: string }>('POST', '/api/rooms', {
    ...{ name: 'Bench', template: 'kitchen', language: 'en', orientation: 'portrait' },
  });
  const destination = await call<{ id: string }>('POST', '/api/destinations', {
    ...{ name: 'Receiver', preset: 'rtmp', server: receiver.server, key: 'bench' },
  });
  await call('PUT', `/api/rooms/${room.id}/destinations`, { ids: [destination.id] });
  await call('POST', `/api/rooms/${room.id}/start`, {});
  const { process: running } = await call<{ process: { pid: number } }>('GET', `/api/rooms/${room.id}`);
  const read = async (): Promise<{ snapshot: RoomSnapshot; cpuSeconds: number }> => ({
    snapshot: await call<RoomSnapshot>('GET', `/api/rooms/${room.id}/engine/api/room`),
    cpuSeconds: readTree(running.pid).cpuSeconds,
  });
  await wait(SETTLE_MS);
  for (let round = 0; round < rounds; round += 1) {
    for (const count of [0, browsers]) {
      const browser = count === 0 ? undefined : await chromium.launch({ executablePath: CHROMIUM, args: QUIET_FLAGS });
      for (let i = 0; i < count; i += 1) {
        const context = await browser!.newContext({ viewport: { width: 1440, height: 900 } });
        await context.addCookies([{ ...cookie, url: studio.url }]);
        const page = await context.newPage();
        await page.goto(`${studio.url}/rooms/${room.id}/desk`);
        await playing(page);
      }
      await wait(SETTLE_MS);
      say(`${count} browsers, ${seconds} s…`);
      const began = await read();
      await wait(seconds * 1000);
      const ended = await read();
      const frames = ended.snapshot.frames.rendered - began.snapshot.frames.rendered;
      rows.push({
        browsers: count,
        frames,
        late: ended.snapshot.lateTicks.total - began.snapshot.lateTicks.total,
        replaced: ended.snapshot.frames.replaced - began.snapshot.frames.replaced,
        cpuMsPerFrame: Math.round(((ended.cpuSeconds - began.cpuSeconds) * 10_000) / frames) / 10,
        studioMiB: Math.round(pssMiB(studio.pid)),
      });
      await browser?.close();
    }
  }
} finally {
  await receiver.close();
  await studio.close();
}
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
const largest = Math.max(...rows.map(({ studioMiB }) => studioMiB));
if (values.json) process.stdout.write(`${JSON.stringify({ machine, load: loadavg()[0], seconds, rows })}\n`);
else {
  const lines = rows.map(
    (one) =>
      `${one.browsers} browsers: ${one.frames} frames, ${one.late} late, ${one.replaced} replaced, ${one.cpuMsPerFrame} ms of the engine's CPU a frame; studio ${one.studioMiB} MiB`,
  );
  process.stdout.write(
    `${machine}\n${lines.join('\n')}\nstudio's process: at most ${largest} MiB of ${MAX_STUDIO_MIB}\n`,
  );
}
process.exitCode = largest > MAX_STUDIO_MIB ? 1 : 0;
