import { INTERRUPTED } from './report-failure.js';

export interface StopSignals {
  readonly signal: AbortSignal;
  /** Called once, on the first signal. */
  onStop: () => void;
  /** The terminal was closed. */
  onHangup: () => void;
  /** Acts as if a signal had arrived. */
  stop(): void;
  close(): void;
}

/** A wrapper may repeat a Ctrl-C that the terminal already sent: within this time it counts as the same. */
const SAME_MS = 1000;

/**
 * Ctrl-C and SIGTERM stop; another one, a second later or more, ends the process at once. SIGHUP does not end a show,
 * since the window of an SSH session may close.
 */
export function stopSignals(
  exit: (code: number) => void = (code) => process.exit(code),
  nowMs: () => number = () => performance.now(),
): StopSignals {
  const controller = new AbortController();
  let firstMs = 0;
  const self: StopSignals = {
    signal: controller.signal,
    onStop: () => undefined,
    onHangup: () => undefined,
    stop() {
      if (controller.signal.aborted) return;
      firstMs = nowMs();
      controller.abort();
      self.onStop();
    },
    close: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGHUP', onHangup),
  };
  function onSignal(): void {
    if (!controller.signal.aborted) self.stop();
    else if (nowMs() - firstMs >= SAME_MS) exit(INTERRUPTED);
  }
  function onHangup(): void {
    self.onHangup();
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onHangup);
  return self;
}
