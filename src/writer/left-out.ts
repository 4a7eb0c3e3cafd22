/** A line that was left out, and why. */
export interface LeftOut {
  readonly product: string | undefined;
  readonly language: string;
  readonly about: string;
  readonly rule: string;
  readonly found: string;
}

/** "Left out: kettle (en), faq 2: delivery "3 days" [rule 5.1]". */
export const leftOutText = ({ product, language, about, rule, found }: LeftOut): string =>
  `Left out: ${product ?? 'show'} (${language}), ${about}: ${found}${rule === '' ? '' : ` [rule ${rule}]`}`;
