import type { OnCode } from '../../compliance/gate/replacement.js';
import { RuleActions } from '../../moderation/packs/index.js';
import type { RoomConfig } from '../../config/room-config.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { CODE_RULE, type RuleAction } from '../../core/verdict.js';
import { weakerInWords } from '../check-actions.js';

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
