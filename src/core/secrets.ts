/**
 * Masks a stream URL. URLs carry their key in the path (RTMP) or the query, so only scheme, host and the first path
 * segment (the app) are shown.
 */
export function maskUrl(url: string): string {
  const m = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(\/[^/?#]*)?/i.exec(url);
  if (m === null) return '***';
  const host = (m[2] ?? '').replace(/^.*@/, '');
  const app = m[3] ?? '';
  return url.length > m[0].length ? `${m[1]}://${host}${app}/***` : `${m[1]}://${host}${app}`;
}
