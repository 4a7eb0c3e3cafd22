import type { Alerts } from '../config/sections/alerts.js';
import type { AlarmKind } from '../core/alarm-kinds.js';
import type { AlarmTiming } from './alarm.js';

const S = 1000;
const MIN = 60 * S;

/** Silence, dead air and picture are watched with delays of their own (`compliance.watch`). */
const USUAL: Readonly<Record<AlarmKind, AlarmTiming>> = {
  'output-down': { afterMs: 15 * S, clearMs: 10 * S, repeatMs: 30 * MIN },
  slate: { afterMs: 5 * S, clearMs: 5 * S, repeatMs: 10 * MIN },
  'risk-raised': { afterMs: 5 * S, clearMs: MIN, repeatMs: 0 },
  'risk-held': { afterMs: 0, clearMs: 0, repeatMs: 10 * MIN },
  silence: { afterMs: 2 * S, clearMs: 5 * S, repeatMs: 10 * MIN },
  'dead-air': { afterMs: 2 * S, clearMs: 5 * S, repeatMs: 10 * MIN },
  picture: { afterMs: 2 * S, clearMs: 5 * S, repeatMs: 10 * MIN },
  ledger: { afterMs: 10 * S, clearMs: 10 * S, repeatMs: 30 * MIN },
  'machine-slow': { afterMs: 20 * S, clearMs: MIN, repeatMs: 30 * MIN },
  'disk-low': { afterMs: 0, clearMs: MIN, repeatMs: 360 * MIN },
  'source-down': { afterMs: MIN, clearMs: 10 * S, repeatMs: 60 * MIN },
  'avatar-away': { afterMs: 2 * S, clearMs: 5 * S, repeatMs: 30 * MIN },
  'avatar-speech': { afterMs: 15 * S, clearMs: 10 * S, repeatMs: 30 * MIN },
  'voice-away': { afterMs: 10 * S, clearMs: 10 * S, repeatMs: 60 * MIN },
  'takeover-idle': { afterMs: 0, clearMs: 0, repeatMs: 0 },
  'show-ended': { afterMs: 0, clearMs: 0, repeatMs: 0 },
};

/** Timing of a kind in this room; undefined where the room file switches it off. */
export function alarmTiming(kind: AlarmKind, alerts: Alerts): AlarmTiming | undefined {
  const { enabled, ...given } = alerts.kinds[kind] ?? {};
  if (enabled === false) return undefined;
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...USUAL[kind], ...named };
}
