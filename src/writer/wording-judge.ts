import type { Product } from '../config/sections/product.js';
import type { TextHit } from '../core/verdict.js';
import { judgeAcross, type TextJudge } from '../moderation/index.js';
import { spokenText } from '../speech/spoken-text.js';
import { Listings } from '../show/listings.js';
import { judgeSpoken } from '../show/judge-spoken.js';

/** Wordings with a warning are kept; those that would mute, skip or end are not. */
const forbids = ({ action }: TextHit): boolean => action !== 'warn' && action !== 'review';

export interface JudgedLine {
  readonly text: string;
  readonly language: string;
  readonly product: string | undefined;
}

/** Judges wordings as the room will: as they are spoken, as a caption, and behind the line before. */
export class WordingJudge {
  private readonly listings: Listings;

  constructor(
    private readonly judge: TextJudge,
    products: readonly Product[],
  ) {
    this.listings = new Listings(products);
  }

  /** The rules that the wording breaks; empty when clean. */
  refusals({ text, language, product }: JudgedLine): readonly TextHit[] {
    const entry = this.listings.of(product, text);
    const said = judgeSpoken(this.judge, text, spokenText(text, language), { surface: 'speech', language, entry });
    const shown = this.judge.judge(text, { surface: 'caption', language, entry });
    return [...said.hits, ...shown.hits].filter(forbids);
  }

  /** Whether a contact is completed by saying `text` after `before`. */
  completes(before: string, { text, language }: Pick<JudgedLine, 'text' | 'language'>): boolean {
    return judgeAcross(this.judge, before, text, language).some(forbids);
  }
}
