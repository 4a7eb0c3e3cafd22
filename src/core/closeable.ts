/** Anything that was started. `close()` may be called any number of times and by anyone. */
export interface Closeable {
  close(): Promise<void>;
}
