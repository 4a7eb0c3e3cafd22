/** "Running shoes" and "earbuds" are several to an English ear; "dress" and "glass" are one. */
const ONE = /(?:ss|us|is|lens|gas|canvas|series|chassis)$/i;

/** Whether an English name of a product is a plural. */
export const isPlural = (name: string): boolean =>
  /[a-z]s$/i.test(name) && !ONE.test(name) && !/\bset of\b/i.test(name);

/** Verbs of the sentences that tables and plans begin with "It". */
const VERBS: Readonly<Record<string, string>> = { is: 'are', has: 'have', does: 'do', goes: 'go', carries: 'carry' };

/** "It weighs 260 grams." as one says it of shoes: "They weigh 260 grams." */
export function ofSeveral(sentence: string): string {
  return sentence
    .replace(/^Its\b/, 'Their')
    .replace(/(^|[,:] (?:so )?)([Ii]t) (\([^()]*\)|[a-z]+)/g, (_, before: string, it: string, verb: string) => {
      const they = it === 'It' ? 'They' : 'they';
      return `${before}${they} ${verb.startsWith('(') ? verb.replace(/(?<=[(|])[a-z]+/g, pluralVerb) : pluralVerb(verb)}`;
    });
}

const pluralVerb = (verb: string): string => VERBS[verb] ?? verb.replace(/s$/, '');
