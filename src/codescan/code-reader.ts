/**
 * A reader for one form of code, beyond the plain reading of candidate regions by ZXing, with its price and its use.
 * A reader stays in the scan only while it gains something on pictures that nobody tuned it on.
 */
export interface CodeReader {
  readonly name: string;
  readonly formats: readonly string[];
  /** How it finds a code that a plain reading misses. */
  readonly method: string;
  /** Off unless a room asks for it. */
  readonly isOption?: true;
  /** CPU of the scan threads for a frame of the demo room that is saved without it; absent where not measured alone. */
  readonly costMs?: number;
  readonly gains: readonly ReaderGain[];
}

/** Codes found in a set of pictures with all readers, and without this one or this part of it. */
export interface ReaderGain {
  /** `published`: as they are; `placed`: published codes on photographs; `generated`: fresh seeds of `scan:bench`. */
  readonly set: 'published' | 'placed' | 'generated';
  /** The part that was off; absent: the whole reader. */
  readonly part?: string;
  readonly codes: number;
  readonly found: number;
  readonly without: number;
}
