import { z } from 'zod';

const SPEECH = ['warn', 'mute', 'tone', 'skip', 'stop'] as const;
const CAPTION = ['warn', 'drop', 'stop'] as const;
const REPLY = ['warn', 'skip', 'stop'] as const;
const FRAME = ['hold', 'blank', 'blur', 'pixelate', 'stop'] as const;

/** What each surface takes; a bare action goes to every surface that has it. */
export const ACTION_CHOICES = { speech: SPEECH, caption: CAPTION, reply: REPLY, frame: FRAME } as const;
export type ActionSurface = keyof typeof ACTION_CHOICES;

const choice = z.union([
  z
    .enum([...new Set([...SPEECH, ...CAPTION, ...FRAME])] as [string, ...string[]])
    .describe('For every surface that has it'),
  z.strictObject({
    speech: z.enum(SPEECH).optional().describe('Spoken words'),
    caption: z.enum(CAPTION).optional().describe('Captions and texts on layers'),
    reply: z.enum(REPLY).optional().describe('Replies to viewers'),
    frame: z.enum(FRAME).optional().describe('The picture'),
  }),
]);

/** By rule id: what is done instead of what the rule table says. */
export const actions = z
  .record(z.string().regex(/^[1-5]\.\d{1,2}$/, 'expected the id of a rule, such as "3.2"'), choice)
  .default({})
  .describe(
    'What is done about a rule, by its id, instead of what the rule table says: {"3.3": "blur", "3.2": {"speech": "tone"}}. ' +
      'What is weaker than the table is reported by `engine check` and at the start; what nothing does there is refused',
  );
export type ActionsConfig = z.infer<typeof actions>;
