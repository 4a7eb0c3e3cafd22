import type { RoomHandle } from '../../config/api/room-handle.js';
import { closingRecord, closingSummary, LiveShares } from './closing-summary.js';
import { statusRecord, statusText } from './status-text.js';
import type { TerminalLanguage } from './terminal-language.js';
import type { TerminalScreen } from './terminal-screen.js';

const TERMINAL_MS = 500;
const SAMPLE_MS = 1000;
const RECORD_MS = 60_000;

export interface StatusLine {
  /** The show is being ended: nothing is drawn or sampled any more. */
  rest(): void;
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
  const rest = (): void => {
    clearInterval(timer);
    stream.off('resize', resized);
  };
  return {
    rest,
    close() {
      if (closed) return;
      closed = true;
      rest();
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
  const rest = (): void => {
    clearInterval(sampling);
    clearInterval(timer);
  };
  return {
    rest,
    close() {
      if (closed) return;
      closed = true;
      rest();
      print();
      out.write(`${JSON.stringify(closingRecord(room.snapshot(), shares))}\n`);
    },
  };
}
