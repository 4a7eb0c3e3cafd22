/** The fault of one try. */
export class ChatFault extends Error {
  constructor(
    message: string,
    /** Whether another try may do better. */
    readonly passes: boolean,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}
