export interface EnglishJob {
  /** Plain text without markup, amounts in spoken order (`29.99 dollars`). */
  readonly text: string;
}

/** A run of text without spaces and what follows it. */
export interface EnglishWord {
  /** Symbols of Kokoro's alphabet; empty for a silent sign. */
  readonly symbols: string;
  /** UTF-16 offset in the job's text. */
  readonly at: number;
  /** Marks of punctuation after the word, as symbols. */
  readonly pause: string;
  /** Part of an amount of money. */
  readonly price: boolean;
}

export interface EnglishDone {
  readonly words: readonly EnglishWord[];
}
