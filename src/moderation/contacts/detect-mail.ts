import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

const LOCAL = /[a-z0-9.!#$%&'*+/=?^_`{|}~-]/;
const DOMAIN = /^ ?[a-z0-9-]{1,63}(?: ?\. ?[a-z0-9-]{1,63}){1,5}/;
/** Providers recognised without ".com". */
const PROVIDER =
  /^ ?(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|protonmail|proton|foxmail|qq|163|126|sina|yandex|gmx|naver|hanmail|daum|rediffmail)(?![a-z0-9])/;

/** Finds mail addresses in a link view: "a@b.com", "a at gmail dot com", "a@gmail". RFC 5322 addr-spec, loosely. */
export function detectMail(links: TextView): Match[] {
  const found: Match[] = [];
  const text = links.text;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const after = text.slice(at + 1, at + 260);
    const domain = DOMAIN.exec(after) ?? PROVIDER.exec(after);
    if (domain === null) continue;
    if (!/[a-z]/.test(domain[0])) continue;
    // "Nas na Alibaba kropka com": a word that may mean @, followed by the platform's own address.
    if (links.end[at] - links.start[at] > 1 && /^ ?alibaba[ .]/.test(domain[0])) continue;
    let start = at;
    if (text[start - 1] === ' ' && LOCAL.test(text[start - 2] ?? ' ')) start -= 1;
    const edge = start;
    while (start > 0 && edge - start < 64 && LOCAL.test(text[start - 1])) start -= 1;
    if (start === edge) continue;
    const range = originalRange(links, start, at + 1 + domain[0].length);
    found.push({ rule: '3.2', kind: 'mail', ...range });
  }
  return found;
}
