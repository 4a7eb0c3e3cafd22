/** Compared without case, accents and signs. */
export const foldName = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** "Power (W)" and "Net weight/kg": the name and the unit that it carries. */
export function nameWithUnit(name: string): { readonly name: string; readonly unit: string | undefined } {
  const found =
    /^(.{2,60}?)\s*[(（[]\s*([^()（）[\]]{1,12})\s*[)）\]]\s*[:：]?$/u.exec(name.trim()) ??
    /^(.{2,60}?)\s*[/,，]\s*(\p{L}{1,3})$/u.exec(name.trim());
  return found === null ? { name: name.trim(), unit: undefined } : { name: found[1]!, unit: found[2]!.trim() };
}
