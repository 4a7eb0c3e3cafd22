/**
 * The last write to a terminal.
 *
 * Problem: names of files, keys of JSON, pages and answers of servers hold what they like, and any of them may end up in
 * a message. An escape sequence clears the screen, sets the title or hides what follows.
 * Rule: everything that is written to standard output or standard error has its controls made visible, whoever writes
 * it. Our own sequences go through `writeOwn`, which takes no text of strangers.
 */
import { visibleText } from '../../core/visible-text.js';

interface Output {
  write(text: string): unknown;
}

const originals = new WeakMap<object, Output>();
const CLEAR_LINE = '\r\u001b[2K';

/** Makes a standard stream safe for the rest of the process; idempotent. */
export function guardOutput(stream: NodeJS.WriteStream): void {
  if (originals.has(stream)) return;
  const write = stream.write.bind(stream) as (chunk: string | Uint8Array, ...more: unknown[]) => boolean;
  originals.set(stream, { write: (text) => write(text) });
  stream.write = ((chunk: string | Uint8Array, ...more: unknown[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return write(visibleText(text), ...more);
  }) as typeof stream.write;
}

/** Writes our own escape sequences, with text that was made visible before. */
export function writeOwn(stream: Output, text: string): void {
  (originals.get(stream) ?? stream).write(text);
}

/** Rewrites the terminal's last line; empty clears it. */
export const writeProgress = (stream: Output, text: string): void =>
  writeOwn(stream, `${CLEAR_LINE}${visibleText(text.replaceAll('\n', ' '))}`);

// oxlint-disable-next-line no-control-regex
const COLOURS = /(\u001b\[\d{0,2}m)/;

/** A line that our own code coloured: colours stay, everything else is made visible. */
export const visibleLine = (line: string): string =>
  line
    .split(COLOURS)
    .map((part) => (COLOURS.test(part) ? part : visibleText(part)))
    .join('');
