/**
 * Saves the state with which a room resumes after its engine was killed.
 *
 * Problem: kill -9, a crash or a power cut ends the engine between any two instructions. The next start must resume at
 * the line on air, with the last operator commands in force and none of the old processes left. The file must be tiny
 * and rarely written; a full disk must not stop the show; two engines must not share a room, since they would write
 * one ledger.
 * Rule: twice a second the present state is compared with the saved one and written when it differs. Operator commands
 * are written at once. With an unreadable file the room starts blanked, since the commands in force are unknown. An
 * orderly stop removes the line, unless the room always resumes at it.
 * Numbers: compared every 500 ms; about one write of 400 bytes a line.
 */
import { readFile, link, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { LineMark } from '../../show/line-mark.js';
import { markProcess, stillRuns, childPids, type ProcessMark } from '../../core/processes/process-mark.js';
import { makeFolder } from '../../core/files/paths.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { createHash } from 'node:crypto';

const count = z.int().min(0);
const processMark = z.strictObject({ pid: z.int().min(2), born: z.string().max(100) });

const resumeState = z.strictObject({
  version: z.literal(1),
  /** The engine that owns the room; null after an orderly stop. */
  engine: processMark.nullable(),
  children: z.array(processMark).max(100),
  /** The line on air, or the next one; null before the first. */
  line: z.strictObject({ round: count, segment: count, line: count, textHash: z.string().max(64) }).nullable(),
  /** Operator commands in force. */
  muted: z.boolean(),
  blanked: z.boolean(),
  /** The worker of a fleet that has the room, and its fencing token. */
  lease: z.strictObject({ worker: z.string().max(200), fence: count }).optional(),
});
export type ResumeState = z.infer<typeof resumeState>;

/** The state in a file; `undefined` without a file, `damaged` when it cannot be parsed. */
export async function readResume(file: string): Promise<ResumeState | undefined | 'damaged'> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'damaged';
  }
  try {
    return resumeState.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}

/** Atomic: a crash or power cut leaves the old state or the new one. */
export async function writeResume(file: string, state: ResumeState): Promise<void> {
  await makeFolder(dirname(file), OWNER_ONLY_FOLDER);
  await replaceFile(file, `${JSON.stringify(state)}\n`);
}

export interface ResumeKeeperOptions {
  readonly ledgerFile: string;
  readonly log: Log;
  /** `always`: an orderly stop keeps the line too. `never`: only commands and processes are kept. */
  readonly mode: 'after-crash' | 'always' | 'never';
  /** Discard line and commands; the operator asked for it. */
  readonly fresh?: boolean;
}

const LOOK_MS = 500;

const GONE_WITHIN_MS = 2000;
const RESUME_PROCESSES_LOOK_MS = 20;

/** Running children that this process's main thread has started. */
export const markChildren = (): ProcessMark[] => childPids().flatMap((pid) => markProcess(pid) ?? []);

/** Ends the processes that a dead engine left, stopped ones too; resolves with their number. */
export async function endStale(marks: readonly ProcessMark[]): Promise<number> {
  const stale = marks.filter(stillRuns);
  for (const { pid } of stale) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  const end = performance.now() + GONE_WITHIN_MS;
  while (stale.some(stillRuns) && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, RESUME_PROCESSES_LOOK_MS));
  }
  return stale.length;
}

/** Other engines hold the lock of a dead engine for a moment only. */
const MAX_ATTEMPTS = 100;
const PAUSE_MS = 20;

/**
 * One engine per room: a file beside the ledger names the process that owns the room.
 *
 * Problem: two engines that start at once must not both get the room, and the file of a killed engine must not keep
 * the next one out. Creating the file is atomic (a link, which fails where one exists). Replacing a dead engine's file
 * is not, so the successor first locks exactly that file, named by its content, and reads it again under the lock. A
 * disk that refuses new files does not keep an engine from starting.
 */
export class RoomLock implements Closeable {
  private constructor(
    private readonly file: string,
    private readonly text: string,
  ) {}

  /** The lock, or the process that owns it; undefined where no lock can be kept. */
  static async take(file: string, log: Log): Promise<RoomLock | ProcessMark | undefined> {
    const own = markProcess(process.pid);
    if (own === undefined) return undefined;
    const lock = new RoomLock(file, `${JSON.stringify(own)}\n`);
    try {
      await makeFolder(dirname(file), OWNER_ONLY_FOLDER);
      const owner = await lock.acquire(file);
      return owner ?? lock;
    } catch (error) {
      log.error({ file, error: String(error) }, 'the room could not be locked against a second engine');
      return undefined;
    }
  }

  async close(): Promise<void> {
    if ((await readIfThere(this.file)) === this.text) await rm(this.file, { force: true });
  }

  /** Undefined when the lock is ours, else its owner. */
  private async acquire(path: string): Promise<ProcessMark | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      if (await this.make(path)) return undefined;
      const there = await readIfThere(path);
      if (there === this.text) return undefined;
      if (there === undefined) continue; // released in between
      const owner = ownerOf(there);
      if (owner !== undefined && stillRuns(owner)) return owner;
      const heir = `${path}.${createHash('sha256').update(there).digest('hex').slice(0, 12)}`;
      if ((await this.acquire(heir)) === undefined) {
        try {
          if ((await readIfThere(path)) === there) {
            await this.replace(path);
            return undefined;
          }
        } finally {
          await rm(heir, { force: true });
        }
      }
      if (attempt >= MAX_ATTEMPTS) throw new Error(`${heir} was not released`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** False when the file exists. */
  private async make(path: string): Promise<boolean> {
    const draft = await this.draft(path);
    try {
      await link(draft, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await unlink(draft);
    }
  }

  private async replace(path: string): Promise<void> {
    await rename(await this.draft(path), path);
  }

  private async draft(path: string): Promise<string> {
    const draft = `${path}.${process.pid}.tmp`;
    await writeFile(draft, this.text, { mode: 0o600 });
    return draft;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function ownerOf(text: string): ProcessMark | undefined {
  try {
    const { pid, born } = JSON.parse(text) as Partial<ProcessMark>;
    return typeof pid === 'number' && typeof born === 'string' ? { pid, born } : undefined;
  } catch {
    return undefined;
  }
}

export class ResumeKeeper implements Closeable {
  /** Number of stale processes that were ended. */
  ended = 0;
  private state: ResumeState;
  private lock: RoomLock | undefined;
  private written = '';
  private writing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failing = false;
  private crashed = false;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly file: string,
    private readonly options: ResumeKeeperOptions,
    before: ResumeState | undefined,
    /** True when the previous run did not end in order. */
    readonly afterCrash: boolean,
    readonly damaged: boolean,
  ) {
    const { mode, fresh = false } = options;
    this.state = {
      version: 1,
      engine: markProcess(process.pid) ?? null,
      children: [],
      line: fresh || mode === 'never' ? null : (before?.line ?? null),
      muted: !fresh && (before?.muted ?? false),
      blanked: !fresh && (damaged || (before?.blanked ?? false)),
    };
  }

  /** Throws E_ROOM_RUNNING while another engine owns the room. Ends the processes that a dead engine left. */
  static async open(options: ResumeKeeperOptions): Promise<ResumeKeeper> {
    const { ledgerFile, log } = options;
    const stem = ledgerFile.replace(/\.jsonl$/, '');
    const file = `${stem}.resume.json`;
    const lock = await RoomLock.take(`${stem}.lock`, log);
    if (lock !== undefined && 'pid' in lock) throw taken(file, lock.pid);
    try {
      return await ResumeKeeper.resume(file, options, lock);
    } catch (error) {
      await lock?.close();
      throw error;
    }
  }

  private static async resume(
    file: string,
    options: ResumeKeeperOptions,
    lock: RoomLock | undefined,
  ): Promise<ResumeKeeper> {
    const { log } = options;
    const read = await readResume(file);
    const before = read === 'damaged' ? undefined : read;
    const engine = before?.engine ?? null;
    if (engine !== null && engine.pid !== process.pid && stillRuns(engine)) {
      throw taken(file, engine.pid);
    }
    const keeper = new ResumeKeeper(file, options, before, engine !== null, read === 'damaged');
    keeper.lock = lock;
    if (engine !== null && engine.pid !== process.pid) keeper.ended = await endStale(before!.children);
    if (read === 'damaged') log.error({ file }, 'the state of the last run is damaged: the room starts blanked');
    await keeper.write();
    return keeper;
  }

  get line(): LineMark | null {
    return this.state.line;
  }
  get muted(): boolean {
    return this.state.muted;
  }
  get blanked(): boolean {
    return this.state.blanked;
  }

  /** Follows the show; `line` returns the line on air or the next one. */
  follow(line: () => LineMark | undefined): void {
    this.timer ??= setInterval(() => {
      if (this.options.mode !== 'never') this.state.line = line() ?? this.state.line;
      this.state.children = markChildren();
      void this.write();
    }, LOOK_MS).unref();
  }

  /** Saves the operator commands at once. */
  saveCommands(muted: boolean, blanked: boolean): void {
    this.state.muted = muted;
    this.state.blanked = blanked;
    void this.write();
  }

  saveLease(lease: NonNullable<ResumeState['lease']>): void {
    this.state.lease = lease;
    void this.write();
  }

  /** The room ends by a fault: the saved state stays. */
  markCrashed(): void {
    this.crashed = true;
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      clearInterval(this.timer);
      this.state.engine = null;
      this.state.children = [];
      if (!this.crashed && this.options.mode !== 'always') this.state.line = null;
      await this.write();
      await this.lock?.close();
    })();
    return this.closing;
  }

  /** Writes until the file holds the present state; one write at a time. */
  private write(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    for (let text = JSON.stringify(this.state); text !== this.written; text = JSON.stringify(this.state)) {
      try {
        await writeResume(this.file, JSON.parse(text) as ResumeState);
      } catch (error) {
        // The next comparison tries again; the show goes on.
        if (!this.failing) this.options.log.error({ file: this.file, error: String(error) }, 'state not written');
        this.failing = true;
        return;
      }
      this.failing = false;
      this.written = text;
    }
  }
}

function taken(where: string, pid: number): EngineError {
  return new EngineError('E_ROOM_RUNNING', {
    where,
    expected: 'a room that no other engine has on air',
    found: `process ${pid}`,
    todo: 'stop that engine first, or give this room a `compliance.ledger` of its own',
  });
}
