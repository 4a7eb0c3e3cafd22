import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { endWithUs } from './end-with-us.js';

export interface OnAirEngine {
  readonly pid: number;
  readonly rtmp: string;
  readonly flv: string;
  readonly watch: string;
  /** The last part of its standard error. */
  log(): string;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  /** Interrupts it; it is killed when it has not ended within `limitMs`. */
  stop(limitMs?: number): Promise<number | null>;
}

/** The admission scan takes many seconds for each fully textured picture. */
const START_TIMEOUT_MS = 120_000;
const TOKEN = 'bench-bench-bench';

/**
 * Starts `engine start` with a room as its own process, with free ports and the ledger in `dir`; resolves once it
 * reports that it is on air.
 *
 * @param handles its limit of open files; the system's own by default
 */
export async function onAirEngine(
  engine: string,
  roomFile: string,
  dir: string,
  handles?: number,
): Promise<OnAirEngine> {
  const room = JSON.parse(readFileSync(roomFile, 'utf8')) as Record<string, unknown>;
  // Beside the original, so relative references stay valid.
  const copy = join(dirname(roomFile), `.bench-${process.pid}.json`);
  room['control'] = { ...(room['control'] as object), port: 0, rtmpPort: 0, flvPort: 0 };
  room['compliance'] = { ...(room['compliance'] as object), ledger: join(dir, 'ledger.jsonl') };
  writeFileSync(copy, JSON.stringify(room));
  const command = [process.execPath, engine, 'start', '--room', copy];
  const limited =
    handles === undefined ? command : ['/bin/sh', '-c', `ulimit -n ${handles}; exec "$@"`, 'sh', ...command];
  const child = spawn(limited[0]!, limited.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ENGINE_TOKEN: TOKEN },
  });
  endWithUs(child);
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors = (errors + data.toString()).slice(-100_000)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const first = await new Promise<{ watch: string; rtmp: string; flv: string }>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the engine was not on air in time: ${errors.slice(-4000)}`));
    }, START_TIMEOUT_MS);
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString();
      const line = text.split('\n').find((l) => l.includes('"on-air"'));
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(JSON.parse(line) as { watch: string; rtmp: string; flv: string });
      text = '';
    });
    void ended.then((code) => reject(new Error(`the engine ended with ${code}: ${errors.slice(-4000)}`)));
  }).finally(() => rmSync(copy, { force: true }));
  return {
    pid: child.pid!,
    rtmp: first.rtmp,
    flv: first.flv,
    watch: first.watch,
    log: () => errors,
    get: (path) => request(first.watch, path),
    post: (path, body) => request(first.watch, path, body),
    stop(limitMs = 5000) {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      return ended.finally(() => clearTimeout(timer));
    },
  };
}

async function request(base: string, path: string, body?: unknown): Promise<unknown> {
  const reply = await fetch(new URL(path, base), {
    headers: {
      authorization: `Bearer ${TOKEN}`,
      connection: 'close',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
  return reply.json();
}
