export const MIN_PASSWORD = 10;

/** How hard a password is to guess, in four steps; by its length and how many different characters it has. */
export function strengthOf(password: string): 0 | 1 | 2 | 3 | 4 {
  const different = new Set(password.toLowerCase()).size;
  if (password.length < MIN_PASSWORD || different < 5) return password.length === 0 ? 0 : 1;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length;
  const bits = password.length * Math.log2(Math.max(2, different)) + kinds * 4;
  if (bits > 76) return 4;
  return bits > 52 ? 3 : 2;
}
