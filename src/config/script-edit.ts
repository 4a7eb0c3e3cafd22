import { z } from 'zod';
import { line, script, segment } from './sections/script.js';

/** Bodies that edit the running script. */

const after = z
  .string()
  .nullable()
  .optional()
  .describe('Id of the one that it follows; null for the front. Default: the end');

export const lineBody = line.extend({ after });
export const segmentBody = segment.extend({ after });

/** Without `after`: PUT keeps the place. */
export const linePut = line.omit({ id: true });
export const segmentPut = segment.omit({ id: true });

const { text, variants, caption, language, gesture, pauseMs, role, show } = line.shape;

/** Only the changed fields; null returns a field to its default. */
export const linePatch = z.strictObject({
  text: text.optional(),
  variants: variants.unwrap().nullable().optional(),
  caption: caption.unwrap().nullable().optional(),
  language: language.unwrap().nullable().optional(),
  gesture: gesture.unwrap().nullable().optional(),
  pauseMs: pauseMs.unwrap().nullable().optional(),
  role: role.unwrap().nullable().optional(),
  show: show.unwrap().nullable().optional(),
  after,
});

export const segmentPatch = z.strictObject({
  product: segment.shape.product.unwrap().nullable().optional().describe('Id of the presented product; null for none'),
  after,
});

export const scriptBody = z.strictObject({ segments: script.shape.segments });

export const scriptPatch = z.strictObject({
  loop: script.shape.loop.unwrap().optional(),
  gapMs: script.shape.gapMs.unwrap().optional(),
  fillers: script.shape.fillers.unwrap().optional(),
});
