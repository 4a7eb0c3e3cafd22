import { EngineError, toEngineError } from '../core/errors.js';
import { type FrameIndex, frameIndex } from '../core/time.js';
import type { TextHit } from '../core/verdict.js';
import { Agenda, type AgendaEntry, LINE_PRIORITIES } from './agenda/agenda.js';
import { LineNotes } from './line-notes.js';
import { LEAD_MS, type LineSlot } from './line-schedule.js';
import { FormerListings } from './listings.js';
import { LineCutter } from './placing/line-cutter.js';
import { LinePlacer, type PlacedLine } from './placing/line-placer.js';
import { plan, StaleLines } from './plan.js';
import { completesContact, isReady, prepareLine, type Unprepared, UnspokenLines } from './prepare-line.js';
import type { RundownLine } from './rundown.js';
import { LineTable, ScriptLines } from './script-lines.js';
import type { ScriptContent, ScriptPosition } from './script/live-script.js';
import type { Cut } from './shots/shot-director.js';
import type { ReadyLine, ShowParts } from './show-command.js';
import { ShowContext } from './show-captions.js';

interface Command {
  run(now: FrameIndex): void;
  drop(): void;
}

/**
 * Wakes the planning of a show, and runs commands between its steps.
 *
 * Problem: the planning awaits voices and drawings; a new line or a command must be noticed at once, and may not change
 * the schedule while a line is being placed.
 * Rule: one planning loop waits here; a change ends its wait, even a change before the wait began.
 */
class RunnerWake {
  private changes = 0;
  private seen = 0;
  private waiter: (() => void) | undefined;
  private readonly commands: Command[] = [];

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener(
      'abort',
      () => {
        for (const command of this.commands.splice(0)) command.drop();
        this.fire();
      },
      { once: true },
    );
  }

  /** Something changed. */
  fire(): void {
    this.changes += 1;
    const { waiter } = this;
    this.waiter = undefined;
    waiter?.();
  }

  /** The planning has seen everything up to now. */
  look(): void {
    this.seen = this.changes;
  }

  /** Waits for a change since the last look, at most for a time. */
  wait(ms: number): Promise<void> {
    if (this.changes !== this.seen) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.waiter = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Waits for a promise or a change; true when the promise has settled. */
  async orSettled(promise: Promise<unknown>): Promise<boolean> {
    let settled = false;
    const change = new Promise<void>((resolve) => {
      if (this.changes === this.seen) this.waiter = resolve;
      else resolve();
    });
    await Promise.race([promise.catch(() => undefined).then(() => (settled = true)), change]);
    this.waiter = undefined;
    return settled;
  }

  /** Runs a command between two steps of the planning. Rejects with E_CLOSED when the show has ended. */
  command<T>(run: (now: FrameIndex) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const drop = (): void => reject(new EngineError('E_CLOSED', { where: 'show', found: 'a room that has stopped' }));
      if (this.signal.aborted) return drop();
      this.commands.push({
        run: (now) => {
          try {
            resolve(run(now));
          } catch (error) {
            reject(error as Error);
          }
        },
        drop,
      });
      this.fire();
    });
  }

  runCommands(now: FrameIndex): void {
    for (const command of this.commands.splice(0)) command.run(now);
  }
}

/** Lines that fail in a row before the runner pauses. */
const MAX_FAILURES_IN_A_ROW = 3;
const READY_LOOK_MS = 1000;
/** Script lines refused in a row after which the script rests, so that refusals alone keep no core busy. */
const MAX_REFUSED_IN_A_ROW = 10;
const REFUSED_REST_MS = 5000;

/**
 * Turns script and agenda into commands for the loop: each line is judged as written and as spoken, spoken, scheduled,
 * and sent with its mouth track, caption and gesture.
 *
 * `LineTable` knows the state of every line, `plan` decides the next step, and what is here takes it. Commands of the
 * operator run between two steps.
 */
export class ShowRunner {
  readonly unspoken: UnspokenLines;
  readonly agenda: Agenda;
  private readonly placer: LinePlacer;
  private readonly cutter: LineCutter;
  private readonly script: ScriptLines;
  private readonly wake: RunnerWake;
  private readonly table: LineTable;
  private readonly stale: StaleLines;
  /** The last interrupting line: another one follows it, and does not cut it. */
  private interrupting: RundownLine | undefined;
  /** A script that does not loop has ended. */
  private over = false;
  private refusedInARow = 0;
  private restUntilMs = 0;

  constructor(
    parts: ShowParts,
    private readonly signal: AbortSignal,
  ) {
    const stopFor = (hits: readonly TextHit[]): void => {
      const hit = hits.find((h) => h.action === 'stop');
      if (hit !== undefined) parts.onStop?.(hit.rule);
    };
    const notes = new LineNotes(parts);
    this.unspoken = new UnspokenLines(parts);
    this.agenda = parts.agenda ?? new Agenda(() => performance.now());
    this.wake = new RunnerWake(signal);
    this.agenda.onChange(() => this.wake.fire());
    const placing = { parts, notes, context: new ShowContext(parts, notes, stopFor), stopFor };
    this.placer = new LinePlacer(placing);
    this.cutter = new LineCutter(this.placer, placing);
    const preparer = { ...parts, notes, unspoken: this.unspoken, stopFor, signal };
    const listings = new FormerListings(() => parts.room.products);
    this.stale = new StaleLines({ parts, listings, unspoken: this.unspoken, placer: this.placer });
    const prepare = (line: RundownLine): Promise<ReadyLine | Unprepared> =>
      prepareLine({ ...preparer, listings }, line);
    this.script = new ScriptLines(parts.rundown, prepare);
    const { agenda, script, placer } = this;
    this.table = new LineTable({
      agenda,
      script,
      placer,
      prepare,
      onReady: () => this.wake.fire(),
      maxInARow: () => parts.room.replies.maxInARow,
    });
  }

  /** The line on air at frame n, if any. */
  lineAt(n: FrameIndex): PlacedLine | undefined {
    return this.placer.at(n);
  }

  /** Lines on air or scheduled at frame n, in order; then those that were taken back or cut and come next. */
  linesFrom(n: FrameIndex): { readonly placed: readonly PlacedLine[]; readonly waiting: readonly RundownLine[] } {
    return { placed: this.placer.from(n), waiting: this.table.rests.map(({ line }) => line) };
  }

  /** The script's line on air at frame n, or else the next one, as far as it is known. */
  scriptLineAt(n: FrameIndex): RundownLine | undefined {
    const placed = this.placer.from(n).find(({ line, cutFrame }) => line.kind === 'script' && cutFrame === undefined);
    return placed?.line ?? this.table.rests.find(({ line }) => line.kind === 'script')?.line ?? this.script.known?.line;
  }

  /** The ids of the script's next line that is not on air yet. */
  get nextIds(): { readonly segment: string; readonly line: string } | undefined {
    return this.script.nextIds;
  }

  /** The product on screen at frame n. */
  productAt(n: FrameIndex): string | null {
    return this.placer.productAt(n);
  }

  /** The shot that frame n is seen in, and the reason of the cut to it. */
  shotAt(n: FrameIndex): Cut {
    return this.placer.shots.at(n);
  }

  /** The operator holds the script; lines of the agenda are spoken. */
  get paused(): boolean {
    return this.table.held;
  }

  /** How many frames the missing line has been due at frame n. */
  owedFrames(n: FrameIndex): number {
    return this.over || this.table.held ? 0 : Math.max(0, n - this.placer.schedule.nextFrame);
  }

  /** Starts to judge and speak the first line before it can be scheduled. */
  prime(): void {
    this.script.prime();
  }

  /** Waits until something changed since the last planning, at most for a time. */
  idle(ms: number): Promise<void> {
    return this.wake.wait(ms);
  }

  /** Waits until the most urgent line of the agenda is ready or refused; at once without one. */
  async prepared(): Promise<void> {
    for (let head = this.agenda.peek(true); head !== undefined; head = this.agenda.peek(true)) {
      this.wake.look();
      if (this.signal.aborted || this.table.resultOf(head) !== undefined) return;
      await this.wake.wait(READY_LOOK_MS);
    }
  }

  /** Schedules lines until the next one would begin at or after frame `until`. `now` is the frame being drawn. */
  async planUntil(until: number, now: () => FrameIndex): Promise<void> {
    while (!this.signal.aborted) {
      this.wake.look();
      this.wake.runCommands(now());
      this.placer.tidy(now());
      const at = now();
      const lines = this.table.now(at, until, performance.now() < this.restUntilMs);
      const step = plan(lines, { reach: this.placer.reach(at), until });
      if (step.do === 'wait') return;
      if (step.do === 'end' || step.do === 'place-script') this.over = step.do === 'end' && !this.script.isHeldBack;
      if (step.do === 'end') return;
      if (step.do === 'place-script') await this.placeScript(now);
      else if (step.do === 'place-returned') {
        this.table.takeBack(at);
        await this.placeOrRecord(this.table.takeReturned(step.index), at, { early: true });
      } else await this.placeUrgent(lines.head!, at);
    }
  }

  /** Schedules the script's next line as soon as it is ready, unless something changes before. */
  private async placeScript(now: () => FrameIndex): Promise<void> {
    const first = this.script.first()!;
    if (!(await this.wake.orSettled(first.ready))) return;
    this.script.shift();
    const ready = await first.ready;
    if (!isReady(ready) && ready.isStale === true) return this.script.reword(first.line);
    this.script.prime();
    if (isReady(ready)) {
      this.refusedInARow = 0;
      const slot = await this.placeOrRecord(ready, now(), {});
      if (slot !== undefined) this.table.scriptPlaced(ready.line);
    } else if (ready.outcome === 'refused') this.countRefused();
    else if (ready.outcome === 'failed' && this.unspoken.run >= MAX_FAILURES_IN_A_ROW) throw this.unspoken.error!;
  }

  /** Schedules the agenda's most urgent line, or drops it where it may not be spoken. */
  private async placeUrgent(entry: AgendaEntry, now: FrameIndex): Promise<void> {
    const { id, request } = entry;
    const result = this.table.takeResult(entry)!;
    if (!isReady(result)) {
      this.agenda.settle(id, result);
      return;
    }
    let slot: LineSlot | undefined;
    try {
      if (request.interrupt === true) slot = this.cutIn(result, now);
      else {
        this.table.makeWay(request, now);
        slot = await this.placeOrRecord(result, now, { early: true });
      }
    } catch (error) {
      this.agenda.settle(id, { outcome: 'failed', reason: (error as EngineError).message });
      throw error;
    }
    if (slot !== undefined) {
      this.table.urgentPlaced(request);
      this.agenda.settle(id, { outcome: 'scheduled', startFrame: slot.startFrame, endFrame: slot.endFrame });
      return;
    }
    const error = completesContact(result.line);
    this.unspoken.record(result.line, error);
    this.agenda.settle(id, { outcome: 'refused', reason: error.message });
  }

  private cutIn(ready: ReadyLine, now: FrameIndex): LineSlot | undefined {
    const { interrupting } = this;
    const cuts = ({ id, kind }: RundownLine): boolean =>
      id !== interrupting?.id || LINE_PRIORITIES[ready.line.kind] < LINE_PRIORITIES[kind];
    const done = this.cutter.interrupt(ready, now, cuts);
    if (done === undefined) return undefined;
    this.table.giveBack(done.taken, done.rest);
    this.interrupting = ready.line;
    return done.slot;
  }

  /** Schedules a spoken line; on failure it is recorded as unspoken. */
  private async placeOrRecord(
    ready: ReadyLine,
    now: FrameIndex,
    options: { readonly early?: boolean },
  ): Promise<LineSlot | undefined> {
    try {
      return await this.placer.place(ready, now, options);
    } catch (cause) {
      const error = toEngineError(cause, `line ${ready.line.id}`);
      if (!this.signal.aborted) this.unspoken.record(ready.line, error);
      throw error;
    }
  }

  private countRefused(): void {
    this.refusedInARow += 1;
    if (this.refusedInARow < MAX_REFUSED_IN_A_ROW) return;
    this.refusedInARow = 0;
    this.restUntilMs = performance.now() + REFUSED_REST_MS;
  }

  /** Holds the script after the line on air. */
  pause(): Promise<void> {
    return this.wake.command((now) => {
      this.table.held = true;
      this.table.takeBack(now);
    });
  }

  resume(): Promise<void> {
    return this.wake.command((now) => {
      this.table.held = false;
      this.placer.schedule.notBefore(this.placer.later(now, LEAD_MS));
    });
  }

  /** Ends the line on air, at once or at the end of its sentence; resolves with it, or undefined when it goes on. */
  skip(atOnce: boolean): Promise<RundownLine | undefined> {
    return this.wake.command((now) => this.endLine(now, atOnce));
  }

  /** Goes to another line of the script after the one on air; with `atOnce` cuts that one if it is the script's. */
  jump(to: Omit<ScriptPosition, 'round'>, atOnce: boolean): Promise<void> {
    return this.wake.command((now) => {
      this.table.takeBack(now);
      this.table.dropScript();
      this.script.jump(to);
      this.placer.schedule.endPause();
      this.over = false;
      if (atOnce && this.lineAt(this.placer.reach(now))?.line.kind === 'script') this.endLine(now, true);
    });
  }

  /** Goes on with an edited script; lines on their way that it changes are remade. */
  edit(content: ScriptContent): Promise<void> {
    return this.wake.command((now) => {
      this.table.takeBack(now);
      this.table.dropEdited(content);
      this.script.edit(content);
      this.restUntilMs = 0;
      this.placer.schedule.gapMs = content.gapMs;
      this.over = false;
    });
  }

  /** Pins a product that the scene shows from a frame on; null lets the script decide again. */
  pin(id: string | null, atFrame: FrameIndex): void {
    this.placer.shown.pin(id, atFrame);
    this.refresh(id);
  }

  /**
   * Lines that have not begun are judged again, and those of the script spoken again, as listings, voice or the choice of
   * segments have changed. The line on air ends before words that have become false.
   */
  refresh(showing: string | null = null): void {
    const run = (now: FrameIndex): void => {
      this.table.takeBack(now, this.stale.givesWay(now));
      this.table.renew();
      this.restUntilMs = 0;
      this.table.judgeAgain((ready) => this.stale.judged(ready));
      const end = this.stale.endOnAir(now);
      if (end !== undefined) this.endLine(now, end === 'at-once');
      this.over = false;
      if (showing !== null) this.placer.schedule.showing(showing);
    };
    // A show that ends has no lines to come.
    this.wake.command(run).catch(() => undefined);
  }

  /** Lines that are not scheduled yet are spoken again: another person says them. */
  revoice(): void {
    const run = (): void => {
      this.table.renew();
    };
    this.wake.command(run).catch(() => undefined);
  }

  /**
   * Another person takes over behind the line on air; resolves with the frame. Lines from there on are spoken again, and none
   * begins before it, so that no line has two faces. `soon`: the first frame that a change can reach. `cuts`: the line on
   * air ends at once.
   */
  changePerson(soon: () => FrameIndex, cuts = false): Promise<FrameIndex> {
    return this.wake.command((now) => {
      this.table.takeBack(now);
      if (cuts) this.endLine(now, true);
      this.table.renew();
      const atFrame = frameIndex(Math.max(soon(), this.placer.schedule.nextFrame));
      this.placer.schedule.holdUntil(atFrame);
      this.table.personFrame = atFrame;
      return atFrame;
    });
  }

  /** Drops a line that has not begun; false for any other. Script lines are edited instead. */
  withdraw(id: string): Promise<boolean> {
    return this.wake.command((now) => this.agenda.cancel(id) || this.table.withdraw(id, now));
  }

  private endLine(now: FrameIndex, atOnce: boolean): RundownLine | undefined {
    const done = this.cutter.end(now, atOnce);
    if (done === undefined) return undefined;
    this.table.giveBack(done.taken);
    return done.line;
  }
}
