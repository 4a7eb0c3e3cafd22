/** Fresh wordings that a language model writes while the show runs. */
export interface WritingSnapshot {
  /**
   * `writing`: lines lack wordings; `enough`: none does; `resting`: the model failed and is left alone; `capped`: the
   * day's budget is used up; `off`: nothing is written. A room without a model writes by its sentence plans.
   */
  readonly state: 'off' | 'writing' | 'enough' | 'resting' | 'capped';
  /** Wordings since the start: kept, refused by the rules or by their figures; and requests that failed. */
  readonly written: number;
  /** Wordings of an earlier run that were judged clean again. */
  readonly restored: number;
  readonly refused: number;
  readonly failed: number;
  /** Cost today (UTC). */
  readonly requestsToday: number;
  readonly charactersToday: number;
  /** Last error in words, without secrets; empty before the first. */
  readonly lastError: string;
}

export const NO_WRITING: WritingSnapshot = {
  state: 'off',
  written: 0,
  restored: 0,
  refused: 0,
  failed: 0,
  requestsToday: 0,
  charactersToday: 0,
  lastError: '',
};
