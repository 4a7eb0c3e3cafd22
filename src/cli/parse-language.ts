import { InvalidArgumentError } from 'commander';

const NAMES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** For commander: a BCP-47 language, such as `zh`, `zh-Hant` or `pt-BR`. */
export function languageTag(text: string): string {
  try {
    // Longer first parts are allowed by the grammar, but no language has one: "chinese" is a mistake.
    if (/^[a-z]{2,3}(?:[-_]|$)/i.test(text)) {
      const [tag] = Intl.getCanonicalLocales(text.replaceAll('_', '-'));
      // The grammar allows "xx" too, which nobody speaks.
      if (NAMES.of(tag!) !== undefined) return tag!;
    }
  } catch {
    // Not a tag at all: said below.
  }
  throw new InvalidArgumentError(`expected a language such as "en", "zh" or "pt-BR", found "${text}".`);
}
