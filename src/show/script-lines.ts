import { toEngineError } from '../core/errors.js';
import type { FrameIndex } from '../core/time.js';
import { type Agenda, type AgendaEntry, isOfViewers, type LineRequest } from './agenda/agenda.js';
import type { LinePlacer, PlacedLine } from './placing/line-placer.js';
import { givesWay, isScript, type Progress, segmentStart, type ShowLines } from './plan.js';
import { isReady, type Unprepared } from './prepare-line.js';
import { lineOfRequest, type Rundown, type RundownLine } from './rundown.js';
import type { ScriptContent, ScriptPosition } from './script/live-script.js';
import type { ReadyLine } from './show-command.js';

/** A script line on its way: it is being judged and spoken, or is ready. */
interface UpcomingLine {
  readonly line: RundownLine;
  readonly ready: Promise<ReadyLine | Unprepared>;
  isReady: boolean;
}

/** The script's next lines: those taken back from the schedule, and one that is prepared ahead. */
export class ScriptLines {
  private upcoming: UpcomingLine[] = [];

  constructor(
    private readonly rundown: Rundown,
    private readonly prepare: (line: RundownLine) => Promise<ReadyLine | Unprepared>,
  ) {}

  /** The next line, as far as it is known. */
  get known(): UpcomingLine | undefined {
    return this.upcoming[0];
  }

  /** The next line; undefined at the end of a script that does not loop. */
  first(): UpcomingLine | undefined {
    this.prime();
    return this.upcoming[0];
  }

  /** Starts to prepare the next line. */
  prime(): void {
    if (this.upcoming.length > 0) return;
    const line = this.rundown.next();
    if (line === undefined) return;
    const one: UpcomingLine = { line, ready: this.prepare(line), isReady: false };
    // Awaited when it is due; until then a failure must not count as unhandled.
    one.ready.catch(() => undefined).finally(() => (one.isReady = true));
    this.upcoming.push(one);
  }

  shift(): void {
    this.upcoming.shift();
  }

  /** Lines that were taken back come next, in their order. */
  giveBack(lines: readonly ReadyLine[]): void {
    this.upcoming.unshift(
      ...lines.map((ready) => ({ line: ready.line, ready: Promise.resolve(ready), isReady: true })),
    );
  }

  /** The script begins a segment with its next line, or has ended. */
  get segmentEnds(): boolean {
    return this.position.line === 0;
  }

  /** The ids of the next line; undefined at the end of a script that does not loop. */
  get nextIds(): { readonly segment: string; readonly line: string } | undefined {
    const scripted = this.upcoming[0]?.line.scripted;
    return scripted === undefined ? this.rundown.nextIds() : { segment: scripted.segmentId, line: scripted.line.id };
  }

  /** Goes to another line; those on their way are dropped. */
  jump(to: Omit<ScriptPosition, 'round'>): void {
    this.rundown.restore(this.position);
    this.upcoming = [];
    this.rundown.jump(to);
  }

  /** Goes on with an edited script. Lines on their way stay while the edited script has them there too. */
  edit(content: ScriptContent): void {
    this.rundown.restore(this.position);
    this.rundown.replace(content);
    const before = this.upcoming;
    this.upcoming = [];
    for (const one of before) {
      const position = this.rundown.position();
      const next = this.rundown.next();
      if (next === undefined || !isSame(next, one.line)) {
        this.rundown.restore(position);
        return;
      }
      this.upcoming.push(one);
    }
  }

  /** A wording of the line may not be said: the line comes with another one, or the script goes on behind it. */
  reword({ scripted, position }: RundownLine): void {
    this.rundown.wordings.withhold(scripted!.line, scripted!.wording);
    this.rundown.restore(position!);
    this.upcoming = [];
  }

  /** A script that loops and has no line: all its wordings are withheld. */
  get isHeldBack(): boolean {
    return this.rundown.script.content.loop;
  }

  /** Remakes the lines on their way: by other listings, another voice or another choice of segments. */
  renew(): void {
    this.rundown.wordings.release();
    this.rundown.restore(this.position);
    this.upcoming = [];
  }

  private get position(): ScriptPosition {
    return this.upcoming[0]?.line.position ?? this.rundown.position();
  }
}

/** Edits replace the lines that they change. */
const isSame = (a: RundownLine, b: RundownLine): boolean =>
  a.scripted!.line === b.scripted!.line &&
  a.scripted!.segmentId === b.scripted!.segmentId &&
  a.text === b.scripted!.wording &&
  a.product === b.product;

type Result = ReadyLine | Unprepared;

interface LineTableParts {
  readonly agenda: Agenda;
  readonly script: ScriptLines;
  readonly placer: LinePlacer;
  readonly prepare: (line: RundownLine) => Promise<Result>;
  /** A line of the agenda is ready or refused. */
  readonly onReady: () => void;
  /** Lines for viewers in a row before the script has its turn. */
  readonly maxInARow: () => number;
}

/**
 * The lines of a show, each in one state:
 *
 *     waiting ─► preparing ─► ready ─► scheduled ─► on air ─► over
 *                    │          ▲          │           │
 *                 refused       └─ taken back          └─ cut ─► returned ─► scheduled
 *
 * Waiting lines are the agenda's; only its most urgent one is prepared. Lines of the script that are taken back are the
 * script's next ones again; others, and the rests of cut ones, are returned and come first.
 */
export class LineTable {
  /** The operator holds the script. */
  held = false;
  /** When another person takes over, or took over. */
  personFrame = 0;
  private results = new Map<string, Result | undefined>();
  private returned: ReadyLine[] = [];
  /** Lines for viewers since the script was heard. */
  private inARow = 0;
  private heard: RundownLine | undefined;
  private owed: RundownLine | undefined;

  constructor(private readonly parts: LineTableParts) {}

  /** The table for the plan; starts to prepare the agenda's most urgent line, and the script's next one where it is due. */
  now(now: FrameIndex, until: number, resting: boolean): ShowLines & { readonly head: AgendaEntry | undefined } {
    const { placer, script, agenda, maxInARow } = this.parts;
    for (const id of this.results.keys()) if (!agenda.has(id)) this.results.delete(id);
    this.hear(placer.at(now)?.line);
    const { placed } = placer;
    const head = agenda.peek(script.segmentEnds || segmentStart(placed, placer.reach(now)) !== undefined);
    const schedule = placer.schedule.mark();
    const next = this.held || schedule.cursor >= until ? undefined : script.first();
    return {
      head,
      placed,
      schedule,
      returned: this.returned,
      urgent: head && { request: head.request, progress: progressOf(this.resultOf(head)) },
      script: next === undefined ? 'none' : next.isReady ? 'ready' : 'preparing',
      held: this.held,
      resting,
      personFrame: this.personFrame,
      inARow: this.inARow,
      maxInARow: maxInARow(),
      owed: this.owed,
    };
  }

  /** The rests of cut lines, and lines that gave way to an interrupting one: the next one first. */
  get rests(): readonly ReadyLine[] {
    return this.returned;
  }

  /** The result of a line of the agenda, whose preparation begins with the first call; undefined until it is ready. */
  resultOf({ id, request }: AgendaEntry): Result | undefined {
    if (!this.results.has(id)) {
      const { results } = this;
      results.set(id, undefined);
      const failed = (cause: unknown): Unprepared => {
        return { outcome: 'failed', reason: toEngineError(cause, `line ${id}`).message };
      };
      void this.parts
        .prepare(lineOfRequest(id, request))
        .catch(failed)
        .then((result) => {
          results.set(id, result);
          this.parts.onReady();
        });
    }
    return this.results.get(id);
  }

  /** A line of the agenda leaves it: it is scheduled or refused. */
  takeResult({ id }: Pick<AgendaEntry, 'id'>): Result | undefined {
    const result = this.results.get(id);
    this.results.delete(id);
    return result;
  }

  /** Takes a returned line out of the table. */
  takeReturned(index: number): ReadyLine {
    return this.returned.splice(index, 1)[0]!;
  }

  /** A line of the agenda was scheduled. */
  urgentPlaced({ kind, continues }: LineRequest): void {
    if (isOfViewers(kind) && continues !== true) this.inARow += 1;
  }

  /** A line of the script was scheduled; in its turn it gives way to no viewer. */
  scriptPlaced(line: RundownLine): void {
    if (this.inARow < this.parts.maxInARow()) return;
    this.inARow = 0;
    this.owed = line;
  }

  /** A script line that comes on air resets the count: once, as lines are planned while it lasts. */
  private hear(line: RundownLine | undefined): void {
    if (line?.kind !== 'script' || line === this.heard) return;
    this.heard = line;
    this.inARow = 0;
  }

  /** Takes back the lines that give way to one of the agenda. */
  makeWay(request: LineRequest, now: FrameIndex): void {
    const { placer } = this.parts;
    this.takeBack(now, givesWay(request, { owed: this.owed, placed: placer.placed }, placer.reach(now)));
  }

  /** Takes back the script's lines that have not begun, or others that may be. */
  takeBack(now: FrameIndex, may: (one: PlacedLine) => boolean = isScript): void {
    this.giveBack(this.parts.placer.takeBack(this.parts.placer.reach(now), may));
  }

  /** Lines that were taken back: the script's return to it, others come next. */
  giveBack(taken: readonly PlacedLine[], rest?: ReadyLine): void {
    this.parts.script.giveBack(taken.filter(isScript).map(({ ready }) => ready));
    this.returned.unshift(...taken.filter((one) => !isScript(one)).map(({ ready }) => ready));
    if (rest !== undefined) this.returned.unshift(rest);
  }

  /** Prepares the agenda's lines again: by other listings or another voice. */
  renew(): void {
    this.parts.script.renew();
    this.results = new Map();
  }

  /** Judges the returned lines again; undefined drops one. */
  judgeAgain(judge: (ready: ReadyLine) => ReadyLine | undefined): void {
    this.returned = this.returned.flatMap((ready) => judge(ready) ?? []);
  }

  /** Drops the rests of script lines. */
  dropScript(): void {
    this.returned = this.returned.filter(({ line }) => line.kind !== 'script');
  }

  /** Drops the rests of script lines that an edit changed or removed. */
  dropEdited({ segments }: Pick<ScriptContent, 'segments'>): void {
    const kept = new Set(segments.flatMap(({ lines }) => lines));
    this.returned = this.returned.filter(({ line }) => line.scripted === undefined || kept.has(line.scripted.line));
  }

  /** Drops a line that is not the script's and has not begun; false for any other. */
  withdraw(id: string, now: FrameIndex): boolean {
    const isIt = ({ line }: Pick<ReadyLine, 'line'>): boolean => line.id === id && line.kind !== 'script';
    const { placer } = this.parts;
    const reach = placer.reach(now);
    if (placer.from(reach).some((one) => isIt(one) && one.slot.startFrame >= reach))
      this.giveBack(placer.takeBack(reach, () => true));
    const before = this.returned.length;
    this.returned = this.returned.filter((ready) => !isIt(ready));
    return this.returned.length < before;
  }
}

const progressOf = (result: Result | undefined): Progress =>
  result === undefined ? 'preparing' : isReady(result) ? 'ready' : 'refused';
