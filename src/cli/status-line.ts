import type { RoomHandle, RoomSnapshot } from '../core/room-handle.js';

const TTY_INTERVAL_MS = 500;
const JSON_INTERVAL_MS = 5000;

/** One line that refreshes on a terminal, or a JSON line every few seconds where there is none. */
export class StatusLine {
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly room: RoomHandle,
    private readonly tty: boolean,
    private readonly out: NodeJS.WritableStream & { columns?: number } = process.stdout,
  ) {
    this.timer = setInterval(() => this.print(), tty ? TTY_INTERVAL_MS : JSON_INTERVAL_MS);
    this.print();
  }

  private print(): void {
    const snapshot = this.room.snapshot();
    if (this.tty) this.out.write(`\r\u001b[2K${statusText(snapshot).slice(0, (this.out.columns ?? 160) - 1)}`);
    else this.out.write(`${JSON.stringify({ event: 'status', ...statusRecord(snapshot) })}\n`);
  }

  close(): void {
    clearInterval(this.timer);
    this.print();
    if (this.tty) this.out.write('\n');
  }
}

function lateText({ total, ...causes }: RoomSnapshot['lateTicks']): string {
  if (total === 0) return '0';
  const named = Object.entries(causes).filter(([, n]) => n > 0);
  return `${total} (${named.map(([cause, n]) => `${cause} ${n}`).join(', ')})`;
}

const lufs = (value: number): string => (value <= -70 ? '–' : value.toFixed(1));

export function statusText(s: RoomSnapshot): string {
  const time = new Date(s.onAirMs).toISOString().slice(11, 19);
  const outputs = s.outputs.map((o) => `${o.id} ${o.state}${o.viewers ? ` ${o.viewers}` : ''}`).join(' · ');
  return [
    `${s.state === 'on-air' ? '●' : '○'} ${time}`,
    `${s.fps} fps`,
    `late ${lateText(s.lateTicks)}`,
    ...(s.slate.length === 0 ? [] : [`slate: ${s.slate.join(', ')}`]),
    `judged ${s.frames.rendered} replaced ${s.frames.replaced}`,
    `${lufs(s.audio.integratedLufs)} LUFS`,
    ...(s.ledger.failing ? ['✗ ledger not written'] : []),
    outputs,
  ].join('  ');
}

/** The same as one flat object for machines. */
export function statusRecord(s: RoomSnapshot): object {
  return {
    state: s.state,
    slate: s.slate,
    onAirMs: s.onAirMs,
    fps: s.fps,
    lateTicks: s.lateTicks,
    framesScanned: s.frames.rendered,
    framesReplaced: s.frames.replaced,
    releasedUnjudged: s.frames.releasedUnjudged,
    ...(s.ledger.failing ? { ledgerFailing: true } : {}),
    integratedLufs: s.audio.integratedLufs,
    outputs: s.outputs.map(({ id, state, viewers, lastError }) => ({
      id,
      state,
      ...(viewers === undefined ? {} : { viewers }),
      ...(lastError === '' ? {} : { lastError }),
    })),
  };
}
