/** The outcome of a line from outside. */
export interface SayResult {
  /** Empty when refused. */
  readonly id: string;
  /** `refused`: no part of it is spoken. */
  readonly result: 'queued' | 'refused';
  /** Why it was refused, in plain words: "phone number / outside contact". */
  readonly reason?: { readonly en: string; readonly zh: string };
  readonly hits: readonly { rule: string; kind: string; match: string }[];
}
