import { displayWidth } from './display-width.js';

/** A terminal, or what stands in for one in tests. */
export interface TerminalStream {
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const USUAL_COLUMNS = 80;

/**
 * Lines that scroll, and below them one that is kept up to date.
 *
 * Rule: the status line is erased, the new line written and the status line drawn again in one write, so that neither is
 * ever torn. A terminal that was made narrower has wrapped the status line: all its rows are erased.
 */
export class TerminalScreen {
  private status = '';
  private ended = false;

  constructor(private readonly out: TerminalStream) {}

  /** Three less than there are: a full line wraps on some terminals, and the `^C` of Ctrl-C is written behind it. */
  get columns(): number {
    return Math.max(10, (this.out.columns || USUAL_COLUMNS) - 3);
  }

  /** A line that stays; it may be longer than the terminal is wide. */
  print(line: string): void {
    if (!this.ended) this.out.write(`${this.erase()}${line}\n${this.status}`);
  }

  /** What the status line says from now on; at most `columns` wide, empty for none. */
  show(status: string): void {
    if (this.ended) return;
    const erase = this.erase();
    this.status = status;
    this.out.write(erase + status);
  }

  /** The terminal is gone: nothing is written any more. */
  leave(): void {
    this.ended = true;
  }

  /** Takes over what others write to a stream of the same terminal; returns the way back. */
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
