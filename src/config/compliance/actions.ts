import { z } from 'zod';

const SPEECH = ['warn', 'mute', 'tone', 'skip', 'stop'] as const;
const CAPTION = ['warn', 'drop', 'stop'] as const;
const REPLY = ['warn', 'skip', 'stop'] as const;
const FRAME = ['hold', 'blank', 'blur', 'pixelate', 'stop'] as const;

/** The actions that each surface offers. A bare action applies to every surface that offers it. */
export const ACTION_CHOICES = { speech: SPEECH, caption: CAPTION, reply: REPLY, frame: FRAME } as const;
export type ActionSurface = keyof typeof ACTION_CHOICES;

const choice = z.union([
  z
    .enum([...new Set([...SPEECH, ...CAPTION, ...FRAME])] as [string, ...string[]])
    .describe('Action on every surface that offers it'),
  z.strictObject({
    speech: z.enum(SPEECH).optional().describe('Spoken words'),
    caption: z.enum(CAPTION).optional().describe('Captions and texts on layers'),
    reply: z.enum(REPLY).optional().describe('Replies to viewers'),
    frame: z.enum(FRAME).optional().describe('The picture'),
  }),
]);

/** The action taken for a rule, by rule id, instead of the rule table's. */
export const actions = z
  .record(z.string().regex(/^[1-5]\.\d{1,2}$/, 'expected the id of a rule, such as "3.2"'), choice)
  .default({})
  .describe(
    'Action by rule id, instead of the one in the rule table: {"3.3": "blur", "3.2": {"speech": "tone"}}. ' +
      'An action weaker than in the table is reported by `engine check` and at the start; an action that a surface cannot take is refused',
  );
export type ActionsConfig = z.infer<typeof actions>;
