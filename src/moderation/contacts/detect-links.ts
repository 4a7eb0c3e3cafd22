import { createRequire } from 'node:module';
import { LinkifyIt } from 'linkify-it';
import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/** The package is a JSON file, which Node 20.9 cannot import without a flag. */
const tlds = createRequire(import.meta.url)('tlds') as string[];

/** The platforms' own sites, whose addresses may be named. */
const OWN_SITES = [
  'alibaba.com',
  'alibaba.com.cn',
  '1688.com',
  'taobao.com',
  'tmall.com',
  'tmall.hk',
  'tb.cn',
  'aliexpress.com',
];
/** Top-level domains that are ordinary words: "quality.It" is a missing space. */
const WORD_ENDS = new Set([
  ...'it in is no so to do as at am my us an la de el de am be by he id pm al es et ma sa se si pa'.split(' '),
  ...'the and best buy now sale here care love today new one free show top deal deals now'.split(' '),
]);
/** "Art.nr. 60012", "Ref.no": article numbers that end like the sites of Nauru and Norway. */
const NUMBER_LABEL =
  /^(?:art|artikel|item|best|bestell|mod|model|modell|ref|kat|cat|ord|order|part|ser|serial|lot|batch|prod|kd|kunden|rech|rg|auftr|typ|style|kl|kol|zam|ean|tel)\.(?:nr|no)$/;
/** Top-level domains that never occur by chance. */
const SURE_ENDS = new Set('com net org cn ru info biz xyz vip cc top me io tk'.split(' '));

/** Finds addresses of sites, plain or disguised, other than the platforms' own. */
export class LinkDetector {
  readonly #linkify: LinkifyIt;

  constructor() {
    this.#linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false, fuzzyIP: false });
    this.#linkify.tlds(tlds);
  }

  /** `links` is the link view of `original`. */
  detect(original: string, links: TextView): Match[] {
    const found: Match[] = [];
    if (!/[./]/.test(links.text)) return found;
    for (const match of this.#linkify.match(links.text) ?? []) {
      const host = hostOf(match.url);
      if (OWN_SITES.some((site) => host === site || host.endsWith(`.${site}`))) continue;
      const { start, end } = originalRange(links, match.index, match.lastIndex);
      if (
        match.schema === '' &&
        looksLikeSentence(original.slice(start, end), match.raw, host, links.text, match.lastIndex)
      )
        continue;
      found.push({ rule: '3.2', kind: 'link', start, end });
    }
    return found;
  }
}

function hostOf(url: string): string {
  const match = /^[a-z]{0,12}:?\/{0,2}(?:[^/@\s]{1,100}@)?([^/:?#\s]{1,253})/.exec(url.toLowerCase());
  return match === null ? '' : match[1]!.replace(/\.$/, '');
}

function looksLikeSentence(written: string, raw: string, host: string, text: string, after: number): boolean {
  const labels = host.split('.');
  const last = labels[labels.length - 1]!;
  if (host.startsWith('www.') || raw.includes('/')) return false;
  if (NUMBER_LABEL.test(host)) return true;
  const before = labels[labels.length - 2] ?? '';
  if (/^\d{1,8}$/.test(before) && !SURE_ENDS.has(last)) return true;
  const dot = written.lastIndexOf('.');
  const next = written[dot + 1] ?? '';
  const previous = written[dot - 1] ?? '';
  if (/\p{Lu}/u.test(next) && !/\p{Lu}/u.test(previous) && !/^(?:Com|Net|Org|Cn)\b/.test(written.slice(dot + 1)))
    return true;
  if (!WORD_ENDS.has(last)) return false;
  return /^\s+\p{L}/u.test(text.slice(after, after + 3)) || before.length < 2;
}
