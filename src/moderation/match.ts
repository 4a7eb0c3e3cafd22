/** A detector's match, in UTF-16 offsets of the original text. */
export interface Match {
  readonly rule: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}
