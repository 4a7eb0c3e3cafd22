import type { ActionSurface } from '../../config/sections/compliance.js';
import { CODE_RULE, type RuleAction } from '../../core/verdict.js';

/**
 * Possible actions depend on how a violation is detected, not only on its surface.
 *
 * Words are judged before they are spoken or shown, so each can be removed. A code is found in its frame, at a known
 * position. Words inside the composed picture are read seconds later, so only the whole picture can be removed. Faults
 * that show over time (repetition, stillness, silence, quality) are detected afterwards: a person can be notified, or
 * the show can end.
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

/** The actions that the engine can take for this rule on this surface when the room file requests them. */
export function doableActions(rule: string, surface: ActionSurface): readonly RuleAction[] {
  if (WATCHED.has(rule)) return OF_WATCHES;
  if (surface !== 'frame') return OF_WORDS[surface];
  return rule === CODE_RULE ? OF_CODES : OF_PICTURED_WORDS;
}
