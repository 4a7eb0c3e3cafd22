/** The kinds of operator alarms. */
export const ALARM_KINDS = [
  'output-down',
  'slate',
  'risk-raised',
  'risk-held',
  'silence',
  'dead-air',
  'picture',
  'ledger',
  'machine-slow',
  'disk-low',
  'source-down',
  'avatar-away',
  'avatar-speech',
  'voice-away',
  'takeover-idle',
  'show-ended',
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];
export type AlarmSeverity = 'critical' | 'warning';

/** A sentence in both languages of the engine. */
export interface TwoTexts {
  readonly en: string;
  readonly zh: string;
}
