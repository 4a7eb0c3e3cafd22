/** Another wording of one line of a script, by the writer's own sentences. */
import { ownWords, ruleActions } from '../../admission/texts/room-rule-actions.js';
import type { RoomConfig } from '../../config/room-config.js';
import { EngineError } from '../../core/errors.js';
import { silentLog } from '../../core/log.js';
import { TextJudge } from '../../moderation/index.js';
import { STYLES, type Style } from '../../writer/plan-schema.js';
import { writeScript } from '../../writer/write-script.js';

/** Long enough that the writer leaves nothing out. */
const MINUTES = 60;
const WORDINGS = 20;
/** Below this share of common words two lines say different things. */
const SAME = 0.2;

/** @throws EngineError E_NOT_FOUND where the writer knows no further wording of it */
export async function anotherWording(room: RoomConfig, segment: number, line: number): Promise<string> {
  const { product: id, lines } = room.script.segments[segment] ?? {};
  const present = lines?.[line];
  if (present === undefined)
    throw new EngineError('E_NOT_FOUND', { where: `segment ${segment + 1}, line ${line + 1}`, found: 'no such line' });
  const language = present.language ?? room.language;
  const own = ownWords(room);
  const judge = new TextJudge({ actions: ruleActions(room, silentLog), ...(own === undefined ? {} : { own }) });
  const products = room.products.filter((one) => one.id === id);
  const used = new Set([present.text, ...present.variants]);
  const words = [...used].map((text) => wordsIn(text, language));
  for (const style of stylesFrom(used.size)) {
    const written = await writeScript({
      products: products.length > 0 ? products : room.products,
      languages: [language],
      roomLanguage: room.language,
      minutes: MINUTES,
      style,
      maxWordings: WORDINGS,
      judge,
      gapMs: room.script.gapMs,
    });
    const same = written.segments
      .filter(({ product }) => product === id)
      .flatMap((one) => one.lines)
      .map(({ text, variants }) => [text, ...variants])
      .map((wordings) => ({ wordings, likeness: likenessOf(words, wordings, language) }))
      .toSorted((a, b) => b.likeness - a.likeness)[0];
    if (same === undefined || same.likeness < SAME) continue;
    const fresh = same.wordings.filter((text) => !used.has(text));
    if (fresh.length > 0) return fresh[used.size % fresh.length]!;
  }
  throw new EngineError('E_NOT_FOUND', {
    where: `segment ${segment + 1}, line ${line + 1}`,
    expected: 'a line that the writer has further wordings of',
    found: 'none left',
    todo: 'double-click the line and write your own',
  });
}

/** Another style each time, so that a second press does not begin where the first ended. */
const stylesFrom = (n: number): Style[] => STYLES.map((_, i) => STYLES[(n + i) % STYLES.length]!);

function likenessOf(of: readonly ReadonlySet<string>[], wordings: readonly string[], language: string): number {
  let best = 0;
  for (const text of wordings) {
    const words = wordsIn(text, language);
    for (const other of of) {
      const common = [...words].filter((word) => other.has(word)).length;
      best = Math.max(best, common / Math.max(1, Math.min(words.size, other.size)));
    }
  }
  return best;
}

const wordsIn = (text: string, language: string): ReadonlySet<string> =>
  new Set(
    Array.from(new Intl.Segmenter(language, { granularity: 'word' }).segment(text.toLowerCase()))
      .filter(({ isWordLike }) => isWordLike)
      .map(({ segment }) => segment),
  );
