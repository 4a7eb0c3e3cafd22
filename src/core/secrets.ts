/** What could be said instead: the line without the clause that holds the marked words. Null where nothing is left. */
export function withoutMarked(
  text: string,
  hits: readonly { readonly start: number; readonly end: number }[],
): string | null {
  const clauses = [...text.matchAll(/[^,，;；.。!！?？]+[,，;；.。!！?？]*\s*/g)].map((found) => ({
    from: found.index,
    text: found[0],
  }));
  const kept = clauses.filter(
    ({ from, text: clause }) => !hits.some(({ start, end }) => start < from + clause.length && end > from),
  );
  if (kept.length === 0 || kept.length === clauses.length) return null;
  const joined = kept
    .map((one) => one.text)
    .join('')
    .trim()
    .replace(/^(and|but|so)\s+/i, '')
    .replace(/^[，,、；;]\s*/, '');
  if (joined.length < 8) return null;
  const first = joined.charAt(0).toUpperCase() + joined.slice(1);
  return /[.。!！?？]$/.test(first)
    ? first
    : `${first.replace(/[,，;；]\s*$/, '')}${/[\u4e00-\u9fff]/.test(first) ? '。' : '.'}`;
}

/**
 * Masks a stream URL. URLs carry their key in the path (RTMP, webhooks) or the query, so only scheme and host are shown,
 * and the first path segment (the app) where another one follows it: a single segment is the key itself.
 */
export function maskUrl(url: string): string {
  const m = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(?:(\/[^/?#]+)(?=\/[^/?#]))?/i.exec(url);
  if (m === null) return '***';
  const host = (m[2] ?? '').replace(/^.*@/, '');
  const shown = `${m[1]}://${host}${m[3] ?? ''}`;
  const rest = url.slice(m[0].length);
  return rest === '' || rest === '/' ? `${shown}${rest}` : `${shown}/***`;
}

/** A text without a key, in whichever form a server may repeat it: as it is, in Base64, in hexadecimal or in a URL. */
export function withoutSecret(text: string, secret: string | undefined): string {
  if (secret === undefined || secret === '') return text;
  let out = text;
  for (const form of formsOf(secret)) out = out.replaceAll(form, '***');
  return out;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [secret, encodeURIComponent(secret), bytes.toString('hex'), bytes.toString('hex').toUpperCase()];
  // Base64 of a longer text holds the key at one of three offsets; its first and last letters belong to the neighbours too.
  for (const before of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    for (const encoding of ['base64', 'base64url'] as const) {
      const whole = padded.toString(encoding).replace(/=+$/, '');
      const inner = whole.slice(before === 0 ? 0 : before + 1, padded.length % 3 === 0 ? undefined : -1);
      if (inner.length >= 8) forms.push(inner);
    }
  }
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
