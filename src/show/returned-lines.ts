import type { FrameIndex } from '../core/time.js';
import { isOfViewers, type LineRequest } from './agenda/agenda-line.js';
import type { RundownLine } from './rundown-line.js';
import type { ScriptContent } from './script/live-script.js';
import type { LinePlacer } from './placing/line-placer.js';
import type { PlacedLine } from './placing/placed-line.js';
import type { ScriptLines } from './script-lines.js';
import type { ReadyLine } from './show-parts.js';

/**
 * Lines that were taken back from the schedule, or cut: ready to be scheduled again. Lines of the script return to the
 * script.
 */
export class ReturnedLines {
  /** The rests of cut lines, and lines that gave way to an interrupting one: the next one first. */
  rests: ReadyLine[] = [];
  /** A script line that gives way to no viewer: its turn has come. */
  owed: RundownLine | undefined;

  constructor(
    private readonly placer: LinePlacer,
    private readonly script: ScriptLines,
  ) {}

  /** The rest of the line that was just cut. */
  comesFirst(rest: ReadyLine): void {
    this.rests.unshift(rest);
  }

  /** Judges the lines that wait here anew; undefined drops one. */
  judgeAgain(judge: (ready: ReadyLine) => ReadyLine | undefined): void {
    this.rests = this.rests.flatMap((ready) => judge(ready) ?? []);
  }

  /** Drops the rests of script lines. */
  dropScript(): void {
    this.rests = this.rests.filter(({ line }) => line.kind !== 'script');
  }

  /** Drops the rests of script lines that an edit changed or removed. */
  dropEdited({ segments }: Pick<ScriptContent, 'segments'>): void {
    const kept = new Set(segments.flatMap(({ lines }) => lines));
    this.rests = this.rests.filter(({ line }) => line.scripted === undefined || kept.has(line.scripted.line));
  }

  /** Takes back the script's lines that have not begun. */
  takeBack(now: FrameIndex, may = isScript): void {
    this.giveBack(this.placer.takeBack(this.placer.reach(now), may));
  }

  giveBack(taken: readonly PlacedLine[]): void {
    const ready = taken.map((one) => one.ready);
    this.script.giveBack(ready.filter((one) => isScriptLine(one)));
    this.rests.unshift(...ready.filter((one) => !isScriptLine(one)));
  }

  /** The scheduled lines that give way to one of the agenda. */
  givesWay({ kind, after }: LineRequest, now: FrameIndex): (one: PlacedLine) => boolean {
    if (kind === 'filler') return () => false;
    const { owed } = this;
    if (after !== 'segment')
      return owed !== undefined && isOfViewers(kind) ? (one) => isScript(one) && one.line !== owed : isScript;
    const start = this.segmentStart(now)?.slot.startFrame ?? Infinity;
    return (one) => isScript(one) && one.slot.startFrame >= start;
  }

  /** The first scheduled line that begins a segment and can be taken back. */
  segmentStart(now: FrameIndex): PlacedLine | undefined {
    const reach = this.placer.reach(now);
    const isStart = (one: PlacedLine): boolean => isScript(one) && one.line.position?.line === 0;
    return this.placer.from(reach).find((one) => one.slot.startFrame >= reach && isStart(one));
  }

  /** Drops a line that is not the script's and has not begun; false for any other. */
  withdraw(id: string, now: FrameIndex): boolean {
    const isIt = ({ line }: Pick<ReadyLine, 'line'>): boolean => line.id === id && line.kind !== 'script';
    const reach = this.placer.reach(now);
    if (this.placer.from(reach).some((one) => isIt(one) && one.slot.startFrame >= reach))
      this.giveBack(this.placer.takeBack(reach, () => true));
    const before = this.rests.length;
    this.rests = this.rests.filter((ready) => !isIt(ready));
    return this.rests.length < before;
  }
}

/** A line of the script that is spoken from its beginning. */
const isScriptLine = ({ line, rest }: Pick<ReadyLine, 'line' | 'rest'>): boolean =>
  line.kind === 'script' && rest === undefined;

export const isScript = ({ ready }: PlacedLine): boolean => isScriptLine(ready);
