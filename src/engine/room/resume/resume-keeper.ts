/**
 * Remembers what a room needs to go on after its engine was killed.
 *
 * Problem: kill -9, a crash or a power cut ends the engine between any two instructions. Demands: the next
 * start goes on at the line that was heard, under the operator's last orders, with none of the old processes
 * left; the file is tiny and written seldom; a disk that is full must not stop the show; two engines must not
 * have one room (they would write into one ledger).
 * Rule: twice a second the present state is compared with the one on disk, and written when it differs. The
 * operator's orders are written at once. A file that cannot be read starts the room blanked, as nobody knows what
 * had been ordered. A stop in order takes the line away, unless the room asks to go on at it always.
 * Numbers: looks each 500 ms; about one write of 400 bytes a line.
 */
import type { Closeable } from '../../../core/closeable.js';
import { EngineError } from '../../../core/errors.js';
import type { Log } from '../../../core/log.js';
import type { LineMark } from '../../../director/line-mark.js';
import { readResume, writeResume, type ResumeState } from './resume-file.js';
import { RoomLock } from './room-lock.js';
import { endStale, markChildren, markProcess, stillRuns } from './resume-processes.js';

export interface ResumeKeeperOptions {
  readonly ledgerFile: string;
  readonly log: Log;
  /** `always`: a stop in order keeps the line too. `never`: only orders and processes are remembered. */
  readonly mode: 'after-crash' | 'always' | 'never';
  /** Forget line and orders; a person asked for it. */
  readonly fresh?: boolean;
}

const LOOK_MS = 500;

export class ResumeKeeper implements Closeable {
  /** Stale processes that were ended. */
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
    /** True when the room was not stopped in order. */
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

  /** Throws E_ROOM_RUNNING while another engine has the room. Ends what a dead one left behind. */
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

  /** Follows the show; `line` gives the line that is heard or comes next. */
  follow(line: () => LineMark | undefined): void {
    this.timer ??= setInterval(() => {
      if (this.options.mode !== 'never') this.state.line = line() ?? this.state.line;
      this.state.children = markChildren();
      void this.write();
    }, LOOK_MS).unref();
  }

  /** The operator's orders, at once. */
  order(muted: boolean, blanked: boolean): void {
    this.state.muted = muted;
    this.state.blanked = blanked;
    void this.write();
  }

  /** The room ends by a fault: what is remembered stays. */
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

  /** Writes until the file holds the state; one write at a time. */
  private write(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    for (let text = JSON.stringify(this.state); text !== this.written; text = JSON.stringify(this.state)) {
      try {
        await writeResume(this.file, JSON.parse(text) as ResumeState);
      } catch (error) {
        // The next look tries again; the show goes on.
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
    todo: 'stop that one first, or give this room a `compliance.ledger` of its own',
  });
}
