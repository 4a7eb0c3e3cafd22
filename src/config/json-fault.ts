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
