import { ACTION_CHOICES, type ActionsConfig, type ActionSurface } from '../../config/compliance/actions.js';
import type { RuleAction, Surface } from '../../core/verdict.js';
import { doableActions } from './doable-actions.js';
import { defaultAction, ruleById } from './rule-table.js';

/** An action of the room file that lets through more than the table does. */
export interface WeakerAction {
  readonly rule: string;
  readonly surface: Surface;
  readonly chosen: RuleAction;
  readonly table: RuleAction;
}

/** An action of the room file that is not done about a rule where the file asks for it. */
export interface UndoneAction {
  /** `compliance.actions["5.8"].speech` */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
}

const SURFACES = Object.keys(ACTION_CHOICES) as ActionSurface[];
/** How much of a violation each action keeps from the viewer. Blurred is weaker than gone: its place is seen. */
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

/** What is done about each rule on each surface: the rule table's word, or the room's. */
export class RuleActions {
  readonly weaker: readonly WeakerAction[];
  /** Ids in the room file that the table does not have, or surfaces on which it does not look for the rule. */
  readonly unknown: readonly string[];
  /** What the room file asks for and nothing does. */
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
      /** Surfaces on which it was done, and on which it would be if anything did it. */
      let used = 0;
      const missed: ActionSurface[] = [];
      for (const surface of SURFACES) {
        const named = bare ? pick(surface, choice) : choice[surface];
        if (named === undefined) continue;
        const table = defaultAction(rule, surface);
        if (table === undefined) {
          if (!bare) unknown.push(`${rule}.${surface}: the rule is not looked for there`);
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
      else unknown.push(`${rule}: "${choice}" is done on none of its surfaces`);
    }
    this.weaker = weaker;
    this.unknown = unknown;
    this.undone = undone;
  }

  /** True when the room file names it. */
  isChosen(rule: string, surface: Surface): boolean {
    return this.chosen.has(`${rule} ${surface}`);
  }

  /** Undefined where the rule is not looked for. */
  action(rule: string, surface: Surface): RuleAction | undefined {
    return this.chosen.get(`${rule} ${surface}`) ?? defaultAction(rule, surface);
  }
}

type Choice = (typeof ACTION_CHOICES)[ActionSurface][number];

const pick = (surface: ActionSurface, action: string): Choice | undefined =>
  ACTION_CHOICES[surface].find((choice) => choice === action);

/** What can be done there, in the room file's words. */
function notDone(where: string, rule: string, surfaces: readonly ActionSurface[], named: string): UndoneAction {
  const choices = surfaces.map((surface) => {
    const able = doableActions(rule, surface).map((action) => (action === 'drop-caption' ? '"drop"' : `"${action}"`));
    return `${able.join(', ')} on ${surface}`;
  });
  return { where, expected: choices.join('; '), found: `"${named}", which nothing does there` };
}
