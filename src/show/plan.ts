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
import type { Utterance } from '../core/speech.js';
import { type FrameIndex, frameToSample } from '../core/time.js';
import type { TextHit, TextVerdict } from '../core/verdict.js';
import { isOfViewers, type LineRequest } from './agenda/agenda.js';
import { judgeSpoken } from './judge-spoken.js';
import { withholds } from './line-notes.js';
import { voiceLanguage } from './line-voice.js';
import { type FormerListings, isSameFinding, type Listings } from './listings.js';
import type { LinePlacer, PlacedLine } from './placing/line-placer.js';
import { sentenceAt, spokenSentences } from './placing/line-cutter.js';
import { isRefusedWhole, type UnspokenLines } from './prepare-line.js';
import type { RundownLine } from './rundown.js';
import type { ReadyLine, ShowParts } from './show-command.js';

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

interface Moment {
  /** First frame that a command can reach. */
  readonly reach: number;
  /** Lines are scheduled until the next one would begin here. */
  readonly until: number;
}

type Step =
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

type JudgeAgainParts = Pick<ShowParts, 'room' | 'judge' | 'speech'>;

/**
 * The withholding findings of a spoken line by the listings as they are now, as far as it did not have them when it was
 * prepared.
 */
function newFindings({ room, judge, speech }: JudgeAgainParts, ready: ReadyLine, now: Listings): TextHit[] {
  const { line } = ready;
  const language = line.language ?? room.language;
  const spoken = speech.spoken(line.text, voiceLanguage(room, line.language, line.role));
  const entry = now.of(line.product ?? line.about, line.text);
  const { hits } = judgeSpoken(judge, line.text, spoken, { surface: line.judgedAs, language, entry });
  return hits.filter((hit) => withholds(hit) && !ready.speech.hits.some((known) => isSameFinding(known, hit)));
}

/** A ready line with its caption judged by the listings as they are now, and with findings added to its speech. */
function withFindings(
  { room, judge }: Pick<ShowParts, 'room' | 'judge'>,
  ready: ReadyLine,
  now: Listings,
  found: readonly TextHit[],
): ReadyLine {
  const { line } = ready;
  const entry = now.of(line.product ?? line.about, line.text);
  const language = line.language ?? room.language;
  const speech: TextVerdict =
    found.length === 0
      ? ready.speech
      : { verdict: 'violation', hits: [...ready.speech.hits, ...found].toSorted(byStart) };
  const caption = ready.caption && judge.judge(line.caption, { surface: 'caption', language, entry });
  return { ...ready, speech, caption: caption === undefined ? undefined : merged(ready.caption!, caption) };
}

/** The first sample of a finding's words; of the whole line where the voice gave no times. */
const firstSampleOf = ({ words }: Pick<Utterance, 'words'>, { start }: TextHit): number =>
  words.find(({ endChar }) => endChar > start)?.startSample ?? 0;

/** A rest was judged in its whole line: those findings stay. */
const merged = (before: TextVerdict, now: TextVerdict): TextVerdict => {
  const more = now.hits.filter((hit) => !before.hits.some((known) => isSameFinding(known, hit)));
  return more.length === 0 ? before : { verdict: now.verdict, hits: [...before.hits, ...more].toSorted(byStart) };
};

const byStart = (a: TextHit, b: TextHit): number => a.start - b.start;

interface StaleLinesOptions {
  readonly parts: Pick<ShowParts, 'room' | 'judge' | 'speech'>;
  readonly listings: FormerListings;
  readonly unspoken: UnspokenLines;
  readonly placer: Pick<LinePlacer, 'reach' | 'from' | 'onAirBefore'>;
}

/** Judges lines that are spoken already, or are on air, by listings that have changed since. */
export class StaleLines {
  constructor(private readonly options: StaleLinesOptions) {}

  /**
   * The scheduled lines that are taken back after a change. Script lines are made again in any case; others only for words
   * that have become false among the scheduled lines, since they begin later then; never the voice of a person, who speaks on.
   */
  givesWay(now: FrameIndex): (one: PlacedLine) => boolean {
    const { parts, listings, placer } = this.options;
    const reach = placer.reach(now);
    const isOutdated = placer
      .from(reach)
      .some(({ slot, ready }) => slot.startFrame >= reach && newFindings(parts, ready, listings.current).length > 0);
    return isOutdated ? ({ line }) => line.voice === undefined : isScript;
  }

  /** The line with its findings as they are now; undefined when it may not be spoken any more. */
  judged(ready: ReadyLine): ReadyLine | undefined {
    const { parts, listings, unspoken } = this.options;
    const found = newFindings(parts, ready, listings.current);
    // In the voice of a person the words are muted.
    if (found.length > 0 && (ready.line.kind === 'script' || isRefusedWhole(ready.line))) {
      unspoken.stale(ready.line, found[0]!);
      return undefined;
    }
    return withFindings(parts, ready, listings.current, found);
  }

  /** How the line on air ends before words that have become false and were not heard yet; undefined when it has none. */
  endOnAir(now: FrameIndex): 'at-once' | 'after-sentence' | undefined {
    const { parts, listings, unspoken, placer } = this.options;
    const reach = placer.reach(now);
    const onAir = placer.onAirBefore(reach);
    if (onAir === undefined || onAir.line.voice !== undefined) return undefined;
    const { line, ready, slot } = onAir;
    const into = frameToSample(reach, parts.room.rate) - slot.startSample;
    const { utterance } = ready;
    const ahead = newFindings(parts, ready, listings.current).filter((hit) => firstSampleOf(utterance, hit) >= into);
    if (ahead.length === 0) return undefined;
    unspoken.stale(line, ahead[0]!);
    const { endChar } = sentenceAt(spokenSentences(utterance), into);
    return ahead.some(({ start }) => start < endChar) ? 'at-once' : 'after-sentence';
  }
}
