/**
 * Runs rooms as `engine start` processes of this machine.
 *
 * Problem: a server that is killed, updated or out of memory must not take the shows with it, and an engine that dies
 * must be on air again before its viewers have left.
 * Rule: engines lead their own sessions and hold no pipe of the server. Each has a run file with its process, port and
 * sealed token, written before it starts; a new server reads the files and goes on watching those that still run. An
 * engine that ends unasked starts again at its line, by its own resume state.
 * Numbers: a look every 500 ms; pauses of 0.5, 1, 2, 4 … 30 s between starts, from the beginning again after 60 s on air.
 */
import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, truncate, copyFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { replaceFile } from '../../core/files/replace-file.js';
import type { RoomEndpoint, RoomHost, RoomHostEvents, RoomPlan, RunState, RunStatus } from '../../core/room-host.js';
import type { Log } from '../../core/log.js';
import { OWNER_ONLY_FILE, OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { spawnApart } from '../../core/processes/child-process.js';
import { markProcess, stillRuns, type ProcessMark } from '../../core/processes/process-mark.js';
import { sleep } from '../../core/sleep.js';
import { engineCommand, engineVariables } from './engine-command.js';

/** Seals the token in the run file. */
export interface TokenSeal {
  seal(text: string, place: string): Buffer;
  open(sealed: Uint8Array, place: string): string;
}

export interface LocalRoomHostOptions {
  /** Folder of the run files and logs. */
  readonly folder: string;
  readonly seal: TokenSeal;
  readonly newToken: () => string;
  readonly log: Log;
  readonly events: RoomHostEvents;
  /** Keys of a room's services, read at each start. */
  readonly secrets?: (id: string) => Readonly<Record<string, string>>;
  /** For tests: the program and its arguments before `start`. */
  readonly command?: readonly string[];
  /** How long a start is waited for. */
  readonly startMs?: number;
}

interface RunFile {
  readonly id: string;
  readonly folder: string;
  readonly port: number;
  /** Sealed, in Base64. */
  readonly token: string;
  readonly process: ProcessMark | null;
}

interface Run {
  readonly plan: RoomPlan;
  readonly stop: AbortController;
  status: RunStatus;
  endpoint: RoomEndpoint | undefined;
  mark: ProcessMark | undefined;
  /** Ends when the run has been stopped or given up. */
  ended: Promise<void>;
}

const LOOK_MS = 500;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** An engine that was up this long has recovered. */
const STEADY_MS = 60_000;
/** A start on two busy cores with a large cast. */
const START_MS = 120_000;
/** The engine ends a show in order within 10 s. */
const END_MS = 20_000;
const DRAIN_MS = 30_000;
const MAX_LOG_BYTES = 16 * 1024 * 1024;
const LOOPBACK = '127.0.0.1';
const OFF: RunStatus = { state: 'off', sinceMs: 0, restarts: 0, pid: null, error: '' };

export class LocalRoomHost implements RoomHost {
  private readonly runs = new Map<string, Run>();
  private isClosed = false;

  constructor(private readonly options: LocalRoomHostOptions) {}

  async start(plan: RoomPlan): Promise<void> {
    const present = this.runs.get(plan.id);
    if (present !== undefined && present.status.state !== 'failed') return this.ready(plan.id);
    if (present !== undefined) await this.stop(plan.id);
    this.begin(plan, undefined);
    await this.ready(plan.id);
  }

  async stop(id: string): Promise<void> {
    const run = this.runs.get(id);
    if (run === undefined) return;
    this.change(run, 'stopping');
    run.stop.abort();
    await run.ended;
    this.runs.delete(id);
    await rm(this.runFile(id), { force: true });
    this.options.events.onChange(id, this.status(id));
  }

  async drain(id: string): Promise<void> {
    const endpoint = this.endpoint(id);
    if (endpoint !== undefined) {
      // A drain that fails is still a stop.
      await this.finishLine(endpoint).catch((error: unknown) =>
        this.options.log.warn({ room: id, error: String(error) }, 'the line on air is not waited for'),
      );
    }
    await this.stop(id);
  }

  status(id: string): RunStatus {
    return this.runs.get(id)?.status ?? OFF;
  }

  endpoint(id: string): RoomEndpoint | undefined {
    const run = this.runs.get(id);
    return run?.status.state === 'running' ? run.endpoint : undefined;
  }

  async logs(id: string, lines: number): Promise<string[]> {
    const file = this.logFile(id);
    try {
      const handle = await open(file, constants.O_RDONLY);
      try {
        const { size } = await handle.stat();
        const length = Math.min(size, 512 * 1024);
        const bytes = Buffer.alloc(length);
        await handle.read(bytes, 0, length, size - length);
        return bytes
          .toString('utf8')
          .split('\n')
          .slice(-lines - 1)
          .filter(Boolean);
      } finally {
        await handle.close();
      }
    } catch {
      return [];
    }
  }

  async adopt(): Promise<string[]> {
    const { folder, log } = this.options;
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    const adopted: string[] = [];
    for (const name of await readdir(folder)) {
      if (!name.endsWith('.run.json')) continue;
      const file = join(folder, name);
      try {
        const run = JSON.parse(await readFile(file, 'utf8')) as RunFile;
        const token = this.options.seal.open(Buffer.from(run.token, 'base64'), `run ${run.id}`);
        const endpoint = { url: `http://${LOOPBACK}:${run.port}`, token };
        const mark = run.process !== null && stillRuns(run.process) ? run.process : undefined;
        if (mark === undefined) {
          await rm(file, { force: true });
          continue;
        }
        log.info({ room: run.id, pid: mark.pid }, 'a room that went on without the studio is watched again');
        this.begin({ id: run.id, folder: run.folder }, { endpoint, mark });
        adopted.push(run.id);
      } catch (error) {
        log.warn(
          { file: name, error: String(error) },
          'a run file cannot be read; its room is started again when asked for',
        );
      }
    }
    return adopted;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.runs.values()].map((run) => run.ended));
  }

  private begin(plan: RoomPlan, adopted: { endpoint: RoomEndpoint; mark: ProcessMark } | undefined): void {
    const run: Run = {
      plan,
      stop: new AbortController(),
      status: { ...OFF, state: 'starting', sinceMs: Date.now() },
      endpoint: adopted?.endpoint,
      mark: adopted?.mark,
      ended: Promise.resolve(),
    };
    this.runs.set(plan.id, run);
    run.ended = this.watch(run).catch((error: unknown) => {
      this.options.log.error({ room: plan.id, error: String(error) }, 'the watch of a room ended');
      this.change(run, 'failed', { error: String(error) });
    });
  }

  /**
   * Waits until the engine answers, or fails for good. One that is still starting after START_MS without a fault has a busy
   * machine: it is not waited for any longer, and its state says so.
   */
  private async ready(id: string): Promise<void> {
    const limitMs = Date.now() + (this.options.startMs ?? START_MS);
    for (;;) {
      const { state, error } = this.status(id);
      if (state === 'running') return;
      const isLate = Date.now() > limitMs;
      if (isLate && state === 'starting' && error === '') return;
      if (state === 'off' || state === 'failed' || isLate)
        throw new EngineError('E_ROOM_OFF', {
          where: `room ${id}`,
          expected: 'an engine that answers',
          found: error === '' ? 'none' : error,
          todo: 'the room’s log has the cause',
        });
      await sleep(50, new AbortController().signal);
    }
  }

  private async watch(run: Run): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    let fresh = run.plan.fresh === true;
    while (!run.stop.signal.aborted && !this.isClosed) {
      const startedMs = Date.now();
      if (run.mark === undefined) {
        this.change(run, 'starting', { pid: null });
        await this.launch(run, fresh);
        fresh = false;
      }
      await this.follow(run);
      if (run.stop.signal.aborted || this.isClosed) break;
      run.mark = undefined;
      const error = await this.lastFault(run.plan.id);
      const upMs = Date.now() - startedMs;
      if (run.status.state === 'starting' && isRefusal(error)) {
        // The same file fails the same way: a person has to change it.
        this.change(run, 'failed', { error, pid: null });
        return;
      }
      if (upMs > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      this.options.log.warn(
        { room: run.plan.id, error, againMs: pauseMs },
        'an engine ended unasked; it is started again',
      );
      this.change(run, 'starting', { error, pid: null, restarts: run.status.restarts + 1 });
      await sleep(pauseMs, run.stop.signal);
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    }
    if (run.stop.signal.aborted && run.mark !== undefined) await this.end(run.mark);
  }

  private async launch(run: Run, fresh: boolean): Promise<void> {
    const { folder, seal, newToken } = this.options;
    const { id } = run.plan;
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    const port = await freePort();
    const token = newToken();
    const file: RunFile = {
      id,
      folder: run.plan.folder,
      port,
      token: seal.seal(token, `run ${id}`).toString('base64'),
      process: null,
    };
    await replaceFile(this.runFile(id), JSON.stringify(file));
    await turnLog(this.logFile(id));
    const log = await open(this.logFile(id), 'a', OWNER_ONLY_FILE);
    try {
      const [program, ...args] = this.options.command ?? engineCommand();
      const child = spawnApart(
        program!,
        [
          ...args,
          'start',
          '--preview',
          '--room',
          join(run.plan.folder, 'room.json'),
          '--port',
          String(port),
          ...(fresh ? ['--fresh'] : []),
        ],
        {
          cwd: run.plan.folder,
          stdio: ['ignore', log.fd, log.fd],
          env: { ...this.options.secrets?.(id), ...engineVariables(), ENGINE_TOKEN: token },
        },
      );
      child.on('error', (error) =>
        this.options.log.error({ room: id, error: String(error) }, 'an engine cannot start'),
      );
      child.unref();
      const mark = child.pid === undefined ? undefined : markProcess(child.pid);
      run.mark = mark;
      run.endpoint = { url: `http://${LOOPBACK}:${port}`, token };
      await replaceFile(this.runFile(id), JSON.stringify({ ...file, process: mark ?? null }));
      this.change(run, 'starting', { pid: mark?.pid ?? null });
    } finally {
      await log.close();
    }
  }

  /** Until the engine ends, or somebody wants it to. */
  private async follow(run: Run): Promise<void> {
    let isReady = false;
    let looks = 0;
    while (!run.stop.signal.aborted && !this.isClosed) {
      if (run.mark === undefined || !stillRuns(run.mark)) return;
      if (!isReady && run.endpoint !== undefined && (await answers(run.endpoint, run.stop.signal))) {
        isReady = true;
        this.change(run, 'running', { pid: run.mark.pid, error: '' });
        this.options.events.onReady(run.plan.id);
      }
      looks += 1;
      if (looks % 120 === 0) await cutLog(this.logFile(run.plan.id));
      await sleep(isReady ? LOOK_MS : 100, run.stop.signal);
    }
  }

  private async end(mark: ProcessMark): Promise<void> {
    signal(mark, 'SIGTERM');
    const limitMs = Date.now() + END_MS;
    while (stillRuns(mark)) {
      if (Date.now() > limitMs) signal(mark, 'SIGKILL');
      await sleep(50, new AbortController().signal);
    }
  }

  private async finishLine({ url, token }: RoomEndpoint): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${url}/api/script/pause`, { method: 'POST', headers, signal: AbortSignal.timeout(5000) });
    const limitMs = Date.now() + DRAIN_MS;
    while (Date.now() < limitMs) {
      const reply = await fetch(`${url}/api/room`, { headers, signal: AbortSignal.timeout(5000) });
      const { speaking } = (await reply.json()) as { speaking: unknown };
      if (speaking === null) return;
      await sleep(250, new AbortController().signal);
    }
  }

  /** The last thing that the engine said before it ended. */
  private async lastFault(id: string): Promise<string> {
    const lines = await this.logs(id, 20);
    return lines.findLast((line) => /E_[A-Z_]+|engine:/.test(line))?.slice(0, 600) ?? lines.at(-1)?.slice(0, 600) ?? '';
  }

  private change(run: Run, state: RunState, more: Partial<RunStatus> = {}): void {
    const sinceMs = run.status.state === state ? run.status.sinceMs : Date.now();
    run.status = { ...run.status, ...more, state, sinceMs };
    this.options.events.onChange(run.plan.id, run.status);
  }

  private readonly runFile = (id: string): string => join(this.options.folder, `${id}.run.json`);
  private readonly logFile = (id: string): string => join(this.options.folder, `${id}.log`);
}

/** Faults of the room file, which a new start cannot mend. */
const isRefusal = (error: string): boolean =>
  /E_(ROOM_JSON|ROOM_INVALID|ROOM_REFUSED|ENV_MISSING|ASSET_\w+|SVG_UNSAFE|LAYER_INVALID|TEXT_REFUSED|VOICE_UNKNOWN|FFMPEG_MISSING|PRESENTER_INVALID|MODEL_MISSING)\b/.test(
    error,
  );

/** A request on loopback that takes longer is no answer. */
const ANSWER_MS = 2000;

/** False at once when the signal aborts, so that a stop does not wait for an engine that is silent. */
async function answers({ url, token }: RoomEndpoint, signal: AbortSignal): Promise<boolean> {
  const limit = new AbortController();
  const asked = fetch(`${url}/healthz`, { headers: { authorization: `Bearer ${token}` }, signal: limit.signal })
    // Only our own engine knows the token and shows the causes of its slate.
    .then(async (reply) => 'slate' in ((await reply.json()) as object))
    .catch(() => false);
  const late = new AbortController();
  try {
    return await Promise.race([asked, sleep(ANSWER_MS, AbortSignal.any([signal, late.signal])).then(() => false)]);
  } finally {
    limit.abort();
    late.abort();
  }
}

function signal(mark: ProcessMark, name: NodeJS.Signals): void {
  try {
    process.kill(mark.pid, name);
  } catch {
    // It has ended.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port: 0 }, resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A log of an earlier run is kept beside the new one when it is large. */
async function turnLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_LOG_BYTES) await rename(file, `${file}.1`);
}

/** The engine holds the file open and appends: it is copied and emptied. */
async function cutLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= MAX_LOG_BYTES) return;
  await copyFile(file, `${file}.1`);
  await truncate(file, 0);
}
