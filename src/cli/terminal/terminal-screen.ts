import { displayWidth } from './display-width.js';
import { visibleLine, writeOwn } from './safe-output.js';

/** A terminal, or its stand-in in tests. */
export interface TerminalStream {
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const USUAL_COLUMNS = 80;

/**
 * Scrolling lines with a status line below them.
 *
 * Rule: erasing the status line, writing the new line and drawing the status line again is one write, so that neither
 * is ever torn. A narrowed terminal has wrapped the status line: all its rows are erased.
 */
export class TerminalScreen {
  private status = '';
  private ended = false;

  constructor(private readonly out: TerminalStream) {}

  /**
   * Three less than the terminal's: a full line wraps on some terminals, and the `^C` of Ctrl-C is written after it.
   */
  get columns(): number {
    return Math.max(10, (this.out.columns || USUAL_COLUMNS) - 3);
  }

  /** Prints a permanent line; it may be longer than the terminal is wide. */
  print(line: string): void {
    if (!this.ended) writeOwn(this.out, `${this.erase()}${visibleLine(line)}\n${this.status}`);
  }

  /** Sets the status line; at most `columns` wide, empty for none. */
  show(status: string): void {
    if (this.ended) return;
    const erase = this.erase();
    this.status = visibleLine(status);
    writeOwn(this.out, erase + this.status);
  }

  /** The terminal is gone: writes nothing any more. */
  leave(): void {
    this.ended = true;
  }

  /** Takes over writes to a stream of the same terminal; returns a function that undoes it. */
  guard(stream: NodeJS.WriteStream): () => void {
    const write: unknown = Reflect.get(stream, 'write');
    let rest = '';
    stream.write = ((chunk: string | Uint8Array, ...more: unknown[]): boolean => {
      const lines = (rest + Buffer.from(chunk as string).toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.print(line);
      const done = more.at(-1);
      if (typeof done === 'function') process.nextTick(done);
      return true;
    }) as typeof stream.write;
    return () => {
      Reflect.set(stream, 'write', write);
      if (rest !== '') this.print(rest);
      rest = '';
    };
  }

  private erase(): string {
    if (this.status === '') return '';
    const rows = Math.ceil(displayWidth(this.status) / (this.out.columns || USUAL_COLUMNS));
    return rows <= 1 ? '\r\u001b[2K' : `\r\u001b[${rows - 1}A\u001b[J`;
  }
}
