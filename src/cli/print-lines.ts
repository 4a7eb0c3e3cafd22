import { EngineError } from '../core/errors.js';

/** Standard output as a program down the pipe reads it: line by line, no faster than it takes them. */
export class LinePrinter {
  /** Set when nobody reads any more (`… | head`): there is nothing left to do, and nothing went wrong. */
  closed = false;
  private failure: Error | undefined;

  constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {
    stream.on('error', (e: NodeJS.ErrnoException) => {
      this.closed = true;
      if (e.code !== 'EPIPE') this.failure = e;
    });
  }

  /**
   * Resolves when the next line may come.
   * @throws EngineError E_INTERNAL when the output can't be written (a full disk, say)
   */
  async print(line: string): Promise<void> {
    if (this.failure !== undefined) {
      const found = this.failure.message;
      throw new EngineError('E_INTERNAL', { where: 'standard output', expected: 'to be written', found });
    }
    if (this.closed || this.stream.write(`${line}\n`)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.stream.off('drain', done).off('error', done).off('close', done);
        resolve();
      };
      this.stream.on('drain', done).on('error', done).on('close', done);
    });
  }
}

export const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/**
 * A text from outside on one line of a terminal: what could move the cursor, colour the screen or turn the
 * direction of writing shows as a space, and long ones are cut.
 */
export function onOneLine(text: string, longest = 80): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  const characters = Array.from(plain);
  return characters.length <= longest ? plain : `${characters.slice(0, longest - 1).join('')}…`;
}
