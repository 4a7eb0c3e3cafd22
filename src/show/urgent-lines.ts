import { toEngineError, type EngineError } from '../core/errors.js';
import type { FrameIndex } from '../core/time.js';
import type { Agenda, AgendaEntry } from './agenda/agenda.js';
import { isOfViewers, LINE_PRIORITIES, type LineRequest } from './agenda/agenda-line.js';
import type { LineSlot } from './line-schedule.js';
import type { RundownLine } from './rundown-line.js';
import type { LineCutter } from './placing/line-cutter.js';
import type { LinePlacer } from './placing/line-placer.js';
import type { PreparedEntries } from './prepared-entries.js';
import { completesContact, isReady, type Unprepared } from './prepare-line.js';
import { isScript, type ReturnedLines } from './returned-lines.js';
import type { ScriptLines } from './script-lines.js';
import type { ReadyLine } from './show-parts.js';
import type { UnspokenLines } from './unspoken-lines.js';

export interface UrgentLinesParts {
  readonly agenda: Agenda;
  readonly entries: PreparedEntries;
  readonly returned: ReturnedLines;
  readonly script: ScriptLines;
  readonly placer: LinePlacer;
  readonly cutter: LineCutter;
  readonly unspoken: UnspokenLines;
  readonly signal: AbortSignal;
  /** Lines for viewers in a row before the script has its turn. */
  readonly maxInARow: () => number;
}

/** Schedules the lines that come before the script's: interrupting ones, rests of cut ones, and the agenda's. */
export class UrgentLines {
  /** The operator holds the script. */
  held = false;
  /** When another person takes over, or took over. */
  personFrame = 0;
  /** The last interrupting line: another one follows it, and does not cut it. */
  private interrupting: RundownLine | undefined;
  /** Lines for viewers since the script was heard. */
  private inARow = 0;
  private heard: RundownLine | undefined;

  constructor(private readonly parts: UrgentLinesParts) {}

  /** Schedules an interrupting line, the rest of a cut one, or a line of the agenda, if one is due. */
  async placeUrgent(until: number, now: FrameIndex): Promise<boolean> {
    this.parts.entries.keep((id) => this.parts.agenda.has(id));
    const head = this.parts.agenda.peek(
      this.parts.script.segmentEnds || this.parts.returned.segmentStart(now) !== undefined,
    );
    const result = head && this.parts.entries.of(head);
    const interrupts = head?.request.interrupt === true;
    const isChanging = this.parts.placer.reach(now) < this.personFrame;
    if (interrupts && result !== undefined) return !isChanging && this.placeEntry(head!, result, now);
    const rest = this.parts.returned.rests.findIndex(({ line }) => !this.held || line.kind !== 'script');
    if (rest >= 0) {
      if (this.parts.placer.freeFrame(this.parts.placer.reach(now), isScript) >= until) return false;
      this.parts.returned.takeBack(now);
      await this.placeOrRecord(this.parts.returned.rests.splice(rest, 1)[0]!, now, { early: true });
      return true;
    }
    if (head === undefined || result === undefined) return false;
    this.hear(this.parts.placer.at(now)?.line);
    if (isOfViewers(head.request.kind) && head.request.continues !== true && this.isScriptsTurn(until)) return false;
    if (isReady(result) && !this.isDue(head, until, now)) return false;
    return this.placeEntry(head, result, now);
  }

  /** A script line that comes on air begins the count anew: once, as lines are planned while it lasts. */
  private hear(line: RundownLine | undefined): void {
    if (line?.kind !== 'script' || line === this.heard) return;
    this.heard = line;
    this.inARow = 0;
  }

  /** After `maxInARow` viewer lines a due script line goes first, if it is due. */
  private isScriptsTurn(until: number): boolean {
    if (this.held || this.inARow < this.parts.maxInARow()) return false;
    return this.parts.placer.schedule.nextFrame < until && this.parts.script.first() !== undefined;
  }

  /** A line of the script was scheduled; in its turn it gives way to no viewer. */
  scriptPlaced(line: RundownLine): void {
    if (this.inARow < this.parts.maxInARow()) return;
    this.inARow = 0;
    this.parts.returned.owed = line;
  }

  /** A line comes when the one on air ends within the planned time. A filler comes only where the script has nothing. */
  private isDue({ request }: AgendaEntry, until: number, now: FrameIndex): boolean {
    const scriptIsDue =
      !this.held && this.parts.placer.schedule.nextFrame < until && this.parts.script.first()?.isReady === true;
    if (request.kind === 'filler' && scriptIsDue) return false;
    return (
      this.parts.placer.freeFrame(this.parts.placer.reach(now), this.parts.returned.givesWay(request, now)) < until
    );
  }

  private async placeEntry(
    { id, request }: AgendaEntry,
    result: ReadyLine | Unprepared,
    now: FrameIndex,
  ): Promise<boolean> {
    this.parts.entries.drop(id);
    if (!isReady(result)) {
      this.parts.agenda.settle(id, result);
      return true;
    }
    let slot: LineSlot | undefined;
    try {
      slot = request.interrupt === true ? this.cutIn(result, now) : await this.placeNext(request, result, now);
    } catch (error) {
      this.parts.agenda.settle(id, { outcome: 'failed', reason: (error as EngineError).message });
      throw error;
    }
    if (slot !== undefined) {
      if (isOfViewers(request.kind) && request.continues !== true) this.inARow += 1;
      this.parts.agenda.settle(id, { outcome: 'scheduled', startFrame: slot.startFrame, endFrame: slot.endFrame });
      return true;
    }
    const error = completesContact(result.line);
    this.parts.unspoken.record(result.line, error);
    this.parts.agenda.settle(id, { outcome: 'refused', reason: error.message });
    return true;
  }

  private placeNext(request: LineRequest, ready: ReadyLine, now: FrameIndex): Promise<LineSlot | undefined> {
    this.parts.returned.takeBack(now, this.parts.returned.givesWay(request, now));
    return this.placeOrRecord(ready, now, { early: true });
  }

  private cutIn(ready: ReadyLine, now: FrameIndex): LineSlot | undefined {
    const { interrupting } = this;
    const cuts = ({ id, kind }: RundownLine): boolean =>
      id !== interrupting?.id || LINE_PRIORITIES[ready.line.kind] < LINE_PRIORITIES[kind];
    const done = this.parts.cutter.interrupt(ready, now, cuts);
    if (done === undefined) return undefined;
    this.parts.returned.giveBack(done.taken);
    if (done.rest !== undefined) this.parts.returned.comesFirst(done.rest);
    this.interrupting = ready.line;
    return done.slot;
  }

  /** Schedules a spoken line; on failure it is recorded as unspoken. */
  async placeOrRecord(
    ready: ReadyLine,
    now: FrameIndex,
    options: { readonly early?: boolean },
  ): Promise<LineSlot | undefined> {
    try {
      return await this.parts.placer.place(ready, now, options);
    } catch (cause) {
      const error = toEngineError(cause, `line ${ready.line.id}`);
      if (!this.parts.signal.aborted) this.parts.unspoken.record(ready.line, error);
      throw error;
    }
  }
}
