import type { OnCode } from '../../compliance/gate/replacement.js';
import { RuleActions, type WeakerAction, ruleById, RULES } from '../../moderation/packs/index.js';
import type { RoomConfig } from '../../config/room-config.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { CODE_RULE, type RuleAction } from '../../core/verdict.js';
import type { CheckFault } from '../check-rights.js';
import { OwnWords } from '../../moderation/index.js';

/** Rules that words can break: those judged in speech and captions. */
const RULES_OF_WORDS = RULES.filter(({ surfaces }) => surfaces.includes('speech') && surfaces.includes('caption'));

/**
 * The room's own words; undefined when it has none.
 * @throws EngineError E_ROOM_REFUSED for a rule that no words can break
 */
export function ownWords({
  file,
  compliance: { words },
}: Pick<RoomConfig, 'file' | 'compliance'>): OwnWords | undefined {
  const wrong = words.forbid.findIndex(({ rule }) => !RULES_OF_WORDS.some(({ id }) => id === rule));
  if (wrong >= 0) {
    throw new EngineError('E_ROOM_REFUSED', {
      where: `${file}: compliance.words.forbid[${wrong}].rule`,
      expected: `one of ${RULES_OF_WORDS.map(({ id }) => id).join(', ')}`,
      found: `"${words.forbid[wrong]!.rule}"`,
      todo: 'docs/rules.md describes each rule',
    });
  }
  return words.forbid.length + words.allow.length === 0 ? undefined : new OwnWords(words);
}

/** The warning for an action weaker than the rule table's. */
const weakerInWords = ({ rule, surface, chosen, table }: WeakerAction): string =>
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

/**
 * The room's action for each rule. An action weaker than the rule table's is logged as an error at every start. Throws
 * E_ROOM_REFUSED for unknown rules and surfaces, and for actions that nothing carries out.
 */
export function ruleActions(room: RoomConfig, log: Log): RuleActions {
  const actions = new RuleActions(room.compliance.actions);
  const [unknown] = actions.unknown;
  if (unknown !== undefined) {
    throw new EngineError('E_ROOM_REFUSED', {
      where: `${room.file}: compliance.actions`,
      expected: 'rules and surfaces of the table',
      found: unknown,
      todo: 'docs/rules.md lists the rules',
    });
  }
  const [undone] = actions.undone;
  if (undone !== undefined) {
    const { where, expected, found } = undone;
    throw new EngineError('E_ROOM_REFUSED', {
      where: `${room.file}: ${where}`,
      expected,
      found,
      todo: 'docs/rules.md lists the actions of each rule',
    });
  }
  for (const one of actions.weaker) {
    log.error({ rule: one.rule, surface: one.surface, action: one.chosen, table: one.table }, weakerInWords(one));
  }
  return actions;
}

/** The replacement for a frame with a code, and the name of that action in the ledger. */
export function codeAction(room: RoomConfig, actions: RuleActions): { onCode: OnCode; action: RuleAction } {
  const action = actions.action(CODE_RULE, 'frame') ?? 'blank';
  if (action === 'blur' || action === 'pixelate') return { onCode: action, action };
  if (action === 'hold') return { onCode: 'hold', action };
  // The table's default leaves the choice between slate and held picture to `onCode`.
  if (action === 'blank' && !actions.isChosen(CODE_RULE, 'frame')) return { onCode: room.compliance.onCode, action };
  return { onCode: 'slate', action };
}

/** The error that ends a room when a rule's action is "stop". */
export const stoppedBy = (rule: string): EngineError =>
  new EngineError('E_RULE_STOP', {
    where: `rule ${rule}`,
    expected: 'a show that keeps this rule',
    found: 'a violation; compliance.actions has "stop" for it',
    todo: 'find the entry: engine ledger show --rule ' + rule,
  });
