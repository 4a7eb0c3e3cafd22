/**
 * Takes lexicon hits back by the sense of the whole sentence.
 *
 * Problem: sellers mention forbidden things to warn of them, or to say where they are allowed: "pay by PayPal on the
 * order page", "find us on Alibaba", "if someone writes to you on WhatsApp in our name, it is a scam", "the receiver's
 * phone goes into the delivery address", "the headset is fine for WhatsApp calls". Evaders use the same words: "skip
 * the order page", "no scam, add my WhatsApp", "the order page costs, so transfer it to me".
 * Rule: each excuse counts only in certain positions, and certain words make it void.
 */
interface Match {
  readonly start: number;
  readonly end: number;
}
type Sets = Map<string, Match[]>;

const ON_ORDER_PAGE = 'on-order-page';
const RECEIVER = 'receiver';
/** Words that deny the order page: "skip", "instead of", "not". */
const DENY_ORDER_PAGE = ['not-3-1', 'skip', 'instead'];
/** Money to the seller bypasses the order page, whatever else is mentioned. */
const TO_SELLER = ['to-me', 'own-account', 'courier'];
const NEAR_CHARS = 24;
/** Sets about money, as opposed to an app that may transfer it. */
const MONEY = ['pay', 'give-money', 'amount', 'pay-details', 'own-account', 'bank-name', 'cash-word'];
/** Rules that a warning against swindlers may mention… */
const WARNED_OF: ReadonlySet<string> = new Set(['3.1', '3.2', '3.3', '2.2']);
/** …and the maximum distance of "scam" and "someone" from the mention. */
const SCAM_CHARS = 64;
/** Maximum distance of a platform's name from the headset that is used with it. */
const DEVICE_CHARS = 56;
/** Maximum distance of a superlative from the goods it is limited to… */
const RANGE_CHARS = 14;
/** …unless it also covers the world, the market or the trade. */
const WHOLE_WORLD = ['of-all', 'in-world', 'earth', 'than-any', 'none-other', 'maker'];
/** Maximum distances of "number one" from its number two, and from the list that it heads. */
const NEXT_ITEM_CHARS = 64;
const ITEM_PLACE_CHARS = 14;
/** Maximum distance before or after the receiver at which "my" makes the number the seller's. */
const MY_CHARS = 12;

const gap = (m: Match, start: number, end: number): number => Math.max(m.start - end, start - m.end);

/** Positions are those of one words view; `sets` holds its matches. */
export class Excuses {
  readonly #sets: Sets;
  readonly #clauseEnds: (from: number, to: number) => boolean;
  readonly #pages: readonly Match[];
  readonly #someone: readonly Match[];
  readonly #scam: readonly Match[];

  constructor(sets: Sets, clauseEnds: (from: number, to: number) => boolean) {
    this.#sets = sets;
    this.#clauseEnds = clauseEnds;
    const pages = sets.get(ON_ORDER_PAGE) ?? [];
    const denials = pages.length === 0 ? [] : DENY_ORDER_PAGE.flatMap((name) => sets.get(name) ?? []);
    this.#pages = pages.filter(
      (m) =>
        !denials.some(
          (d) => (d.end <= m.start + 1 && m.start - d.end <= 10) || (d.start >= m.end && d.start - m.end <= 4),
        ),
    );
    this.#someone = sets.get('someone') ?? [];
    this.#scam = sets.has('no-scam') ? [] : (sets.get('scam-word') ?? []);
  }

  /** Whether the hit is part of a warning against swindlers or names the platform itself. */
  excuse(rule: string, kind: string, start: number, end: number): boolean {
    if (WARNED_OF.has(rule) && this.#scam.length > 0) {
      const beside = (m: Match): boolean => gap(m, start, end) <= SCAM_CHARS;
      if (this.#scam.some(beside) && this.#someone.some(beside)) return true;
    }
    if (rule === '2.1') return kind === 'absolute' && (this.#inOwnRange(start, end) || this.#firstItem(start, end));
    // "The stand is good for video calls on WeChat": the app is a payment method only where money is mentioned.
    if (rule === '3.1' && kind === 'payment')
      return !MONEY.some((name) => this.#sets.has(name)) && this.#deviceUse(start, end);
    if (rule !== '3.2') return false;
    if (kind === 'platform') return this.#deviceUse(start, end);
    return (this.#sets.get('alibaba') ?? []).some(
      (m) => (m.start >= start && m.start <= end + 2) || (m.end <= start && start - m.end <= 2),
    );
  }

  /** For sets with special rules: whether one excuses the hit; undefined for all others. */
  byName(name: string, start: number, end: number): boolean | undefined {
    if (name === ON_ORDER_PAGE) return this.#onOrderPage(start, end);
    if (name === RECEIVER) return this.#toReceiver(start, end);
    return undefined;
  }

  #near(names: readonly string[], start: number, end: number, chars: number): boolean {
    return names.some((name) => (this.#sets.get(name) ?? []).some((m) => gap(m, start, end) <= chars));
  }

  #onOrderPage(start: number, end: number): boolean {
    const counts = this.#pages.some((m) => {
      if (m.end <= start) return start - m.end <= NEAR_CHARS && !this.#clauseEnds(m.end, start);
      if (m.start < end || m.start - end <= NEAR_CHARS) return true;
      return m.start - end <= 2 * NEAR_CHARS && !this.#clauseEnds(end, m.start);
    });
    return counts && !this.#near(TO_SELLER, start, end, NEAR_CHARS);
  }

  /** "The headset is fine for calls, WhatsApp included". */
  #deviceUse(start: number, end: number): boolean {
    return (
      this.#near(['device'], start, end, DEVICE_CHARS) &&
      this.#near(['call-use'], start, end, NEAR_CHARS) &&
      !this.#near(['mine', 'same-id', 'on-box', 'account-word', 'handle-word'], start, end, NEAR_CHARS)
    );
  }

  /** "The cheapest of the three is the left one". */
  #inOwnRange(start: number, end: number): boolean {
    return this.#near(['own-range'], start, end, RANGE_CHARS) && !this.#near(WHOLE_WORLD, start, end, 2 * NEAR_CHARS);
  }

  /** "Number one in the case is the wrench", "line number one cuts, number two sews". */
  #firstItem(start: number, end: number): boolean {
    if (!this.#near(['item-one'], start, end, 0)) return false;
    const listed =
      this.#near(['item-two'], start, end, NEXT_ITEM_CHARS) || this.#near(['item-place'], start, end, ITEM_PLACE_CHARS);
    return listed && !this.#near(WHOLE_WORLD, start, end, 2 * NEAR_CHARS);
  }

  #toReceiver(start: number, end: number): boolean {
    return this.#near([RECEIVER], start, end, NEAR_CHARS) && !this.#near(['mine'], start, end, MY_CHARS);
  }
}
