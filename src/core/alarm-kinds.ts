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

/** An active alarm. */
export interface AlarmSnapshot {
  readonly kind: AlarmKind;
  /** Id of the output, source or voice, or the folder; empty when the kind is specific enough. */
  readonly subject: string;
  readonly severity: AlarmSeverity;
  /** ISO 8601, for people only. */
  readonly since: string;
  /** The trouble in words, without secrets. */
  readonly text: TwoTexts;
  /** Who has seen it; absent until somebody has, empty for a person without a name. */
  readonly acknowledgedBy?: string;
}
