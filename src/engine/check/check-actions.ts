import { type RuleActions, type WeakerAction, ruleById } from '../../moderation/packs/index.js';
import type { CheckFault } from './check-fault.js';

/** What a person is told of an action that is weaker than the table's. */
export const weakerInWords = ({ rule, surface, chosen, table }: WeakerAction): string =>
  `"${chosen}" on ${surface}, WEAKER than the table's "${table}": more of "${ruleById(rule)?.title.en}" reaches viewers`;

/** Says what of `compliance.actions` is weaker than the table, names nothing that is judged, or is not done. */
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
