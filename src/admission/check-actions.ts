import { type RuleActions, type WeakerAction, ruleById } from '../moderation/packs/index.js';
import type { CheckFault } from './check-fault.js';

/** The warning for an action weaker than the rule table's. */
export const weakerInWords = ({ rule, surface, chosen, table }: WeakerAction): string =>
  `"${chosen}" on ${surface}, WEAKER than the table's "${table}": more of "${ruleById(rule)?.title.en}" reaches viewers`;

/** Faults of `compliance.actions`: weaker actions, unknown rules or surfaces, and actions nothing carries out. */
export const checkActions = ({ weaker, unknown, undone }: RuleActions): CheckFault[] => [
  ...weaker.map((one): CheckFault => ({
    severity: 'warning',
    where: `compliance.actions["${one.rule}"]`,
    expected: `"${one.table}" or stronger`,
    found: weakerInWords(one),
    rule: one.rule,
  })),
  ...unknown.map((found): CheckFault => ({
    severity: 'fault',
    where: 'compliance.actions',
    expected: 'rules and surfaces of the table',
    found,
  })),
  ...undone.map((one): CheckFault => ({ severity: 'fault', ...one })),
];
