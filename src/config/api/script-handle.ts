import { z } from 'zod';
import { line, type Line, script, segment } from '../sections/script.js';
import { patchOf, type Shape } from '../value-fault.js';

/** The lines on air and on their way, for the API and the page. */

const agendaItemSnapshot = z.object({
  id: z.string(),
  kind: z.string().describe('`script`, `operator`, `reply`…'),
  text: z.string(),
  role: z.enum(['host', 'assistant']),
  state: z.enum(['speaking', 'scheduled', 'waiting']),
  waitedMs: z.number(),
  place: z
    .object({ segment: z.string(), line: z.string() })
    .nullable()
    .describe('Its place in the script; null for other lines'),
});
export type AgendaItemSnapshot = Shape<typeof agendaItemSnapshot>;

/** The line on air and how far it has come. */
const spokenItemSnapshot = agendaItemSnapshot.extend({
  language: z.string().describe('BCP-47'),
  spokenCharacters: z.number().describe('Characters of the text that have been spoken'),
  elapsedMs: z.number(),
  lengthMs: z.number(),
});
export type SpokenItemSnapshot = Shape<typeof spokenItemSnapshot>;

export const agendaSnapshot = z.object({
  paused: z.boolean().describe('The operator holds the script'),
  current: spokenItemSnapshot.nullable(),
  scheduled: z
    .array(agendaItemSnapshot)
    .describe('Sent to the frame loop; they can still be taken back for an urgent line'),
  waiting: z.array(agendaItemSnapshot).describe('In the order in which they would be spoken'),
  counters: z
    .record(z.enum(['added', 'spoken', 'forgotten', 'displaced', 'refused', 'cancelled', 'failed']), z.number())
    .describe('Lines since the start, by their fate'),
});
export type AgendaSnapshot = Shape<typeof agendaSnapshot>;

export interface AgendaHandle {
  snapshot(): AgendaSnapshot;
  /** Drops a line that has not begun. Throws E_NOT_FOUND for any other. */
  cancel(id: string): Promise<void>;
}

/** The running script, for the API and the page. Every field of a line stands in `sections/script.ts` alone. */

/** Fresh wordings that a language model writes while the show runs. */
export const writingSnapshot = z.object({
  state: z
    .enum(['off', 'writing', 'enough', 'resting', 'capped'])
    .describe(
      "`writing`: lines lack wordings; `enough`: none does; `resting`: the model failed and is left alone; `capped`: the day's budget is used up; `off`: nothing is written. A room without a model writes by its sentence plans",
    ),
  written: z
    .number()
    .describe('Wordings since the start: kept, refused by the rules or by their figures; and requests that failed'),
  restored: z.number().describe('Wordings of an earlier run that were judged clean again'),
  refused: z.number(),
  failed: z.number(),
  requestsToday: z.number().describe('Cost today (UTC)'),
  charactersToday: z.number(),
  lastError: z.string().describe('Last error in words, without secrets; empty before the first'),
});
export type WritingSnapshot = Shape<typeof writingSnapshot>;

export const NO_WRITING: WritingSnapshot = {
  state: 'off',
  written: 0,
  restored: 0,
  refused: 0,
  failed: 0,
  requestsToday: 0,
  charactersToday: 0,
  lastError: '',
};

const after = z
  .string()
  .nullable()
  .optional()
  .describe('Id of the one that it follows; null for the front. Default: the end');

export type ScriptLineBody = Line;
export type ScriptSegmentBody = Shape<typeof segment>;

export const lineBody = line.extend({ after });
export const segmentBody = segment.extend({ after });

/** Without `after`: PUT keeps the place. */
export const linePut = line.omit({ id: true });
export const segmentPut = segment.omit({ id: true });

/** Only the changed fields; null returns a field to its default. */
export const linePatch = patchOf(linePut, ['text']).extend({ after });
export type ScriptLinePatch = Shape<typeof linePatch>;

export const segmentPatch = patchOf(segment.pick({ product: true }), []).extend({ after });
export type ScriptSegmentPatch = Shape<typeof segmentPatch>;

export const scriptBody = script.pick({ segments: true });

export const scriptSettings = patchOf(script.pick({ loop: true, gapMs: true, fillers: true }), [
  'loop',
  'gapMs',
  'fillers',
]);
export type ScriptSettings = Shape<typeof scriptSettings>;

export const jumpBody = z.strictObject({
  segment: z.string().describe('Id of a segment'),
  line: z.string().optional().describe('Id of a line in it; default: its first'),
  now: z.boolean().optional().describe('Cut the script line on air instead of waiting for its end'),
});
export const skipBody = z.strictObject({
  now: z.boolean().optional().describe('End the line at once instead of at its sentence'),
});

const scriptPlace = z.object({ segment: z.string(), line: z.string() });

export const scriptSnapshot = z.object({
  revision: z.number().describe('Number of edits since the start'),
  paused: z.boolean(),
  current: scriptPlace.nullable().describe('Ids of the script line on air; null while another line or none is'),
  next: scriptPlace.nullable().describe('Ids of the next script line; null at the end of a script that does not loop'),
  loop: z.boolean(),
  gapMs: z.number(),
  fillers: z.array(z.string()),
  segments: z.array(
    z.object({ id: z.string(), product: z.string().nullable(), lines: z.array(line.extend({ id: z.string() })) }),
  ),
});
export type ScriptSnapshot = Shape<typeof scriptSnapshot>;

/** A segment or line that was added or changed. */
export const scriptEdit = z.object({ revision: z.number(), id: z.string() });
export type ScriptEdit = Shape<typeof scriptEdit>;

/**
 * Every edit is judged first, then applied to the running show. Throws E_TEXT_REFUSED for words that must not be spoken
 * or shown, E_NOT_FOUND for unknown ids, E_BAD_REQUEST for a script that could not run.
 */
export interface ScriptHandle {
  snapshot(): ScriptSnapshot;
  replace(segments: readonly ScriptSegmentBody[]): Promise<ScriptSnapshot>;
  change(settings: ScriptSettings): Promise<ScriptSnapshot>;
  /** Adds a segment behind another one; without `after` at the end, with null at the front. */
  addSegment(segment: ScriptSegmentBody, after?: string | null): Promise<ScriptEdit>;
  /** Replaces a segment, or adds one with that id at the end. */
  putSegment(id: string, segment: ScriptSegmentBody): Promise<ScriptEdit>;
  patchSegment(id: string, patch: ScriptSegmentPatch): Promise<ScriptEdit>;
  deleteSegment(id: string): Promise<void>;
  addLine(segment: string, line: ScriptLineBody, after?: string | null): Promise<ScriptEdit>;
  /** Replaces a line, or adds one with that id at the end of the segment. */
  putLine(segment: string, id: string, line: ScriptLineBody): Promise<ScriptEdit>;
  patchLine(segment: string, id: string, patch: ScriptLinePatch): Promise<ScriptEdit>;
  deleteLine(segment: string, id: string): Promise<void>;
  /** Goes to a line, or to a segment's first, after the line on air; with `now` that line is cut. */
  jump(to: Shape<typeof jumpBody>): Promise<ScriptSnapshot>;
  /** Ends the line on air at its sentence, or at once; `skipped`: its id, null when it ends by itself or none is. */
  skip(options: Shape<typeof skipBody>): Promise<{ readonly skipped: string | null }>;
  /** Holds the script after the line on air; other lines are spoken. */
  pause(): Promise<ScriptSnapshot>;
  resume(): Promise<ScriptSnapshot>;
}
