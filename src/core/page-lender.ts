/**
 * Puts memory pages into a pipe without copying them (vmsplice(2)). Lent memory must not change until the reader has
 * consumed it, because the pipe refers to the pages themselves.
 */
export interface PageLender {
  /** Capacity of the pipe in bytes; 0 when unknown. */
  capacity(fd: number): number;
  /** Unread bytes in the pipe; 0 when it has no reader any more. */
  held(fd: number): number;
  /**
   * Lends `bytes[start, end)`, waiting for room on another thread. `done` gets the bytes lent, and 0 or the errno that
   * stopped it.
   */
  lend(fd: number, bytes: Uint8Array, start: number, end: number, done: (errno: number, taken: number) => void): void;
}
