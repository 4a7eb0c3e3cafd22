import type { RoomHandle } from '../../core/room-handle.js';
import { closingRecord, closingSummary, LiveShares } from './closing-summary.js';
import { statusRecord, statusText } from './status-text.js';
import type { TerminalLanguage } from './terminal-language.js';
import type { TerminalScreen } from './terminal-screen.js';

const TERMINAL_MS = 500;
const SAMPLE_MS = 1000;
const RECORD_MS = 60_000;

export interface StatusLine {
  /** Ends it, and prints the summary; idempotent. */
  close(): void;
}

/** One line that is kept up to date, and the closing summary. */
export function terminalStatus(
  room: RoomHandle,
  screen: TerminalScreen,
  language: TerminalLanguage,
  stream: NodeJS.WriteStream = process.stdout,
): StatusLine {
  const shares = new LiveShares();
  const draw = (): void => {
    const snapshot = room.snapshot();
    shares.sample(snapshot);
    screen.show(statusText(snapshot, screen.columns, language));
  };
  const resized = (): void => screen.show(statusText(room.snapshot(), screen.columns, language));
  const timer = setInterval(draw, TERMINAL_MS);
  stream.on('resize', resized);
  draw();
  let closed = false;
  return {
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      stream.off('resize', resized);
      screen.show('');
      screen.print(closingSummary(room.snapshot(), shares, language));
    },
  };
}

/** A JSON line a minute, and one at the end. */
export function recordStatus(room: RoomHandle, out: { write(text: string): unknown } = process.stdout): StatusLine {
  const shares = new LiveShares();
  const sampling = setInterval(() => shares.sample(room.snapshot()), SAMPLE_MS);
  const print = (): void =>
    void out.write(`${JSON.stringify({ event: 'status', ...statusRecord(room.snapshot()) })}\n`);
  const timer = setInterval(print, RECORD_MS);
  shares.sample(room.snapshot());
  print();
  let closed = false;
  return {
    close() {
      if (closed) return;
      closed = true;
      clearInterval(sampling);
      clearInterval(timer);
      print();
      out.write(`${JSON.stringify(closingRecord(room.snapshot(), shares))}\n`);
    },
  };
}
