import type { Product } from '../../config/sections/product.js';
import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/** A claim that goods can be had while the listing says they are sold out (5.1). */

/** "In stock", "still available" in the languages, folded. Variants ("available in six colours") are no such claim. */
const AVAILABLE = new RegExp(
  [
    '\\bin stock\\b|\\b(?:still|now|again|immediately|currently|is|are) available\\b(?! in (?:\\w+ ){0,2}(?:colou?rs?|sizes?|variants?|versions?))|\\bstill for sale\\b',
    '\\bauf lager\\b|\\bvorratig\\b|\\b(?:noch|sofort|wieder|jetzt) (?:lieferbar|verfugbar|erhaltlich|zu haben)\\b',
    '\\ben stock\\b|\\b(?:encore|toujours|de nouveau) (?:disponibles?|en vente)\\b',
    '\\ben existencias?\\b|\\b(?:aun|todavia|sigue|siguen) (?:esta |estan )?(?:disponibles?|a la venta)\\b',
    '\\bem estoque\\b|\\b(?:ainda|continua) (?:esta )?(?:disponivel|disponiveis|a venda)\\b',
    '\\bin magazzino\\b|\\b(?:ancora|subito) (?:disponibil[ei]|in vendita)\\b',
    'в наличии|(?:еще|уже|снова) (?:доступ|в продаже)',
    '在(?:庫|库)[がかはも]?(?:まだ|また)?(?:あり|[ごこ][ざさ]い)|(?:まだ|また)(?:買え|(?:購|购)入[でて]き)|販売中',
    '재고(?:가|는)? ?(?:아직 )?있|아직 (?:구매|주문) ?가능',
    '有现货|有現貨|(?:还|還|仍|都)有(?:库存|庫存|货|貨)|(?:现货|現貨)(?:充足|供应|供應)|(?:还能|還能|仍可|现在就可以|現在就可以)(?:买|買|下单|下單|拍)',
    '(?:لا يزال|ما زال|ما زالت) (?:متوفر|متاح)|متوفره? (?:الان|في المخزون)|في المخزون',
    'स्टॉक में|अभी भी उपलब्ध',
    '\\b(?:masih|sudah) (?:tersedia|ada stok)\\b|\\bready stock\\b|\\bstok (?:masih )?(?:ada|tersedia)\\b',
    '\\bop voorraad\\b|\\bnog (?:steeds )?(?:leverbaar|verkrijgbaar|beschikbaar)\\b',
    '\\bna stanie\\b|\\bw magazynie\\b|\\b(?:nadal|wciaz|jeszcze) dostepn\\w*',
    '(?:ยังมี|มี)(?:สินค้า|ของ|สต็อก)|พร้อมส่ง',
    '\\bstokta\\b|\\bhala (?:mevcut|satista)\\b',
    '\\b(?:con|van con|dang co|co san) hang\\b|\\bcon hang\\b|\\bco san\\b',
  ].join('|'),
  'gu',
);
/** Before or after it: goods that cannot be had, or will be again. */
const NOT_NOW =
  /\b(?:no|not|isn t|aren t|never|nicht|kein\w*|plus|pas|ya no|agotad\w*|nao|non|niet|nie|tidak|belum|khong|het|degil|soon|again soon|bald|bientot|pronto|em breve|presto|binnenkort|wkrotce|segera|sap|yakinda)\b|нет|не |скоро|沒|没|无|無|不|很快|即将|ませ|ない|なし|近日|없|곧|لا |ليس|غير|قريبا|नहीं|जल्द|ไม่|หมด|เร็ว/;
const NEAR_CHARS = 14;

const WORD = /[\p{L}\p{M}]{4,}/gu;
const HAN = /\p{Script=Han}{2}|\p{Script=Katakana}{3}|\p{Script=Hangul}{2}|\p{Script=Thai}{4}/gu;

/** Title words as far as they survive inflection. */
const stemsOf = (title: string): string[] => [
  ...[...title.matchAll(WORD)].map(([word]) => word.slice(0, Math.max(4, Math.ceil(word.length * 0.75)))),
  ...[...title.matchAll(HAN)].map(([word]) => word),
];

/** The products that a text names by a title word no other title has; all of them when it names none. */
function named(text: string, products: readonly Product[], titles: readonly string[]): readonly Product[] {
  const stems = titles.map(stemsOf);
  const found = products.filter((_, i) =>
    stems[i]!.some((stem) => text.includes(stem) && !titles.some((title, k) => k !== i && title.includes(stem))),
  );
  return found.length === 0 ? products : found;
}

/** Only where all listings that the line may be about are sold out. `titles`: folded, one for each product. */
export function detectAvailability(view: TextView, products: readonly Product[], titles: readonly string[]): Match[] {
  if (!products.some(({ stock }) => stock === 'sold-out')) return [];
  const { text } = view;
  if (named(text, products, titles).some(({ stock }) => stock !== 'sold-out')) return [];
  const found: Match[] = [];
  for (const m of text.matchAll(AVAILABLE)) {
    const end = m.index + m[0].length;
    const around = `${text.slice(Math.max(0, m.index - NEAR_CHARS), m.index)} ${text.slice(end, end + NEAR_CHARS)}`;
    // "Still" holds "no longer" apart: لا يزال means "still".
    if (NOT_NOW.test(around.replace('لا يزال', ''))) continue;
    found.push({ rule: '5.1', kind: 'sold-out', ...originalRange(view, m.index, end) });
  }
  return found;
}
