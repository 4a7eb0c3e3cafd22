/** Default sites of the camera: the pages of Alibaba's platforms, and this machine. */
export const DEFAULT_SITES: readonly string[] = [
  'alibaba.com',
  'taobao.com',
  'tmall.com',
  '1688.com',
  'aliexpress.com',
  'lazada.com',
  'dingtalk.com',
  'localhost',
  '127.0.0.1',
];

/** True when `host` is one of the sites or below one of them; `*` is every site. */
export function siteMatches(host: string, sites: readonly string[]): boolean {
  const name = host.toLowerCase();
  return sites.some((site) => {
    const bare = normaliseSite(site);
    return bare === '*' || (bare !== '' && (name === bare || name.endsWith(`.${bare}`)));
  });
}

/** `https://*.Alibaba.com/live` → `alibaba.com`; an empty string when nothing is left. */
export function normaliseSite(text: string): string {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '*') return '*';
  return trimmed
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/:\d+$/, '')
    .replace(/^(\*\.)+/, '')
    .replace(/^\.+|\.+$/g, '');
}

/** The list with or without `host`; removing a host that a wider entry covers removes that entry. */
export function withSite(sites: readonly string[], host: string, on: boolean): string[] {
  if (on) return siteMatches(host, sites) ? [...sites] : [...sites, host.toLowerCase()];
  return sites.filter((site) => !siteMatches(host, [site]));
}

/** Match patterns of a site's pages where browsers allow cameras: those over TLS, and this machine's. */
export function sitePatterns(site: string): string[] {
  if (site === '*') return ['https://*/*'];
  if (site === 'localhost' || site.startsWith('127.')) return [`http://${site}/*`, `https://${site}/*`];
  return /^[\d.]+$/.test(site) ? [`https://${site}/*`] : [`https://*.${site}/*`];
}
