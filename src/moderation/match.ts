/** Something a detector found, in UTF-16 offsets of the text as given. */
export interface Match {
  readonly rule: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}
