import type { AlarmKind, AlarmSeverity, TwoTexts } from '../core/alarm-kinds.js';
import type { AlarmChange } from './alarm.js';

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
