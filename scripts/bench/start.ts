/**
 * Outage after kill -9: `npm run bench -- start --times 5 [--room file] [--json]`.
 *
 * The built engine puts a room on air, is killed, and started again while a player continuously requests pictures from
 * its HTTP-FLV address, like disconnected players do. Measures the time from the start of the process to the first
 * coded picture at that player, the CPU time of the engine and its children until then, and the load of other programs.
 * Exits with 1 when the median is above 3 s.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { endWithUs } from './kit/end-with-us.js';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { ForeignLoad } from './faults/foreign-load.js';
import { scriptOptions } from './kit/script-options.js';

const MAX_MS = 3000;
const HOLD_MS = 3000;
const TIMEOUT_MS = 120_000;
const HEADER_BYTES = 13;
const TAG_BYTES = 11;

interface Start {
  readonly pictureMs: number;
  readonly cpuS: number;
  readonly foreignCores: number;
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** The room with absolute file addresses, free ports, and its ledger in its own folder. */
async function roomIn(dir: string, file: string): Promise<{ file: string; flvPort: number }> {
  const text = readFileSync(file, 'utf8').replaceAll(/"((?:\.\.?\/)*(?:[\w-]+\/)+[\w-]+\.\w+)"/g, (_, ref: string) =>
    JSON.stringify(resolve(dirname(file), ref)),
  );
  const room = JSON.parse(text) as Record<string, any>;
  delete room['$schema'];
  const [port, rtmpPort, flvPort] = [await freePort(), await freePort(), await freePort()];
  const made = join(dir, 'room.json');
  const changed = {
    ...room,
    name: 'start',
    outputs: [],
    control: { port, rtmpPort, flvPort },
    compliance: { ...room['compliance'], ledger: join(dir, 'ledger.jsonl') },
  };
  writeFileSync(made, JSON.stringify(changed));
  return { file: made, flvPort };
}

/** Retries until a picture comes. */
function firstPicture(port: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    signal.addEventListener('abort', () => fail(new Error(`no picture in ${TIMEOUT_MS} ms`)));
    const ask = (): void => {
      if (signal.aborted) return;
      const again = (): void => void setTimeout(ask, 20);
      const request = get({ host: '127.0.0.1', port, path: '/live/start.flv' }, (response) => {
        let bytes = Buffer.alloc(0);
        let at = HEADER_BYTES;
        response.on('error', () => undefined).on('close', again);
        response.on('data', (data: Buffer) => {
          bytes = Buffer.concat([bytes, data]);
          while (bytes.length >= at + TAG_BYTES + 2) {
            // A video tag other than the decoder configuration.
            if (response.statusCode === 200 && bytes[at] === 9 && bytes[at + TAG_BYTES + 1] !== 0) {
              response.off('close', again).destroy();
              return done();
            }
            at += TAG_BYTES + bytes.readUIntBE(at + 1, 3) + 4;
          }
        });
      });
      request.on('error', again);
    };
    ask();
  });
}

/** CPU seconds of a process, its threads, its children, and those that have ended. */
function cpuSeconds(pid: number): number {
  try {
    const ticks = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ').slice(11, 15).map(Number);
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
    return ticks.reduce((a, b) => a + b, 0) / 100 + children.reduce((sum, child) => sum + cpuSeconds(child), 0);
  } catch {
    return 0; // it has just ended
  }
}

async function startAndKill(room: { file: string; flvPort: number }, dir: string): Promise<Start> {
  const foreign = new ForeignLoad();
  const beganMs = performance.now();
  const main = join(packageRoot(), 'dist', 'cli', 'main.js');
  const engine: ChildProcess = spawn(process.execPath, [main, 'start', '--room', room.file], {
    cwd: dir,
    // Caches of an earlier run for pictures, fonts and music do not count as a first start.
    env: { ...process.env, ENGINE_LOG: 'error', XDG_CACHE_HOME: join(dir, 'cache') },
    stdio: ['ignore', 'ignore', 'inherit'],
    // In its own session, like a service.
    detached: true,
  });
  endWithUs(engine);
  const ended = new Promise((done) => engine.once('exit', done));
  try {
    await firstPicture(room.flvPort, AbortSignal.timeout(TIMEOUT_MS));
    const pictureMs = Math.round(performance.now() - beganMs);
    const cpuS = Math.round(cpuSeconds(engine.pid!) * 100) / 100;
    const foreignCores = foreign.cores();
    await sleep(HOLD_MS);
    return { pictureMs, cpuS, foreignCores };
  } finally {
    engine.kill('SIGKILL');
    await ended;
  }
}

const values = scriptOptions(import.meta.url, {
  times: { type: 'string', default: '5' },
  room: { type: 'string', default: templatePath('rooms', 'demo-portrait', 'room.json') },
  json: { type: 'boolean' },
});
const dir = mkdtempSync(join(tmpdir(), 'showroom-start-'));
const starts: Start[] = [];
try {
  const room = await roomIn(dir, resolve(values.room));
  const first = await startAndKill(room, dir);
  for (let i = 0; i < Number(values.times); i += 1) starts.push(await startAndKill(room, dir));
  const medianMs = starts.map(({ pictureMs }) => pictureMs).toSorted((a, b) => a - b)[Math.floor(starts.length / 2)]!;
  const missed = medianMs > MAX_MS;
  if (values.json) console.log(JSON.stringify({ first, starts, medianMs, mostMs: MAX_MS, misses: missed ? 1 : 0 }));
  else {
    const line = ({ pictureMs, cpuS, foreignCores }: Start): string =>
      `${pictureMs} ms, ${cpuS} s of CPU, others ${foreignCores} cores`;
    console.log(`first start       ${line(first)}`);
    for (const start of starts) console.log(`after kill -9     ${line(start)}`);
    console.log(`median            ${medianMs} ms (at most ${MAX_MS}): ${missed ? 'MISSED' : 'reached'}`);
  }
  process.exitCode = missed ? 1 : 0;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
