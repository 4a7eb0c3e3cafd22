import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/** Detects an offered colour that is missing from the listing's colours (2.1). */

/** Names of each colour in all languages, folded. */
const COLOURS: readonly string[] = [
  'red|红色|大红|rojo|vermelho|rouge|rot|rosso|красн\\p{L}*|احمر|kirmizi|merah|do do|สีแดง|赤|빨간색|빨강|लाल|czerwon\\p{L}*|rood',
  'blue|蓝色|azul|bleu|blau|blu|син\\p{L}{2}|ازرق|mavi|biru|xanh duong|สีฟ้า|สีน้ำเงิน|青|파란색|파랑|नीला|niebiesk\\p{L}*|blauw',
  'green|绿色|verde|vert|grun|зелен\\p{L}*|اخضر|yesil|hijau|xanh la|สีเขียว|绿|초록색|हरा|zielon\\p{L}*|groen',
  'yellow|黄色|amarillo|amarelo|jaune|gelb|giallo|желт\\p{L}*|اصفر|sari|kuning|mau vang|สีเหลือง|노란색|पीला|zolt\\p{L}*|geel',
  'pink|粉色|粉红|rosa|rose|розов\\p{L}*|وردي|pembe|merah muda|mau hong|สีชมพู|ピンク|분홍색|गुलाबी|rozow\\p{L}*|roze',
  'purple|紫色|morado|roxo|violet|lila|viola|фиолетов\\p{L}*|بنفسجي|mor renk|ungu|mau tim|สีม่วง|紫|보라색|बैंगनी|fioletow\\p{L}*|paars',
  'black|黑色|negro|preto|noir|schwarz|nero|черн\\p{L}*|اسود|siyah|hitam|mau den|สีดำ|黑|검은색|काला|czarn\\p{L}*|zwart',
  'white|白色|blanco|branco|blanc|weiss|bianco|бел\\p{L}{2}|ابيض|beyaz|putih|mau trang|สีขาว|白|흰색|सफेद|bial\\p{L}*|wit',
  'grey|gray|灰色|gris|cinza|grau|grigio|сер\\p{L}{2}|رمادي|gri|abu abu|mau xam|สีเทา|灰|회색|szar\\p{L}*|grijs',
  'orange|橙色|橘色|naranja|laranja|arancione|оранжев\\p{L}*|برتقالي|turuncu|oranye|mau cam|สีส้ม|オレンジ|주황색|नारंगी|pomaranczow\\p{L}*|oranje',
  'brown|棕色|咖啡色|marron|marrom|brun|braun|marrone|коричнев\\p{L}*|بني|kahverengi|coklat|mau nau|สีน้ำตาล|茶色|갈색|भूरा|brazow\\p{L}*|bruin',
];
const NAMES = COLOURS.map((c) => new RegExp(`(?<![\\p{L}\\p{M}])(?:${c})|(?<=[\\p{Script=Han}])(?:${c})`, 'gu'));
/** Words that offer colours. */
const OFFER =
  /comes in|available in|colou?rs?|also in|you can have it in|颜色|有[^,.。]{0,6}色|colores|cores|couleurs|farben|in farbe|colori|цвет|الوان|اللون|renk|warna|mau sac|co mau|มีสี|色は|色が|カラー|색상|रंग|kolor|kleuren/u;
const LISTED =
  /colou?r|颜色|色|color|cor(?:es)?:|couleur|farbe|colore|цвет|لون|الوان|renk|warna|mau|สี|カラー|색|रंग|kolor|kleur/u;

const namesIn = (text: string): Set<number> => {
  const found = new Set<number>();
  for (const [i, name] of NAMES.entries()) {
    name.lastIndex = 0;
    if (name.test(text)) found.add(i);
  }
  return found;
};

/** `facts` of the listings, folded. */
export function detectListingColours(view: TextView, facts: readonly string[]): Match[] {
  if (!OFFER.test(view.text)) return [];
  const listed = new Set(facts.filter((f) => LISTED.test(f)).flatMap((f) => [...namesIn(f)]));
  // A listing with one colour describes its picture; two or more are a choice.
  if (listed.size < 2) return [];
  const found: Match[] = [];
  for (const [i, name] of NAMES.entries()) {
    if (listed.has(i)) continue;
    for (const m of view.text.matchAll(name)) {
      found.push({ rule: '2.1', kind: 'colour', ...originalRange(view, m.index, m.index + m[0].length) });
    }
  }
  return found;
}
