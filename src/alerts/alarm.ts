import type { AlarmKind, AlarmSeverity, TwoTexts } from '../core/alarm-kinds.js';

export interface AlarmTiming {
  /** A fault that lasts this long raises the alarm. */
  readonly afterMs: number;
  /** A fault that is gone this long clears it. */
  readonly clearMs: number;
  /** A lasting alarm is repeated after this time; 0: never. */
  readonly repeatMs: number;
}

export type AlarmChange = 'raised' | 'repeated' | 'cleared';

/** Maximum time counted per step, so that sleep or a stall of the machine does not count as a fault. */
const MAX_STEP_MS = 2000;
const HAIR = 1e-9;

/**
 * One alarm with hysteresis.
 *
 * Problem: faults come and go (an output that connects and is rejected, a slate for a moment). An alarm that follows
 * each change wakes people for nothing; an alarm that needs an unbroken fault never sounds.
 * Rule: a level from 0 to 1 rises during the fault and falls otherwise; 1 raises the alarm, 0 clears it.
 * Numbers: `afterMs` to rise, `clearMs` to fall.
 */
export class Alarm {
  private level = 0;
  private lastMs: number | undefined;
  private toldMs = 0;
  private on = false;

  constructor(private readonly timing: AlarmTiming) {}

  get active(): boolean {
    return this.on;
  }

  /** The level is 0 and the alarm is not raised, so the object can be dropped. */
  get idle(): boolean {
    return !this.on && this.level === 0;
  }

  /** Call it about once a second. */
  update(trouble: boolean, nowMs: number): AlarmChange | undefined {
    const { afterMs, clearMs, repeatMs } = this.timing;
    const stepMs = Math.min(MAX_STEP_MS, Math.max(0, nowMs - (this.lastMs ?? nowMs)));
    this.lastMs = nowMs;
    if (trouble) this.level = afterMs === 0 ? 1 : Math.min(1, this.level + stepMs / afterMs);
    else this.level = clearMs === 0 ? 0 : Math.max(0, this.level - stepMs / clearMs);
    // Sums of tenths miss 0 and 1 by a rounding error.
    if (this.level > 1 - HAIR) this.level = 1;
    if (this.level < HAIR) this.level = 0;
    if (!this.on && this.level === 1) {
      this.on = true;
      this.toldMs = nowMs;
      return 'raised';
    }
    if (this.on && this.level === 0) {
      this.on = false;
      return 'cleared';
    }
    if (this.on && trouble && repeatMs > 0 && nowMs - this.toldMs >= repeatMs) {
      this.toldMs = nowMs;
      return 'repeated';
    }
    return undefined;
  }
}

/** One message to the receivers of alerts. */
export interface AlarmNotice {
  readonly kind: AlarmKind | 'test';
  readonly subject: string;
  readonly state: AlarmChange | 'test';
  readonly severity: AlarmSeverity;
  readonly text: TwoTexts;
  /** When the fault became an alarm, and the present time: ISO 8601, for display only. */
  readonly since: string;
  readonly at: string;
  readonly lastedMs: number;
}

export type AlertLanguage = keyof TwoTexts;

const MARKS = { raised: '🔴', repeated: '🔴', cleared: '🟢', test: '⚪' } as const;

/** `3:12`, `1:03:12`. */
function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const pad = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** The notice as one sentence: `🔴 [shop] Output taobao is down: connection refused`. */
export function noticeSentence(notice: AlarmNotice, room: string, language: AlertLanguage): string {
  const { state, lastedMs } = notice;
  const what = notice.text[language];
  const lasted = durationText(lastedMs);
  const sentence = {
    en: {
      raised: what,
      repeated: `Still, for ${lasted}: ${what}`,
      cleared: `Over after ${lasted}: ${what}`,
      test: what,
    },
    zh: {
      raised: what,
      repeated: `仍未恢复（已 ${lasted}）：${what}`,
      cleared: `已恢复（历时 ${lasted}）：${what}`,
      test: what,
    },
  }[language][state];
  return `${MARKS[state]} [${room}] ${sentence}`;
}

/** The notice with which a person tests whether alerts arrive. */
export function testNotice(at: string): AlarmNotice {
  const text = {
    en: 'A test of the Showroom alerts: nothing is wrong',
    zh: '这是 Showroom 告警测试，一切正常',
  };
  return { kind: 'test', subject: '', state: 'test', severity: 'warning', text, since: at, at, lastedMs: 0 };
}
