/**
 * A signal that aborts with another one, or after a time.
 *
 * Problem: `AbortSignal.any()` over `AbortSignal.timeout()` is held by nobody while a request waits. Node.js 20 collects it
 * as garbage, and the limit never comes.
 * Rule: a timer and a listener hold it until `end()`, which the caller has to call.
 */
export class TimeLimit {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private over = false;

  constructor(
    timeoutMs: number,
    private readonly outer?: AbortSignal,
  ) {
    this.timer = setTimeout(() => {
      this.over = !this.signal.aborted;
      this.controller.abort(new DOMException(`no end within ${timeoutMs / 1000} s`, 'TimeoutError'));
    }, timeoutMs);
    if (outer?.aborted === true) this.onAbort();
    else outer?.addEventListener('abort', this.onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether the time ran out, before the outer signal. */
  get isOver(): boolean {
    return this.over;
  }

  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.onAbort);
  }

  private readonly onAbort = (): void => this.controller.abort(this.outer?.reason);
}
