import type { RoomConfig } from '../config/room-config.js';
import { toEngineError } from '../core/errors.js';
import type { OwnWords } from '../moderation/index.js';
import { ownWords } from '../admission/texts/room-rule-actions.js';
import type { CheckFault } from '../admission/check-fault.js';

/** The room's own words. With a fault in them the other texts are judged without them. */
export function checkOwnWords(room: RoomConfig): { own: OwnWords | undefined; faults: readonly CheckFault[] } {
  try {
    return { own: ownWords(room), faults: [] };
  } catch (cause) {
    const { where, expected = 'known rules', found, message, todo } = toEngineError(cause, 'compliance.words');
    const place = where?.replace(`${room.file}: `, '') ?? 'compliance.words';
    const fault = { where: place, expected, found: found ?? message, ...(todo === undefined ? {} : { todo }) };
    return { own: undefined, faults: [{ severity: 'fault', ...fault }] };
  }
}
