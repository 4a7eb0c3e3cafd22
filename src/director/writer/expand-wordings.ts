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

/** Fills `{slots}`; a value that itself holds braces is not read again. */
export const fillSlots = (template: string, slots: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => slots[name] ?? whole);

/** Wordings that fit a value which is a clause of its own: those that read it out behind a colon; all where none does. */
export function readingOut(templates: readonly string[]): readonly string[] {
  const fitting = templates.filter((one) => /[:：]\s*\{value\}/.test(one));
  return fitting.length > 0 ? fitting : templates;
}
