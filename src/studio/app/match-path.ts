/** Parameters of a path that has the pattern's form, else null. */
export function matchPath(pattern: string, at: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const found = at.replace(/(.)\/$/, '$1').split('/');
  if (wanted.length !== found.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = found[index] ?? '';
    if (part.startsWith(':')) {
      if (value === '') return null;
      params[part.slice(1)] = decodeURIComponent(value);
    } else if (part !== value) return null;
  }
  return params;
}
