import type { OutputSnapshot, RoomSnapshot, SlateReason } from '../../config/api/room-handle.js';
import { cutToWidth, displayWidth } from './display-width.js';
import type { TerminalLanguage } from './terminal-language.js';

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
