import type { RoomSnapshot } from '../../config/api/room-handle.js';
import type { TerminalLanguage } from './terminal-language.js';

const DELIVERING: ReadonlySet<string> = new Set(['live', 'degraded']);

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

/** The same for machines. */
export function closingRecord(s: RoomSnapshot, shares: LiveShares): object {
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
