import { clauseAround } from '../../moderation/index.js';
import type { TextHit } from '../../core/verdict.js';

/** An app, with which a name is said; a telephone number is a find of its own. */
const isAccount = ({ rule, kind }: TextHit): boolean => rule === '3.2' && kind !== 'phone';

/** The hits of a line with all that is not to be heard with them. */
export const unheardPlaces = (text: string, hits: readonly TextHit[]): TextHit[] =>
  hits.map((h) => (isAccount(h) ? { ...h, ...clauseAround(text, h) } : h));
