/** Maps the values of a JSON text to lines, so that a message can name the line. */
export interface JsonPlaces {
  /** 1-based line of a value, or of the nearest enclosing value; undefined for the whole document. */
  lineOf(where: string): number | undefined;
  /** The first duplicate key of an object; JSON.parse would silently keep the second value. */
  readonly duplicate: { readonly where: string; readonly line: number; readonly firstLine: number } | undefined;
}

/** Extends a path by one key, in the notation of messages: `layers[1].src`, `actions["3.2"]`. */
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

/**
 * Room files nest a tenth as deep. Deeper values are reported at this depth, so that a hostile file cannot fill the
 * memory with paths.
 */
const MAX_DEPTH = 100;

/** @param text valid JSON */
export function jsonPlaces(text: string): JsonPlaces {
  const lines = new Map<string, number>();
  let duplicate: JsonPlaces['duplicate'];
  let line = 1;
  let key: string | undefined;
  // An explicit stack: a hostile file of a million brackets must not overflow the call stack.
  const open: Open[] = [];
  const token = /\n|"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]|[-\w.+]+/g;
  const begin = (): string => {
    const around = open.at(-1);
    if (around === undefined) return '';
    if (open.length > MAX_DEPTH) return around.path;
    const path = pathStep(around.path, around.keys === undefined ? around.index++ : key!);
    // A duplicate key keeps its first line.
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
      // Cross-checks include the layer's id: `layers[1] "logo".src`.
      let path = where.replace(/ "[^"]*"/g, '');
      while (path !== '' && !lines.has(path)) path = path.replace(/(^|\.)[^.[\]]*$|\[("[^"]*"|\d+)\]$/, '');
      return lines.get(path);
    },
  };
}
