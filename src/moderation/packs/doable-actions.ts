import type { ActionSurface } from '../../config/compliance/actions.js';
import { CODE_RULE, type RuleAction } from '../../core/verdict.js';

/**
 * What can be done about a rule depends on what finds it broken, not on its surface alone.
 *
 * Words are judged before they are spoken or shown, so that each can be taken out. A code is found in the frame that has it,
 * and its place is known. Words inside the composed picture are read seconds later: only the whole picture can go. What
 * is watched over a time (repetition, stillness, silence, quality) is over when it is known: a person can be told, and the
 * show can end.
 */
const WATCHED: ReadonlySet<string> = new Set(['5.7', '5.8', '5.10', '5.11']);

const OF_WORDS: Readonly<Record<Exclude<ActionSurface, 'frame'>, readonly RuleAction[]>> = {
  speech: ['warn', 'mute', 'tone', 'skip', 'stop'],
  caption: ['warn', 'drop-caption', 'stop'],
  reply: ['warn', 'skip', 'stop'],
};
const OF_WATCHES: readonly RuleAction[] = ['warn', 'stop'];
const OF_CODES: readonly RuleAction[] = ['hold', 'blank', 'blur', 'pixelate', 'stop'];
const OF_PICTURED_WORDS: readonly RuleAction[] = ['blank', 'stop'];

/** What the engine really does about this rule on this surface when the room file asks for it. */
export function doableActions(rule: string, surface: ActionSurface): readonly RuleAction[] {
  if (WATCHED.has(rule)) return OF_WATCHES;
  if (surface !== 'frame') return OF_WORDS[surface];
  return rule === CODE_RULE ? OF_CODES : OF_PICTURED_WORDS;
}
