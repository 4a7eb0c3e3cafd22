import type { Product } from '../config/sections/product.js';
import type { Surface, TextVerdict } from '../core/verdict.js';

/** The inputs of a verdict besides the text and the rules. */
interface Context {
  readonly surface: Surface;
  readonly language: string;
  readonly entry?: readonly Product[];
  readonly viewerNames?: readonly string[];
}

/** Lines of a script with all their wordings; a show repeats them for weeks. */
const MAX_VERDICTS = 400;
/** Longer texts are rarely judged twice. */
const MAX_CHARACTERS = 600;

/**
 * Verdicts on the texts judged last. A verdict depends on the text, its context and the judge's rules, which never
 * change; listings are compared as objects, since changed ones come in a new array.
 */
export class VerdictMemory {
  private readonly byListings = new WeakMap<readonly Product[], Map<string, TextVerdict>>();
  private readonly withoutListings = new Map<string, TextVerdict>();

  /** The verdict on a text, judged only if it is not remembered. */
  of(text: string, context: Context, judge: () => TextVerdict): TextVerdict {
    const { surface, language, entry, viewerNames = [] } = context;
    if (text.length > MAX_CHARACTERS || viewerNames.length > 0) return judge();
    const known = this.verdicts(entry);
    const key = `${surface} ${language} ${text}`;
    const found = known.get(key) ?? judge();
    // Most recently used last.
    known.delete(key);
    known.set(key, found);
    if (known.size > MAX_VERDICTS) known.delete(known.keys().next().value!);
    return found;
  }

  private verdicts(entry: readonly Product[] | undefined): Map<string, TextVerdict> {
    if (entry === undefined) return this.withoutListings;
    let known = this.byListings.get(entry);
    if (known === undefined) this.byListings.set(entry, (known = new Map()));
    return known;
  }
}
