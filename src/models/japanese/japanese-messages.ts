/** Words of a Japanese text with their readings. */
export interface JapaneseJob {
  readonly text: string;
}

export interface JapaneseWord {
  readonly written: string;
  /** UTF-16 offset in the text. */
  readonly at: number;
  /** As it is said, in katakana; empty where the dictionary does not know. */
  readonly said: string;
  /** A particle or ending, which belongs to the word before it. */
  readonly leans: boolean;
}

export interface JapaneseDone {
  readonly words: readonly JapaneseWord[];
}
