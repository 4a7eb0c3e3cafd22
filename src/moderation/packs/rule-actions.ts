import { ACTION_CHOICES, type ActionsConfig, type ActionSurface } from '../../config/sections/compliance.js';
import { type RuleAction, type Surface, CODE_RULE } from '../../core/verdict.js';
import { defaultAction, ruleById } from './rule-table.js';

/** An action of the room file that is weaker than the table's. */
export interface WeakerAction {
  readonly rule: string;
  readonly surface: Surface;
  readonly chosen: RuleAction;
  readonly table: RuleAction;
}

/** An action of the room file that is not possible for a rule on its surface. */
export interface UndoneAction {
  /** `compliance.actions["5.8"].speech` */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
}

const SURFACES = Object.keys(ACTION_CHOICES) as ActionSurface[];
/**
 * How much of a violation each action withholds from the viewer. Blurring is weaker than removal, because the position
 * remains visible.
 */
const STRENGTH: Readonly<Record<RuleAction, number>> = {
  warn: 0,
  review: 0,
  blur: 1,
  pixelate: 1,
  'drop-caption': 2,
  mute: 2,
  tone: 2,
  hold: 2,
  blank: 2,
  skip: 3,
  refuse: 4,
  stop: 4,
};

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

/** The action for each rule on each surface: the rule table's, or the room's. */
export class RuleActions {
  readonly weaker: readonly WeakerAction[];
  /** Rule ids of the room file that are missing from the table, or surfaces on which the rule does not apply. */
  readonly unknown: readonly string[];
  /** Actions of the room file that are not possible. */
  readonly undone: readonly UndoneAction[];
  private readonly chosen = new Map<string, RuleAction>();

  constructor(config: ActionsConfig) {
    const weaker: WeakerAction[] = [];
    const unknown: string[] = [];
    const undone: UndoneAction[] = [];
    for (const [rule, choice] of Object.entries(config)) {
      if (ruleById(rule) === undefined) {
        unknown.push(`${rule}: no such rule`);
        continue;
      }
      const bare = typeof choice === 'string';
      const where = `compliance.actions["${rule}"]`;
      /** Number of surfaces on which the action applies, or would apply if it were possible. */
      let used = 0;
      const missed: ActionSurface[] = [];
      for (const surface of SURFACES) {
        const named = bare ? pick(surface, choice) : choice[surface];
        if (named === undefined) continue;
        const table = defaultAction(rule, surface);
        if (table === undefined) {
          if (!bare) unknown.push(`${rule}.${surface}: the rule does not apply there`);
          continue;
        }
        const chosen: RuleAction = named === 'drop' ? 'drop-caption' : named;
        if (!doableActions(rule, surface).includes(chosen)) {
          missed.push(surface);
          if (!bare) undone.push(notDone(`${where}.${surface}`, rule, [surface], named));
          continue;
        }
        used += 1;
        this.chosen.set(`${rule} ${surface}`, chosen);
        if (STRENGTH[chosen] < STRENGTH[table]) weaker.push({ rule, surface, chosen, table });
      }
      if (!bare || used > 0) continue;
      if (missed.length > 0) undone.push(notDone(where, rule, missed, choice));
      else unknown.push(`${rule}: "${choice}" is not possible on any of its surfaces`);
    }
    this.weaker = weaker;
    this.unknown = unknown;
    this.undone = undone;
  }

  /** True when the room file sets it. */
  isChosen(rule: string, surface: Surface): boolean {
    return this.chosen.has(`${rule} ${surface}`);
  }

  /** Undefined where the rule does not apply. */
  action(rule: string, surface: Surface): RuleAction | undefined {
    return this.chosen.get(`${rule} ${surface}`) ?? defaultAction(rule, surface);
  }
}

type Choice = (typeof ACTION_CHOICES)[ActionSurface][number];

const pick = (surface: ActionSurface, action: string): Choice | undefined =>
  ACTION_CHOICES[surface].find((choice) => choice === action);

/** Describes the possible actions in the room file's words. */
function notDone(where: string, rule: string, surfaces: readonly ActionSurface[], named: string): UndoneAction {
  const choices = surfaces.map((surface) => {
    const able = doableActions(rule, surface).map((action) => (action === 'drop-caption' ? '"drop"' : `"${action}"`));
    return `${able.join(', ')} on ${surface}`;
  });
  return { where, expected: choices.join('; '), found: `"${named}", which is not possible there` };
}
