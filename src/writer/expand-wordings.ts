/** Wordings that one sentence gives at most. */
const MAX_EXPANDED = 64;

/** "(From|Starting at) {quantity}" as two sentences; the combinations come so that neighbours differ much. */
export function expandWordings(templates: readonly string[]): string[] {
  const each = templates.map(expandOne);
  const longest = Math.max(0, ...each.map((list) => list.length));
  const mixed: string[] = [];
  // One of each template first: those differ more than the alternatives of one.
  for (let i = 0; i < longest; i += 1) for (const list of each) if (i < list.length) mixed.push(list[i]!);
  return [...new Set(mixed)].slice(0, MAX_EXPANDED);
}

function expandOne(template: string): string[] {
  let done = [''];
  for (const part of template.split(/(\([^()]*\|[^()]*\))/)) {
    const isChoice = part.startsWith('(') && part.includes('|') && part.endsWith(')');
    const choices = isChoice ? part.slice(1, -1).split('|') : [part];
    done = choices.flatMap((choice) => done.map((begun) => begun + choice)).slice(0, MAX_EXPANDED);
  }
  return done.map((one) => one.replace(/ {2,}/g, ' ').trim());
}

/** "So, and the certificate?" is no beginning. */
const LINKED = /^(And|Also|Here|Yes|No)$/;

/** The same wordings behind each lead-in; those that begin with a value or a greeting of their own have none. */
export function withLeadIns(wordings: readonly string[], leadIns: readonly string[]): string[] {
  const begun = new Set(leadIns.map((one) => /^[\p{L}’']+/u.exec(one)?.[0]));
  return leadIns.flatMap((leadIn) =>
    wordings.flatMap((one) => {
      const first = /^[\p{L}’']+/u.exec(one)?.[0];
      if (first === undefined || begun.has(first) || LINKED.test(first)) return [];
      const keeps = /^(I|I’m|I'm)$/.test(first) || /^\p{Lu}{2,}/u.test(first);
      return [leadIn + (keeps ? one : one[0]!.toLowerCase() + one.slice(1))];
    }),
  );
}

/** Fills `{slots}`; a value that itself holds braces is not read again. */
export const fillSlots = (template: string, slots: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => slots[name] ?? whole);

/** A slot at the beginning of a sentence. */
const BEGINNING = /(?<=^[¿¡]?|[?!.؟]\s[¿¡]?)\{(\w+)\}/gu;

/** Fills whole sentences: a slot at the beginning of one is written large, but for names such as "iPhone". */
export function fillSentence(template: string, slots: Readonly<Record<string, string>>): string {
  const large = template.replace(BEGINNING, (whole, name: string) =>
    slots[name] === undefined
      ? whole
      : slots[name].replace(/^\p{Ll}(?!\p{Lu})/u, (letter) => letter.toLocaleUpperCase()).replaceAll('{', '\u0001'),
  );
  return fillSlots(large, slots).replaceAll('\u0001', '{');
}

/** Wordings that fit a value which is a clause of its own: those that read it out behind a colon; all where none does. */
export function readingOut(templates: readonly string[]): readonly string[] {
  const fitting = templates.filter((one) => /[:：]\s*\{value\}/.test(one));
  return fitting.length > 0 ? fitting : templates;
}
