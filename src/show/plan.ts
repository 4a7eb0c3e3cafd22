/**
 * What is scheduled next.
 *
 * Problem: lines are scheduled two seconds ahead and take time to speak; a waiting line must come at the next line end,
 * an interrupting one at once, and viewers must not keep the script from its turn.
 * Rule: an interrupting line first, then the rest of a line that was cut, then the agenda's most urgent line, then the
 * script. After `maxInARow` lines for viewers a due script line goes first. Script lines that have not begun give way to
 * a line of the agenda that is ready. The rest of a line comes before the agenda, since it was begun.
 *
 * Nothing here changes anything: the same table at the same frame gives the same step.
 */
import { isOfViewers, type LineRequest } from './agenda/agenda-line.js';
import type { PlacedLine } from './placing/placed-line.js';
import type { RundownLine } from './rundown.js';
import type { ReadyLine } from './show-parts.js';

/** How far a line that is not scheduled has come. */
export type Progress = 'preparing' | 'ready' | 'refused';

/** All lines of the show that are not over, by their state. */
export interface ShowLines {
  /** On air or scheduled, in order. */
  readonly placed: readonly Pick<PlacedLine, 'line' | 'slot' | 'ready' | 'before'>[];
  /** Where the schedule goes on: after the script's pause, and without it. */
  readonly schedule: { readonly cursor: number; readonly free: number };
  /** Cut, or taken back for an interrupting line; the next one first. */
  readonly returned: readonly Pick<ReadyLine, 'line'>[];
  /** The agenda's most urgent line. */
  readonly urgent: { readonly request: LineRequest; readonly progress: Progress } | undefined;
  /** The script's next line; `none`: its end, or a script whose wordings are all withheld. */
  readonly script: 'preparing' | 'ready' | 'none';
  /** The operator holds the script. */
  readonly held: boolean;
  /** The script rests after refusals. */
  readonly resting: boolean;
  /** When another person takes over, or took over: nothing cuts in before it. */
  readonly personFrame: number;
  /** Lines for viewers since the script was heard, and how many there may be. */
  readonly inARow: number;
  readonly maxInARow: number;
  /** A script line that gives way to no viewer: its turn has come. */
  readonly owed: RundownLine | undefined;
}

export interface Moment {
  /** First frame that a command can reach. */
  readonly reach: number;
  /** Lines are scheduled until the next one would begin here. */
  readonly until: number;
}

export type Step =
  /** Enough is scheduled, or what comes next is not ready. */
  | { readonly do: 'wait' }
  /** The script has nothing more. */
  | { readonly do: 'end' }
  /** The urgent line cuts the one on air. */
  | { readonly do: 'cut-in' }
  /** The urgent line will not be spoken. */
  | { readonly do: 'settle' }
  /** The urgent line, before the scheduled ones that give way. */
  | { readonly do: 'place-urgent' }
  | { readonly do: 'place-returned'; readonly index: number }
  | { readonly do: 'place-script' };

export function plan(lines: ShowLines, moment: Moment): Step {
  const { urgent, returned, held } = lines;
  const progress = urgent?.progress ?? 'preparing';
  if (urgent?.request.interrupt === true && progress !== 'preparing') {
    if (moment.reach < lines.personFrame) return scriptStep(lines, moment);
    return { do: progress === 'ready' ? 'cut-in' : 'settle' };
  }
  const index = returned.findIndex(({ line }) => !held || line.kind !== 'script');
  if (index >= 0) {
    const free = freeFrame(lines, moment.reach, isScript);
    return free < moment.until ? { do: 'place-returned', index } : scriptStep(lines, moment);
  }
  if (urgent === undefined || progress === 'preparing' || isScriptsTurn(urgent.request, lines, moment))
    return scriptStep(lines, moment);
  if (progress === 'refused') return { do: 'settle' };
  return isDue(urgent.request, lines, moment) ? { do: 'place-urgent' } : scriptStep(lines, moment);
}

function scriptStep({ held, resting, schedule, script }: ShowLines, { until }: Moment): Step {
  if (held || resting || schedule.cursor >= until) return { do: 'wait' };
  return { do: script === 'none' ? 'end' : 'place-script' };
}

/** After `maxInARow` viewer lines a due script line goes first. */
function isScriptsTurn(
  { kind, continues }: LineRequest,
  { held, inARow, maxInARow, schedule, script }: ShowLines,
  { until }: Moment,
): boolean {
  if (!isOfViewers(kind) || continues === true || held || inARow < maxInARow) return false;
  return schedule.cursor < until && script !== 'none';
}

/** A line comes when the one on air ends within the planned time. A filler comes only where the script has nothing. */
function isDue(request: LineRequest, lines: ShowLines, { reach, until }: Moment): boolean {
  const scriptIsDue = !lines.held && lines.schedule.cursor < until && lines.script === 'ready';
  if (request.kind === 'filler' && scriptIsDue) return false;
  return freeFrame(lines, reach, givesWay(request, lines, reach)) < until;
}

type Scheduled = Pick<PlacedLine, 'line' | 'slot' | 'ready'>;

/** A line of the script that is spoken from its beginning. */
export const isScript = ({ ready: { line, rest } }: Pick<PlacedLine, 'ready'>): boolean =>
  line.kind === 'script' && rest === undefined;

/** The scheduled lines that give way to one of the agenda. */
export function givesWay(
  { kind, after }: Pick<LineRequest, 'kind' | 'after'>,
  { owed, placed }: Pick<ShowLines, 'owed' | 'placed'>,
  reach: number,
): (one: Scheduled) => boolean {
  if (kind === 'filler') return () => false;
  if (after !== 'segment')
    return owed !== undefined && isOfViewers(kind) ? (one) => isScript(one) && one.line !== owed : isScript;
  const start = segmentStart(placed, reach)?.slot.startFrame ?? Infinity;
  return (one) => isScript(one) && one.slot.startFrame >= start;
}

/** The first scheduled line that begins a segment and can be taken back. */
export const segmentStart = <T extends Scheduled>(placed: readonly T[], reach: number): T | undefined =>
  placed.find((one) => one.slot.startFrame >= reach && isScript(one) && one.line.position?.line === 0);

/** Where a line could begin if the last scheduled ones that give way were taken back. */
function freeFrame(
  { placed, schedule }: Pick<ShowLines, 'placed' | 'schedule'>,
  reach: number,
  may: (one: Scheduled) => boolean,
): number {
  let { free } = schedule;
  for (const one of placed.toReversed()) {
    if (one.slot.startFrame < reach || !may(one)) break;
    ({ free } = one.before.schedule);
  }
  return free;
}
