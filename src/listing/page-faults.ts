import { EngineError } from '../core/errors.js';

/**
 * Pages that are no product, distinguished so that the message says how to go on. Shops answer robots with a challenge, strangers
 * with a login, and old links with a page that says the product is gone.
 *
 * The trouble: a product's page has a link to the login, a captcha for its contact form, and a hidden text for goods that ran out.
 * The rule: `certain` signs count at once; `weak` ones only where the page has no product.
 */
interface Fault {
  readonly kind: 'bot-wall' | 'gone' | 'login';
  readonly certain: RegExp;
  readonly weak: RegExp;
  readonly found: string;
  readonly todo: string;
}

const FAULTS: readonly Fault[] = [
  {
    kind: 'bot-wall',
    certain:
      /baxia-punish|punish-component|_____tmd_____|cf-challenge|px-captcha|<title>\s*(?:Captcha Interception|Security Verification|Access Denied|Just a moment|Attention Required|Robot Check|Human Verification|验证码|滑动验证|访问被拒绝)/i,
    weak: /nc_1_wrapper|baxia|g-recaptcha|h-captcha|captcha/i,
    found: 'a check that keeps programs out',
    todo: 'open the page in your browser, save it (Ctrl+S) and run `engine product FILE.html`',
  },
  {
    kind: 'gone',
    certain: /<title>\s*(?:Product Not Available|Page Not Found|404\b|商品不存在|很抱歉，您查看的(?:宝贝|商品)不存在)/i,
    weak: /product is no longer available|no longer exists|您查看的(?:宝贝|商品)不存在|该商品已下架/i,
    found: 'a page that says the product is no longer there',
    todo: 'check the link, or take the product out of the room',
  },
  {
    kind: 'login',
    certain: /<title>[^<]{0,120}(?:Sign in|Log ?in|登录|Anmelden|Iniciar sesión)[^<]{0,120}<\/title>/i,
    weak: /login\.(?:taobao|alibaba|1688)\.com\/(?:member|newlogin)|id="login-form"|name="fm-login-id"/i,
    found: 'a login page',
    todo: 'sign in with your browser, save the product page (Ctrl+S) and run `engine product FILE.html`',
  },
];
const HEAD_CHARS = 400_000;

/**
 * Throws E_LISTING_PAGE when a page is a challenge, a login or a product that is gone. `empty`: no product was found in
 * the page, so that weaker signs count too.
 */
export function assertProductPage(html: string, where: string, empty = false): void {
  const head = html.slice(0, HEAD_CHARS);
  const fault =
    FAULTS.find(({ certain }) => certain.test(head)) ??
    (empty ? FAULTS.find(({ weak }) => weak.test(head)) : undefined);
  if (fault === undefined) return;
  const { kind, found, todo } = fault;
  throw new EngineError('E_LISTING_PAGE', { where, expected: 'a product page', found, todo, details: { kind } });
}

/** A page of a known shop whose data has no product in it. */
export function emptyPage(html: string, where: string): EngineError {
  assertProductPage(html, where, true);
  return new EngineError('E_LISTING_PAGE', {
    where,
    expected: 'a page with product data (Alibaba.com, 1688, Taobao, or a shop with JSON-LD, microdata or Open Graph)',
    found: 'none of them',
    todo: 'save the page after it has loaded completely (Ctrl+S, "complete"), or paste title, price and facts as text: `engine product -`',
    details: { kind: 'no-data' },
  });
}

/** The link asks for one product, the page is about another. */
export function assertSameProduct(asked: string | undefined, found: string | undefined, where: string): void {
  if (asked === undefined || found === undefined || asked === found) return;
  throw new EngineError('E_LISTING_PAGE', {
    where,
    expected: `product ${asked}`,
    found: `the page of product ${found}`,
    todo: 'the shop led to another product: check the link',
    details: { kind: 'other-product' },
  });
}

/** The product's number in a link of a known shop. */
export function productIdOf(link: string): string | undefined {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url === undefined) return undefined;
  if (/(^|\.)alibaba\.com$/.test(url.hostname)) return /_(\d{6,})\.html/.exec(url.pathname)?.[1];
  if (/(^|\.)1688\.com$/.test(url.hostname)) return /\/offer\/(\d{6,})\.html/.exec(url.pathname)?.[1];
  if (/(^|\.)(taobao|tmall)\.com$/.test(url.hostname)) return url.searchParams.get('id') ?? undefined;
  return undefined;
}
