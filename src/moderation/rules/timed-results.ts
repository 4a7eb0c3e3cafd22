import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * Promises of body changes by a date: "7天美白", "Lose weight in 14 days" (2.1).
 *
 * Problem: these claims are too short for the line model, and each word is harmless: "weight loss diary", "arrives in 7
 * days".
 * Rule: a result (`body-result` of the packs) and a number of days, weeks or months that leads to it stand near each
 * other in one sentence, and nothing beside the number refers to parcels, packs or a diary.
 */
// All in the folded view, which has no accents.
const COUNT =
  '(?:\\d{1,3}|one|two|three|four|une?|una|uma|um|einer?|zwei|drei|vier|dos|tres|duas|deux|trois|due|tre|две|три|een|twee|drie|satu|dua|tiga|mot|hai|ba|bir|iki|uc)';
const LATIN_TIME = [
  `(?:in|within|after|only|just|under) ${COUNT} ?(?:days?|weeks?|months?)`,
  `(?:en|tras|solo|en solo|em|apos|apenas|in|dopo|sole|en seulement|apres|en moins de) ${COUNT} ?(?:dias?|semanas?|mes(?:es|e|i)?|giorn[io]|settiman[ae]|jours?|semaines?|mois)`,
  `(?:in|nach|nur|binnen|na|slechts) ${COUNT} ?(?:tagen?|wochen?|monat(?:en?)?|dagen|weken|week|maand(?:en)?)`,
  `(?:w|po|tylko|juz w) ${COUNT} ?(?:dni|tygodni\\w*|tydzien|miesi[ae]c\\w*)`,
  `(?:за|через|после|всего за) (?:${COUNT} ?)?(?:дн\\p{L}+|день|недел\\p{L}+|месяц\\p{L}*)`,
  `${COUNT} ?(?:gunde|gun icinde|haftada|ayda|gunun sonunda)`,
  `(?:dalam|setelah|hanya|cuma|selama) ${COUNT} ?(?:hari|minggu|bulan)`,
  `(?:sau|trong|chi|trong vong|chi sau|chi can|chi trong) ${COUNT} ?(?:ngay|tuan|thang)`,
];
const OTHER_TIME = [
  '(?:\\d{1,3}|[一二两三四五六七八九十]{1,3}|半) ?(?:天|日|周|個月|个月|星期|个星期|個星期)',
  '(?:ใน|ภายใน|แค่|เพียง|หลัง) ?\\d{1,3} ?(?:วัน|สัปดาห์|อาทิตย์|เดือน)',
  '\\d{1,3} ?(?:日|週間|か月|ヶ月|カ月|ヵ月)(?:間)?(?:で|後|以内)',
  '\\d{1,3} ?(?:일|주일?|개월|달) ?(?:만에|안에|후|이면|만)',
  '(?:في|خلال|بعد) ?\\d{0,3} ?(?:ايام|يوما?|اسبوع(?:ين)?|اسابيع|شهر(?:ين)?|اشهر)',
  '\\d{1,3} ?(?:दिन(?:ों)?|हफ्ते|हफ्तों|सप्ताह|महीने|महीनों) ?(?:में|के अंदर)',
];
const TIMES = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${LATIN_TIME.join('|')})(?![\\p{L}\\p{N}])|(?<!\\p{N})(?:${OTHER_TIME.join('|')})`,
  'giu',
);
/** Words beside the number that refer to parcels, packs and habits. */
const ABOUT_GOODS =
  /发货|發貨|到货|到貨|送达|送達|退货|退貨|无理由|無理由|包退|质保|保修|续航|待机|[天日周月](?:量|装|份|用量)|记录|打卡|计划|deliver|ship|arriv|return|refund|warrant|repl(?:y|ies)|pack|suppl[yi]|track|diary|log|record|plan\b|chart|battery|entreg|lleg|cheg|env[ií]o|devol|garant|livr|retour|liefer|rückgabe|versand|consegn|reso\b|достав|возврат|гарант|teslim|iade|kargo|kirim|garansi|giao|đổi trả|bảo hành|ส่ง|คืน|ประกัน|届|返品|発送|保証|배송|반품|환불|보증|توصيل|شحن|إرجاع|ضمان|डिलीवर|वापस|वारंटी|dosta|zwrot|gwaranc|lever|bezorg|garantie/iu;
const NEAR_CHARS = 32;
/** Maximum distance of a denial from the claim. */
const DENIED_CHARS = 24;
const STOP = /[.!?。！？\n]/u;

/** `results`: ranges of `body-result` in the original text; `denied`: of words that deny a claim. */
export function detectTimedResults(
  text: string,
  folded: TextView,
  results: readonly { start: number; end: number }[],
  denied: readonly { start: number; end: number }[],
): Match[] {
  if (results.length === 0 || ABOUT_GOODS.test(text)) return [];
  const found: Match[] = [];
  for (const match of folded.text.matchAll(TIMES)) {
    const time = originalRange(folded, match.index, match.index + match[0].length);
    for (const result of results) {
      const start = Math.min(time.start, result.start);
      const end = Math.max(time.end, result.end);
      const between = text.slice(Math.min(time.end, result.end), Math.max(time.start, result.start));
      if (between.length > NEAR_CHARS || STOP.test(between)) continue;
      if (denied.some((d) => d.end > start - DENIED_CHARS && d.start < end + DENIED_CHARS)) continue;
      found.push({ rule: '2.1', kind: 'medical', start, end });
    }
  }
  return found;
}
