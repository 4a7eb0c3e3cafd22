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
