import { EngineError } from '../core/errors.js';

/**
 * Pages that are no product, told apart before any parser runs, so that the message says how to go on. Shops answer robots with a
 * challenge, strangers with a login, and old links with a page that says the product is gone.
 */
const FAULTS: readonly {
  readonly kind: string;
  readonly signs: RegExp;
  readonly found: string;
  readonly todo: string;
}[] = [
  {
    kind: 'bot-wall',
    signs:
      /baxia-punish|punish-component|_____tmd_____|nc_1_wrapper|<title>\s*(?:Captcha Interception|Security Verification|Access Denied|Just a moment|Attention Required|验证码|滑动验证)|g-recaptcha|cf-challenge|px-captcha/i,
    found: 'a check that keeps programs out',
    todo: 'open the page in your browser and save it (Ctrl+S), then run `engine product FILE.html`; or press "Send this product to Showroom" in the browser extension',
  },
  {
    kind: 'gone',
    signs:
      /<title>\s*(?:Product Not Available|Page Not Found|404|商品不存在|很抱歉，您查看的宝贝不存在)|product is no longer available|您查看的(?:宝贝|商品)不存在|该商品已下架/i,
    found: 'a page that says the product is no longer there',
    todo: 'check the link, or take the product out of the room',
  },
  {
    kind: 'login',
    signs:
      /<title>[^<]*(?:Sign in|Log ?in|登录|Anmelden|Iniciar sesión)[^<]*<\/title>|login\.(?:taobao|alibaba|1688)\.com\/(?:member|newlogin)|id="login-form"|name="fm-login-id"/i,
    found: 'a login page',
    todo: 'sign in with your browser, save the product page (Ctrl+S) and run `engine product FILE.html`',
  },
];

/** Throws E_LISTING_PAGE when a page is a challenge, a login or a product that is gone. */
export function assertProductPage(html: string, where: string): void {
  const head = html.length > 400_000 ? html.slice(0, 400_000) : html;
  for (const { kind, signs, found, todo } of FAULTS)
    if (signs.test(head))
      throw new EngineError('E_LISTING_PAGE', { where, expected: 'a product page', found, todo, details: { kind } });
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
