import { applyEdits, findNodeAtLocation, modify, parseTree, type JSONPath } from 'jsonc-parser';

/** Formatting options that continue the style of a JSON text. */
function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const tabs = indent.startsWith('\t');
  return { insertSpaces: !tabs, tabSize: tabs ? 1 : indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

/**
 * Sets a value in a JSON text and leaves the rest as it is written; undefined removes it. A new or larger value is laid
 * out over lines, together with its neighbours on the same line.
 */
export function setJson(text: string, path: JSONPath, value: unknown, isArrayInsertion = false): string {
  const tree = parseTree(text);
  const isThere = tree !== undefined && !isArrayInsertion && findNodeAtLocation(tree, path) !== undefined;
  const isPlain = value !== undefined && (typeof value !== 'object' || value === null);
  const formatting = isThere && isPlain ? {} : { formattingOptions: formattingOf(text) };
  return applyEdits(text, modify(text, path, value, { ...formatting, isArrayInsertion }));
}

/**
 * Returns the offset of the first character at which a text stops being JSON (RFC 8259), or undefined when it is valid
 * JSON. V8 reports the offset only for some faults, and only inside its message.
 */
export function jsonFaultOffset(text: string): number | undefined {
  let at = 0;
  const space = /[ \t\r\n]*/y;
  // JSON forbids control characters inside strings, so the patterns have to name them.
  const scalar =
    // oxlint-disable-next-line no-control-regex
    /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return false;
    at = pattern.lastIndex;
    return true;
  };
  const takeChar = (c: string): boolean => {
    take(space);
    if (text[at] !== c) return false;
    at += 1;
    return true;
  };
  // oxlint-disable-next-line no-control-regex
  const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
  // An explicit stack: a hostile file of a million brackets must not overflow the call stack.
  const open: string[] = [];
  for (;;) {
    take(space);
    if (text[at] === '{' || text[at] === '[') {
      const close = text[at] === '{' ? '}' : ']';
      at += 1;
      if (!takeChar(close)) {
        open.push(close);
        if (close === '}' && !(take(space) && take(string) && takeChar(':'))) return at;
        continue;
      }
    } else if (!take(scalar)) return at;
    for (;;) {
      const close = open.at(-1);
      if (close === undefined) {
        take(space);
        return at === text.length ? undefined : at;
      }
      if (takeChar(close)) {
        open.pop();
        continue;
      }
      if (!takeChar(',')) return at;
      if (close === '}' && !(take(space) && take(string) && takeChar(':'))) return at;
      break;
    }
  }
}

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
