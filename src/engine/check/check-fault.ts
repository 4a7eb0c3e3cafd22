export interface CheckFault {
  /** `fault`: the room is not fit to go on air. `warning`: it is, with something to look at. */
  readonly severity: 'fault' | 'warning';
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly rule?: string;
  /** What to do about it, where that can be said. */
  readonly todo?: string;
}
