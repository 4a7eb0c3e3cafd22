import { readFileSync } from 'node:fs';
import type { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import type { Product } from '../../config/sections/product.js';
import type { LedgerEntry, TextHit } from '../../core/verdict.js';
import { baseLanguage, type TextJudge } from '../../moderation/index.js';
import type { SpokenText } from '../../speech/spoken-text.js';
import { Listings } from '../../show/listings.js';
import { judgeSpoken } from '../../show/judge-spoken.js';
import { templatePath } from '../../core/files/paths.js';
import { withoutTail } from './comments/comment-reader.js';
import { maskedNames } from './names/masked-name.js';

/**
 * Names that may be spoken and shown: given names from a list, never what a viewer typed.
 *
 * Problem: a list of forbidden names never ends. A telephone number in words, an account in plain letters, an insult with
 * one foreign letter are all names of viewers somewhere.
 * Rule: a name is said only if its first word is a given name of the list, and all of it are letters of one script with
 * blanks between them. What is said is the list's spelling of that one word.
 */
class GivenNames {
  private readonly names: ReadonlyMap<string, string>;

  constructor(names: Iterable<string>) {
    this.names = new Map([...names].map((name) => [keyOf(name), name]));
  }

  get size(): number {
    return this.names.size;
  }

  /** The given name of a viewer as the list spells it; undefined for any other name. */
  of(user: string): string | undefined {
    const name = user.normalize('NFC').trim();
    if (name.length > MAX_NAME_CHARS || !SCRIPTS.some((script) => script.test(name))) return undefined;
    const [first = ''] = name.split(/\s+/u);
    return this.names.get(keyOf(first));
  }
}

const MAX_NAME_CHARS = 40;
const SCRIPTS = ['Latin', 'Cyrillic', 'Arabic', 'Devanagari', 'Thai', 'Han', 'Hangul', 'Hiragana', 'Katakana'].map(
  (script) => new RegExp(`^[\\p{Script=${script}}\\p{M}]+(?: +[\\p{Script=${script}}\\p{M}]+){0,3}$`, 'u'),
);
const keyOf = (name: string): string => name.normalize('NFC').toLowerCase();

let own: GivenNames | undefined;

/** The project's list, read once. */
export function givenNames(): GivenNames {
  own ??= new GivenNames(
    readFileSync(templatePath('names/given-names.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .flatMap((line) => line.split(' ')),
  );
  return own;
}

/** A viewer's comment: `unshown` may be answered, not shown or repeated. */
export type CommentVerdict = 'clean' | 'unshown' | 'hostile';

/** Insults, contacts, payments, forbidden matter, other people's data: no answer, not even a harmless one. */
const HOSTILE_RULES: ReadonlySet<string> = new Set([
  '1.1',
  '1.2',
  '1.3',
  '3.1',
  '3.2',
  '3.3',
  '4.1',
  '4.2',
  '5.2',
  '5.3',
  '5.12',
  'P',
]);
const LANGUAGE_RULE = '5.6';
/** What the line model finds in a line without a forbidden word. */
const GUESSED_KIND = 'sense';
const MAX_NAMES = 2000;
const NAME_SURFACES = ['caption', 'speech'] as const;

interface ShownName {
  readonly given: string | undefined;
  readonly mask: string | undefined;
}

const isMild = ({ action }: TextHit): boolean => action === 'warn' || action === 'review';

export interface ReplyJudgeOptions {
  readonly judge: TextJudge;
  /** As they are now. */
  readonly products: () => readonly Product[];
  readonly language: string;
  /** Default: the project's list. */
  readonly givenNames?: GivenNames;
  /** The text as a voice reads it. */
  readonly spoken: (text: string, language: string) => SpokenText;
  readonly spam: ReplyWatch;
  readonly note: (entry: LedgerEntry) => void;
  readonly nowMs: () => number;
}

/** Judges viewers' comments and names, and the answers to them. */
export class ReplyJudge {
  private listings: Listings;
  private readonly names = new Map<string, ShownName>();

  constructor(private readonly options: ReplyJudgeOptions) {
    this.listings = new Listings(options.products());
  }

  /**
   * Whether the host is an AI must be answered, and a question whose meaning is sure may be: there neither the line
   * model's guess nor laughter ("kkk") makes a comment hostile, though it is not shown.
   */
  comment(text: string, language: string, isUnderstood = false): CommentVerdict {
    const verdict = this.verdictOn(text, language);
    if (verdict !== 'hostile' || !isUnderstood) return verdict;
    return this.verdictOn(withoutTail(text), language, GUESSED_KIND) === 'hostile' ? 'hostile' : 'unshown';
  }

  private verdictOn(text: string, language: string, forgiven?: string): CommentVerdict {
    const { judge } = this.options;
    const { hits } = judge.judge(text, { surface: 'caption', language });
    const grave = hits.filter((hit) => !isMild(hit) && hit.rule !== LANGUAGE_RULE);
    if (grave.some(({ rule, kind }) => HOSTILE_RULES.has(rule) && kind !== forgiven)) return 'hostile';
    return grave.length > 0 ? 'unshown' : 'clean';
  }

  /** The given name as it may be spoken and shown; undefined for any other name. */
  name(user: string): string | undefined {
    return this.shownName(user).given;
  }

  /** "k•••g" for the panel, where there is no given name; undefined for a name that must not be guessed either. */
  mask(user: string): string | undefined {
    return this.shownName(user).mask;
  }

  /** Whether names may stand side by side in a line: "Li" and "Ne" read as one word. */
  together(names: readonly string[], language: string): boolean {
    return ['', ' '].every((joiner) => this.isClean(names.join(joiner), [language, this.options.language]));
  }

  private shownName(user: string): ShownName {
    const known = this.names.get(user);
    if (known !== undefined) return known;
    const { language } = this.options;
    const given = (this.options.givenNames ?? givenNames()).of(user);
    const shown: ShownName =
      given !== undefined && this.isClean(given, [language])
        ? { given, mask: undefined }
        : { given: undefined, mask: this.isClean(user, [language, 'en']) ? maskedNames().of(user) : undefined };
    this.names.set(user, shown);
    if (this.names.size > MAX_NAMES) this.names.delete(this.names.keys().next().value!);
    return shown;
  }

  private isClean(name: string, languages: readonly string[]): boolean {
    const { judge } = this.options;
    return [...new Set(languages)].every((language) =>
      NAME_SURFACES.every((surface) =>
        judge.judge(name, { surface, language }).hits.every(({ rule }) => rule === LANGUAGE_RULE),
      ),
    );
  }

  /** The hits that forbid an answer, as spoken and as a caption; empty for a clean one. */
  refusals(text: string, language: string, shown: string | null): readonly TextHit[] {
    const { judge, spoken } = this.options;
    const products = this.options.products();
    if (this.listings.products !== products) this.listings = new Listings(products);
    const entry = this.listings.of(shown, text);
    const said = spoken(text, language);
    const heard = [
      ...judgeSpoken(judge, text, said, { surface: 'reply', language, entry }).hits,
      ...judgeSpoken(judge, text, said, { surface: 'speech', language, entry }).hits,
    ];
    return [...heard, ...judge.judge(text, { surface: 'caption', language, entry }).hits].filter((hit) => !isMild(hit));
  }

  /** Why the answer counts as spam (rule 2.3); an allowed answer is remembered. */
  spam(text: string): TextHit | undefined {
    const { spam, nowMs } = this.options;
    const found = spam.judge(text, nowMs());
    return found && { rule: found.rule, kind: found.kind, start: 0, end: text.length, match: text, action: 'skip' };
  }

  /** Records refused words. */
  record(hits: readonly TextHit[]): void {
    for (const { rule, kind, match } of hits)
      this.options.note({
        kind: 'text',
        rule,
        surface: 'reply',
        action: 'refuse',
        evidence: match.slice(0, 200),
        detail: { kind },
      });
  }

  isRoomLanguage(language: string): boolean {
    return baseLanguage(language) === baseLanguage(this.options.language);
  }
}
