export interface PicturePage<T> {
  /** As markup. */
  readonly title: string;
  readonly things: readonly T[];
  readonly card: (thing: T) => Promise<string>;
  /** Least width of a card, in pixels. */
  readonly width: number;
  /** Further rules of style. */
  readonly style: string;
  /** Markup above the cards. */
  readonly above?: string;
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** A page of pictures with words below; the pictures are in it, so that it can be sent as one file. */
export async function picturePage<T>(page: PicturePage<T>): Promise<string> {
  const { title, things, width, style, above = '', onProgress } = page;
  const cards: string[] = [];
  for (const one of things) {
    cards.push(await page.card(one));
    onProgress?.(cards.length);
  }
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title.replaceAll(/<[^>]*>/g, '')}</title>
<style>
  body { font: 16px/1.5 system-ui, "Noto Sans SC", sans-serif; margin: 2rem; background: #f5f4f1; color: #22252a; }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(${width}px, 1fr)); gap: 1.5rem; }
  figure { margin: 0; background: #fff; border-radius: 12px; overflow: hidden; }
  img { display: block; width: 100%; }
  figcaption { padding: 0.75rem 1rem 1rem; }
  p { margin: 0.25rem 0 0; font-size: 14px; color: #555a63; }
  code { display: block; margin-top: 0.4rem; font-size: 13px; color: #555a63; overflow-wrap: anywhere; }
  ${style}
  @media (max-width: 640px) { body { margin: 1rem; } }
</style>
<h1>${title} (${things.length})</h1>
${above}<main>
${cards.join('\n')}
</main>
</html>
`;
}
