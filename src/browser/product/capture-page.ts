/** A product page as the browser shows it. */
export interface CapturedPage {
  readonly url: string;
  /** JSON texts of the page's own objects, by their names there. */
  readonly data: Readonly<Record<string, string>>;
  readonly html: string;
}

/** The engine takes 4 MB; escaping makes texts longer. */
export const MAX_CAPTURE_CHARS = 2_500_000;

/**
 * Runs in the page's own world, where its objects are. It is sent there by itself, so everything it needs is inside.
 * The page's data comes first; its markup, without styles and scripts, when there is room.
 */
export function capturePage(maxChars: number): CapturedPage {
  const data: Record<string, string> = {};
  let left = maxChars;
  const add = (name: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    try {
      const text = JSON.stringify(value);
      if (typeof text !== 'string' || text.length > left) return;
      data[name] = text;
      left -= text.length;
    } catch {
      // An object that refers to itself holds no listing.
    }
  };
  const own = window as unknown as Record<string, unknown>;
  const names = ['detailData', 'context', '__INIT_DATA', '__INIT_DATA__', '__ICE_APP_CONTEXT__'];
  for (const name of names) add(name, own[name]);
  // Some pages delete their object once they have drawn it; the script that made it still holds it.
  const found = Object.keys(data).length > 0;
  const linked: unknown[] = [];
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    try {
      linked.push(JSON.parse(script.textContent ?? ''));
    } catch {
      // Shops write broken JSON-LD; the markup is read as well.
    }
  }
  if (linked.length > 0) add('jsonLd', linked);
  const copy = document.documentElement.cloneNode(true) as HTMLElement;
  for (const element of copy.querySelectorAll(
    'style, svg, iframe, canvas, template, link[rel~="stylesheet"], script:not([type="application/ld+json"])',
  )) {
    const script = element.localName === 'script' ? (element.textContent ?? '') : '';
    if (found || !names.some((name) => script.includes(`window.${name}`))) element.remove();
  }
  const html = `<!doctype html>${copy.outerHTML}`;
  return { url: location.href, data, html: html.length > left ? '' : html };
}
