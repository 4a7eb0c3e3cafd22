import type { OutputSnapshot, RoomHandle, RoomSnapshot, SlateReason } from '../../config/api/room-handle.js';
import { cutToWidth, displayWidth } from './display-width.js';
import { visibleLine, writeOwn } from './safe-output.js';
import type { TerminalLanguage } from './terminal-language.js';

/** A terminal, or its stand-in in tests. */
interface TerminalStream {
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const USUAL_COLUMNS = 80;

/**
 * Scrolling lines with a status line below them.
 *
 * Rule: erasing the status line, writing the new line and drawing the status line again is one write, so that neither
 * is ever torn. A narrowed terminal has wrapped the status line: all its rows are erased.
 */
export class TerminalScreen {
  private status = '';
  private ended = false;

  constructor(private readonly out: TerminalStream) {}

  /**
   * Three less than the terminal's: a full line wraps on some terminals, and the `^C` of Ctrl-C is written after it.
   */
  get columns(): number {
    return Math.max(10, (this.out.columns || USUAL_COLUMNS) - 3);
  }

  /** Prints a permanent line; it may be longer than the terminal is wide. */
  print(line: string): void {
    if (!this.ended) writeOwn(this.out, `${this.erase()}${visibleLine(line)}\n${this.status}`);
  }

  /** Sets the status line; at most `columns` wide, empty for none. */
  show(status: string): void {
    if (this.ended) return;
    const erase = this.erase();
    this.status = visibleLine(status);
    writeOwn(this.out, erase + this.status);
  }

  /** The terminal is gone: writes nothing any more. */
  leave(): void {
    this.ended = true;
  }

  /** Takes over writes to a stream of the same terminal; returns a function that undoes it. */
  guard(stream: NodeJS.WriteStream): () => void {
    const write: unknown = Reflect.get(stream, 'write');
    let rest = '';
    stream.write = ((chunk: string | Uint8Array, ...more: unknown[]): boolean => {
      const lines = (rest + Buffer.from(chunk as string).toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.print(line);
      const done = more.at(-1);
      if (typeof done === 'function') process.nextTick(done);
      return true;
    }) as typeof stream.write;
    return () => {
      Reflect.set(stream, 'write', write);
      if (rest !== '') this.print(rest);
      rest = '';
    };
  }

  private erase(): string {
    if (this.status === '') return '';
    const rows = Math.ceil(displayWidth(this.status) / (this.out.columns || USUAL_COLUMNS));
    return rows <= 1 ? '\r\u001b[2K' : `\r\u001b[${rows - 1}A\u001b[J`;
  }
}

const TERMINAL_MS = 500;
const SAMPLE_MS = 1000;
const RECORD_MS = 60_000;

export interface StatusLine {
  /** The show is being ended: nothing is drawn or sampled any more. */
  rest(): void;
  /** Ends it, and prints the summary; idempotent. */
  close(): void;
}

const DELIVERING: ReadonlySet<string> = new Set(['live', 'degraded']);

const WORDS = {
  en: {
    late: 'late',
    replaced: 'replaced',
    checked: 'checked',
    slate: 'SLATE',
    muted: 'MUTED',
    ledger: '✗ ledger not written',
    alarm: (n: number) => `${n} ${n === 1 ? 'alarm' : 'alarms'}`,
    live: 'live',
    degraded: 'slow',
    connecting: 'connecting',
    wedged: 'stuck',
    backoff: 'down',
    stopped: 'stopped',
    allLive: (n: number) => `${n} live`,
  },
  zh: {
    late: '迟到',
    replaced: '替换',
    checked: '已审',
    slate: '占位画面',
    muted: '已静音',
    ledger: '✗ 台账无法写入',
    alarm: (n: number) => `告警 ${n}`,
    live: '在线',
    degraded: '拥塞',
    connecting: '连接中',
    wedged: '卡死',
    backoff: '断开',
    stopped: '停止',
    allLive: (n: number) => `${n} 路在线`,
  },
} as const;

const REASONS: Readonly<Record<SlateReason, readonly [en: string, zh: string]>> = {
  operator: ['by hand', '人工'],
  dumped: ['dropped', '丢弃'],
  risk: ['risk', '风险分'],
  words: ['words', '文字'],
  codes: ['code', '码'],
  stalled: ['no script', '无内容'],
  violation: ['violation', '违规'],
  unjudged: ['too slow', '太慢'],
  'hold-time': ['hold', '保持'],
};

function lateText({ total, ...causes }: RoomSnapshot['lateTicks']): string {
  const named = Object.entries(causes).filter(([, n]) => n > 0);
  return total === 0 ? '' : ` (${named.map(([cause, n]) => `${cause} ${n}`).join(', ')})`;
}

const lufs = (value: number): string => (value <= -70 ? '–' : `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)}`);

const clock = (ms: number): string =>
  `${Math.floor(ms / 3_600_000)}`.padStart(2, '0') + new Date(ms).toISOString().slice(13, 19);

/**
 * The room's status in one line of limited width. The least important parts are dropped first; the outputs are
 * shortened last: healthy ones become a number, those in trouble keep their names.
 */
export function statusText(s: RoomSnapshot, columns: number, language: TerminalLanguage = 'en'): string {
  const w = WORDS[language];
  const i = language === 'zh' ? 1 : 0;
  const well = s.state === 'on-air' && s.alarms.length === 0;
  const lead = `${well ? '●' : '○'} ${clock(s.onAirMs)}`;
  const trouble = [
    ...(s.slate.length === 0 ? [] : [`${w.slate}: ${s.slate.map((reason) => REASONS[reason][i]).join(', ')}`]),
    ...(s.muted ? [w.muted] : []),
    ...(s.ledger.failing ? [w.ledger] : []),
    ...(s.alarms.length === 0 ? [] : [w.alarm(s.alarms.length)]),
  ];
  const one = (o: OutputSnapshot): string => `${o.id} ${w[o.state]}${o.viewers ? ` ${o.viewers}` : ''}`;
  const own = s.outputs.filter(({ id, kind, state }) => (id !== 'local' && kind !== 'whep') || !DELIVERING.has(state));
  const ill = s.outputs.filter(({ state }) => !DELIVERING.has(state));
  const number = w.allLive(s.outputs.length - ill.length);
  const outputs = {
    all: s.outputs.map(one).join(' · '),
    own: (own.length === 0 ? s.outputs : own).map(one).join(' · '),
    ill: [...ill.map(one), number].join(' · '),
  };
  const late = `${w.late} ${s.lateTicks.total}`;
  const replaced = `${w.replaced} ${s.frames.replaced}`;
  const loudness = `${lufs(s.audio.integratedLufs)} LUFS`;
  const figures = [
    [`${late}${lateText(s.lateTicks)}`, replaced, `${w.checked} ${s.frames.rendered}`, loudness, `${s.fps} fps`],
    [`${late}${lateText(s.lateTicks)}`, replaced, loudness, `${s.fps} fps`],
    [late, replaced, loudness, `${s.fps} fps`],
    [late, replaced, loudness],
    [late, replaced],
    [late],
    [],
  ];
  const lines = [
    ...figures.map((rest) => [lead, ...trouble, outputs.all, ...rest]),
    [lead, ...trouble, outputs.own],
    [lead, ...trouble, outputs.ill],
    [lead, outputs.ill],
  ].map((parts) => parts.join('  '));
  return lines.find((line) => displayWidth(line) <= columns) ?? cutToWidth(lines.at(-1)!, columns);
}

/** Status as one flat object for machines. */
function statusRecord(s: RoomSnapshot): object {
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
    ...(s.alarms.length === 0 ? {} : { alarms: s.alarms.map(({ kind, subject }) => `${kind} ${subject}`.trim()) }),
    integratedLufs: s.audio.integratedLufs,
    outputs: s.outputs.map(({ id, state, viewers, lastError }) => ({
      id,
      state,
      ...(viewers === undefined ? {} : { viewers }),
      ...(lastError === '' ? {} : { lastError }),
    })),
  };
}

/** The share of the show for which each output was live, sampled at equal intervals. */
export class LiveShares {
  private readonly seen = new Map<string, { samples: number; live: number }>();

  sample({ outputs }: Pick<RoomSnapshot, 'outputs'>): void {
    for (const { id, kind, state } of outputs) {
      if (kind === 'whep') continue;
      const one = this.seen.get(id) ?? { samples: 0, live: 0 };
      one.samples += 1;
      if (DELIVERING.has(state)) one.live += 1;
      this.seen.set(id, one);
    }
  }

  shares(): [id: string, share: number][] {
    return [...this.seen].map(([id, { samples, live }]) => [id, live / samples]);
  }
}

/** `5:19`, `26:03:04`. */
function showTime(ms: number): string {
  const total = Math.floor(ms / 1000);
  const pad = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** Rounded down, so that an output that was down for a moment never shows 100 %. */
const percent = (share: number): string =>
  share === 1 ? '100 %' : `${Math.min(99.9, Math.floor(share * 1000) / 10).toFixed(1)} %`;

/** A summary of the show in one sentence: `off air after 5:19: 9,570 frames, 0 late, …; local live 100 %`. */
export function closingSummary(s: RoomSnapshot, shares: LiveShares, language: TerminalLanguage): string {
  const n = (value: number): string => value.toLocaleString('en-US');
  const mutedS = (s.mutedBy['violation'] ?? 0) / s.fps;
  const { rendered, replaced } = s.frames;
  const live = shares.shares();
  if (language === 'zh') {
    const parts = [`${n(rendered)} 帧`, `迟到 ${n(s.lateTicks.total)}`, `替换 ${n(replaced)}`];
    if (mutedS > 0) parts.push(`违规词静音 ${mutedS.toFixed(1)} 秒`);
    if (s.unspoken.total > 0) parts.push(`未能播报 ${n(s.unspoken.total)} 句`);
    const outputs = live.map(([id, share]) => `${id} 在线 ${percent(share)}`).join('，');
    return `已下播，共 ${showTime(s.onAirMs)}：${parts.join('，')}；${outputs}`;
  }
  const parts = [`${n(rendered)} frames`, `${n(s.lateTicks.total)} late`, `${n(replaced)} replaced`];
  if (mutedS > 0) parts.push(`${mutedS.toFixed(1)} s of words muted`);
  if (s.unspoken.total > 0)
    parts.push(`${n(s.unspoken.total)} ${s.unspoken.total === 1 ? 'line' : 'lines'} not spoken`);
  const outputs = live.map(([id, share]) => `${id} live ${percent(share)}`).join(', ');
  return `Off air after ${showTime(s.onAirMs)}: ${parts.join(', ')}; ${outputs}`;
}

/** The closing summary for machines. */
function closingRecord(s: RoomSnapshot, shares: LiveShares): object {
  return {
    event: 'off-air',
    onAirMs: s.onAirMs,
    frames: s.frames,
    lateTicks: s.lateTicks.total,
    replacedBy: s.replacedBy,
    mutedBy: s.mutedBy,
    unspoken: s.unspoken.total,
    outputs: shares.shares().map(([id, share]) => ({ id, liveShare: Math.round(share * 10_000) / 10_000 })),
  };
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
