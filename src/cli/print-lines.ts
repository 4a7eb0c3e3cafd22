import { EngineError } from '../core/errors.js';

/** Prints to standard output line by line, at the reader's speed. */
export class LinePrinter {
  /** Set when nobody reads any more (`… | head`): printing ends without an error. */
  closed = false;
  private failure: Error | undefined;

  constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {
    stream.on('error', (e: NodeJS.ErrnoException) => {
      this.closed = true;
      if (e.code !== 'EPIPE') this.failure = e;
    });
  }

  /**
   * Resolves when the next line may be printed.
   * @throws EngineError E_INTERNAL when the output cannot be written (a full disk, say)
   */
  async print(line: string): Promise<void> {
    if (this.failure !== undefined) {
      const found = this.failure.message;
      throw new EngineError('E_INTERNAL', { where: 'standard output', expected: 'a writable output', found });
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
 * Untrusted text for one line of a terminal: characters that move the cursor, colour the screen or change the writing
 * direction become spaces, and long texts are cut.
 */
export function onOneLine(text: string, longest = 80): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  const characters = Array.from(plain);
  return characters.length <= longest ? plain : `${characters.slice(0, longest - 1).join('')}…`;
}
