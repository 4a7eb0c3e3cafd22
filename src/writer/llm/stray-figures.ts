/** Figures of a wording that its line does not have: a model must not invent one, whatever the rules would let pass. */
export function strayFigures(wording: string, plain: readonly string[]): string[] {
  const known = new Set(plain.flatMap(figuresOf));
  return figuresOf(wording).filter((figure) => !known.has(figure));
}

/** "4,20" and "4.2" are one figure, and so are "1,000" and "1000". */
const figuresOf = (text: string): string[] =>
  [...text.normalize('NFKC').matchAll(/\d+(?:[.,]\d+)*/g)].map(([one]) =>
    one
      .replace(/[.,](?=\d{3}(?!\d))/g, '')
      .replace(',', '.')
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, ''),
  );
