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

export interface StopLimits {
  /** From the signal to the end; below the service manager's own limit. */
  readonly wholeMs: number;
  /** For what is still open once everything is closed. */
  readonly afterCloseMs: number;
}
const LIMITS: StopLimits = { wholeMs: 18_000, afterCloseMs: 2000 };

/**
 * Ends the process whatever still runs: a thread of a library that hangs keeps it alive, and a plain exit would wait for
 * that thread.
 */
function endNow(): void {
  process.stderr.write('engine: something did not end in time, the process is ended 有任务未能按时结束，强制退出\n');
  process.kill(process.pid, 'SIGKILL');
}

/**
 * Ctrl-C and SIGTERM stop; another one, a second later or more, ends the process at once. SIGHUP does not end a show,
 * since the window of an SSH session may close. A stop always ends: by itself, or by its limits.
 */
export function stopSignals(
  exit: (code: number) => void = (code) => process.exit(code),
  nowMs: () => number = () => performance.now(),
  { wholeMs, afterCloseMs }: StopLimits = LIMITS,
): StopSignals {
  const controller = new AbortController();
  let firstMs = 0;
  let last: NodeJS.Timeout | undefined;
  const endWithin = (ms: number): void => {
    clearTimeout(last);
    last = setTimeout(endNow, ms).unref();
  };
  const self: StopSignals = {
    signal: controller.signal,
    onStop: () => undefined,
    onHangup: () => undefined,
    stop() {
      if (controller.signal.aborted) return;
      firstMs = nowMs();
      endWithin(wholeMs);
      controller.abort();
      self.onStop();
    },
    close() {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGHUP', onHangup);
      if (controller.signal.aborted) endWithin(afterCloseMs);
    },
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
