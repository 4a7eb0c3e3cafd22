/**
 * Puts pages of memory into a pipe without copying them (vmsplice(2)). What was lent must stay as it is until the
 * reader has taken it: the pipe shows the pages themselves.
 */
export interface PageLender {
  /** Bytes that this pipe holds at most; 0 when that is not known. */
  capacity(fd: number): number;
  /** Bytes in this pipe that were not read yet; 0 when nobody reads it any more. */
  held(fd: number): number;
  /**
   * Lends `bytes[start, end)`, waiting for room on another thread. `done` gets the bytes taken, and 0 or the errno of what
   * kept it from taking all.
   */
  lend(fd: number, bytes: Uint8Array, start: number, end: number, done: (errno: number, taken: number) => void): void;
}
