/** A started resource. `close()` is idempotent and may be called by anyone. */
export interface Closeable {
  close(): Promise<void>;
}
