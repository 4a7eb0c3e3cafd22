import { InvalidArgumentError } from 'commander';

const NAMES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** For commander: a BCP-47 language, such as `zh`, `zh-Hant` or `pt-BR`. */
export function languageTag(text: string): string {
  try {
    // The grammar allows longer first parts, but no language has one: "chinese" is a mistake.
    if (/^[a-z]{2,3}(?:[-_]|$)/i.test(text)) {
      const [tag] = Intl.getCanonicalLocales(text.replaceAll('_', '-'));
      // The grammar also allows "xx", which is no language.
      if (NAMES.of(tag!) !== undefined) return tag!;
    }
  } catch {
    // Not a tag: the error is thrown below.
  }
  throw new InvalidArgumentError(`expected a language such as "en", "zh" or "pt-BR", found "${text}".`);
}
