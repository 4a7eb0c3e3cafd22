import { OwnWords } from '../../moderation/index.js';
import { RULES } from '../../moderation/packs/index.js';
import type { RoomConfig } from '../../config/room-config.js';
import { EngineError } from '../../core/errors.js';

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
