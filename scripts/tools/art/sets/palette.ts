/** The five colours of a set and of its goods. */
export interface Palette {
  /** Main colour of the goods. */
  readonly a: string;
  /** Second colour of the goods. */
  readonly b: string;
  /** Light neutral. */
  readonly c: string;
  /** Dark neutral. */
  readonly d: string;
  /** Wood or metal of the furniture. */
  readonly m: string;
}
