export interface CheckFault {
  /** `fault`: the room must not go on air. `warning`: it can, but somebody should look. */
  readonly severity: 'fault' | 'warning';
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly rule?: string;
  /** How to mend it, where known. */
  readonly todo?: string;
}
