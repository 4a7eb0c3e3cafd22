/** Where the values of a JSON text stand, so that a message can name the line. */
export interface JsonPlaces {
  /** 1-based line of a value, or of the nearest value around it that is written; undefined for the whole. */
  lineOf(where: string): number | undefined;
  /** The first key that an object has twice; JSON.parse would keep the second and say nothing. */
  readonly duplicate: { readonly where: string; readonly line: number; readonly firstLine: number } | undefined;
}

/** A step further down a path, as messages write it: `layers[1].src`, `actions["3.2"]`. */
export function pathStep(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (!/^[\w$-]+$/.test(String(key))) return `${path}["${String(key)}"]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}

interface Open {
  readonly path: string;
  /** Line of each key of an object; undefined for a list. */
  readonly keys: Map<string, number> | undefined;
  index: number;
}

/** A room file has a tenth of this; deeper values are named by the one around them, as paths of a hostile file would fill the memory. */
const MAX_DEPTH = 100;

/** @param text JSON that JSON.parse takes */
export function jsonPlaces(text: string): JsonPlaces {
  const lines = new Map<string, number>();
  let duplicate: JsonPlaces['duplicate'];
  let line = 1;
  let key: string | undefined;
  // An explicit stack: a hostile file of a million brackets must not overflow ours.
  const open: Open[] = [];
  const token = /\n|"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]|[-\w.+]+/g;
  const begin = (): string => {
    const around = open.at(-1);
    if (around === undefined) return '';
    if (open.length > MAX_DEPTH) return around.path;
    const path = pathStep(around.path, around.keys === undefined ? around.index++ : key!);
    // Of a key that stands twice the first line is known already.
    if (!lines.has(path)) lines.set(path, line);
    return path;
  };
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [sign, colon] = found;
    if (sign === '\n') line += 1;
    else if (sign === '{' || sign === '[')
      open.push({ path: begin(), keys: sign === '{' ? new Map() : undefined, index: 0 });
    else if (sign === '}' || sign === ']') open.pop();
    else if (colon === undefined) begin();
    else {
      key = JSON.parse(sign.slice(0, sign.length - colon.length)) as string;
      const { path, keys } = open.at(-1)!;
      const firstLine = keys!.get(key);
      if (firstLine === undefined) keys!.set(key, line);
      else duplicate ??= { where: pathStep(path, key), line, firstLine };
      line += colon.split('\n').length - 1;
    }
  }
  return {
    duplicate,
    lineOf(where) {
      // Checks name layers with their ids: `layers[1] "logo".src`.
      let path = where.replace(/ "[^"]*"/g, '');
      while (path !== '' && !lines.has(path)) path = path.replace(/(^|\.)[^.[\]]*$|\[("[^"]*"|\d+)\]$/, '');
      return lines.get(path);
    },
  };
}
