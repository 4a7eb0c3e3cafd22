import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * "Fifty pieces and you can order" where the listing begins at two hundred (rule 5.5): phrases of each language that
 * state a sufficient or minimum quantity. The text has its numbers as figures and its letters folded.
 */

const PIECES =
  'pieces|pcs|units?|bottles|bags|piezas|unidades|pecas|stuck|stuks|pezzi|sztuk|sztuki|штук|шт|adet|tane|pcs|buah|biji|cai|chiec|개|個|个|件|ชิ้น|ใบ|पीस|नग|حبه|قطعه|حبات|قطع';
/** Phrases before the figure that make it a minimum order. */
const MIN =
  'you only need to (?:take|order|buy)|only have to (?:take|order)|start with(?: just)?|minimum(?: order)?(?: is| of)?|(?:you )?can order from|el minimo (?:son|es)|o minimo (?:sao|e)|le minimum (?:est de|c est)|il minimo (?:e|sono)|das minimum (?:ist|sind)|ab|bastano|en az|cukup|minimal|minimum|chi can|don toi thieu|wystarczy|minimalne zamowienie(?: to)?|минимальныи заказ|достаточно|最少|最低|सिर्फ|न्यूनतम|यानी बस|ขั้นต่ํา|สั่งแค่|เริ่มต้น(?:ที่)?|اقل طلب|اقل كميه|vanaf|a partir de';
/** Phrases after the pieces that call them sufficient for an order. */
const ENOUGH =
  'is all you need to order|are all you need|and you can order|gets you started|ya pueden pedir|ya puedes pedir|bastan para pedir|ja da pra pedir|ja podem pedir|suffisent pour commander|et vous pouvez commander|konnt ihr schon bestellen|reichen fur eine bestellung|in su|bastano per ordinare|is genoeg om te bestellen|is genoeg|yeterli siparis|yeter siparis|sudah bisa pesan|bisa pesan|la dat duoc|la dat hang duoc|da mozna zamowic|juz mozna zamowic|хватит для заказа|부터 주문|면 주문|から注文|から買え|से ऑर्डर|से आर्डर|ก็สั่งได้|للطلب|就可以下单|就能下单|就可以拿|就能拿货|起拿|起批';

const BEFORE = new RegExp(`(?<!\\p{L})(?:${MIN}) ?(\\d{1,6}) ?(?:${PIECES})(?![a-z])`, 'gu');
const AFTER = new RegExp(`(?<![\\d.,$€£¥])(\\d{1,6}) ?(?:${PIECES}) ?(?:${ENOUGH})`, 'gu');
/** Fewer than this ("two pieces are enough for a child") are not an order. */
const MIN_ORDER = 10;

/** `minima`: the minimum orders of the listings. */
export function detectSaidMinimum(view: TextView, minima: readonly number[]): Match[] {
  if (minima.length === 0) return [];
  const minimum = Math.min(...minima);
  const found: Match[] = [];
  for (const pattern of [BEFORE, AFTER]) {
    for (const m of view.text.matchAll(pattern)) {
      const value = Number(m[1]);
      if (value < MIN_ORDER || value >= minimum) continue;
      const place = originalRange(view, m.index, m.index + m[0].length);
      if (found.some((f) => f.start < place.end && f.end > place.start)) continue;
      found.push({ rule: '5.5', kind: 'minimum-order', ...place });
    }
  }
  return found;
}
