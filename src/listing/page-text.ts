const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Text of a piece of HTML: without tags, scripts and styles, entities resolved, blanks joined. */
export function plainText(html: string | undefined): string {
  return (html ?? '')
    .replace(/<(script|style)\b[^]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (whole, name: string) => entity(name) ?? whole)
    .replace(/\s+/g, ' ')
    .trim();
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** A picture's address in its largest variant: shops append the size of a thumbnail to the name of the file. */
export function largestPicture(url: string): string {
  const absolute = url.startsWith('//') ? `https:${url}` : url;
  return absolute
    .replace(/(\.(?:jpe?g|png|webp))_(?:\d+x\d+[\w.-]*|sum[\w.-]*|b[\w.-]*|q\d+[\w.-]*|\.webp)$/i, '$1')
    .replace(/_\d{2,4}x\d{2,4}(?:q\d+)?(\.(?:jpe?g|png|webp))(?=$|[?#])/i, '$1')
    .replace(/\.(?:search|summ|220x220|310x310|400x400)(\.(?:jpe?g|png|webp))(?=$|[?#])/i, '$1');
}
