import { ACTION_CHOICES, type ActionsConfig, type ActionSurface } from '../../config/actions.js';
import type { RuleAction, Surface } from '../../core/verdict.js';
import { defaultAction, ruleById } from './rule-table.js';

/** An action of the room file that lets through more than the table does. */
export interface WeakerAction {
  readonly rule: string;
  readonly surface: Surface;
  readonly chosen: RuleAction;
  readonly table: RuleAction;
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
  private readonly chosen = new Map<string, RuleAction>();

  constructor(config: ActionsConfig) {
    const weaker: WeakerAction[] = [];
    const unknown: string[] = [];
    for (const [rule, choice] of Object.entries(config)) {
      if (ruleById(rule) === undefined) {
        unknown.push(`${rule}: no such rule`);
        continue;
      }
      let used = false;
      for (const surface of SURFACES) {
        const named = typeof choice === 'string' ? pick(surface, choice) : choice[surface];
        if (named === undefined) continue;
        const table = defaultAction(rule, surface);
        if (table === undefined) {
          if (typeof choice !== 'string') unknown.push(`${rule}.${surface}: the rule is not looked for there`);
          continue;
        }
        used = true;
        const chosen: RuleAction = named === 'drop' ? 'drop-caption' : named;
        this.chosen.set(`${rule} ${surface}`, chosen);
        if (STRENGTH[chosen] < STRENGTH[table]) weaker.push({ rule, surface, chosen, table });
      }
      if (typeof choice === 'string' && !used) unknown.push(`${rule}: "${choice}" is done on none of its surfaces`);
    }
    this.weaker = weaker;
    this.unknown = unknown;
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
