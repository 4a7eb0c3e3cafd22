import { z } from 'zod';
import type { Shape } from '../shape.js';

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
