/**
 * Words for digits in every language of the rule packs, folded (lower case, no accents). One table serves all
 * languages, because only a long run of them has a meaning.
 */
const BY_LANGUAGE: Readonly<Record<string, string>> = {
  en: 'zero|oh:0|o:0|one|two|three|four|five|six|seven|eight|nine',
  es: 'cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve',
  pt: 'zero|um|dois|tres|quatro|cinco|seis|sete|oito|nove|meia:6|duas:2',
  fr: 'zero|un|deux|trois|quatre|cinq|six|sept|huit|neuf',
  de: 'null|eins|zwei|drei|vier|funf|sechs|sieben|acht|neun|zwo:2|fuenf:5|ein:1',
  it: 'zero|uno|due|tre|quattro|cinque|sei|sette|otto|nove',
  ru: 'ноль|один|два|три|четыре|пять|шесть|семь|восемь|девять|нуль:0',
  ar: 'صفر|واحد|اثنان|ثلاثه|اربعه|خمسه|سته|سبعه|ثمانيه|تسعه|اثنين:2|ثلاث:3|اربع:4|خمس:5|ست:6|سبع:7|ثمان:8|ثماني:8|تسع:9|اثنان:2|تلاته:3|تمانيه:8',
  tr: 'sifir|bir|iki|uc|dort|bes|alti|yedi|sekiz|dokuz',
  id: 'nol|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|kosong:0|lapan:8',
  vi: 'khong|mot|hai|ba|bon|nam|sau|bay|tam|chin|tu:4|lam:5',
  th: 'ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|เอ็ด:1|โท:2',
  ja: 'ゼロ|いち|に|さん|よん|ご|ろく|なな|はち|きゅう|れい:0|ぜろ:0|し:4|しち:7|く:9|まる:0|レイ:0|マル:0|イチ:1|ニ:2|サン:3|ヨン:4|シ:4|ゴ:5|ロク:6|ナナ:7|シチ:7|ハチ:8|キュウ:9|キュー:9|ニー:2|ゴー:5|クー:9|にー:2|ごー:5|きゅー:9',
  ko: '공|일|이|삼|사|오|육|칠|팔|구|영:0|하나:1|둘:2|셋:3|넷:4|다섯:5|여섯:6|일곱:7|여덟:8|아홉:9|륙:6',
  hi: 'शून्य|एक|दो|तीन|चार|पांच|छह|सात|आठ|नौ|पाँच:5|छः:6|छे:6|जीरो:0|ज़ीरो:0|shunya:0|ek:1|teen:3|char:4|chaar:4|paanch:5|panch:5|chhe:6|chhah:6|cheh:6|saat:7|sat:7|aath:8|aat:8|nau:9',
  pl: 'zero|jeden|dwa|trzy|cztery|piec|szesc|siedem|osiem|dziewiec',
  nl: 'nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen',
  zh: '零|一|二|三|四|五|六|七|八|九|幺:1|壹:1|贰:2|两:2|叁:3|肆:4|伍:5|陆:6|柒:7|捌:8|玖:9|洞:0|拐:7|勾:9|溜:6|妖:1|巴:8|久:9|酒:9',
  pinyin: 'ling|yi|er|san|si|wu|liu|qi|ba|jiu|yao:1|dong:0|guai:7|gou:9',
  enHindi: 'जीरो:0|वन:1|टू:2|थ्री:3|फोर:4|फाइव:5|सिक्स:6|सेवन:7|एट:8|नाइन:9|डबल:',
};

/**
 * Words for numbers from ten on, with the first value and the step to the next; telephone numbers are said in pairs or,
 * with hundreds, in threes. "|" separates words of equal value.
 */
const FROM_TEN: readonly (readonly [from: number, step: number, words: string])[] = [
  [10, 1, 'dix onze douze treize quatorze quinze seize'],
  [20, 10, 'vingt|vingts trente quarante cinquante soixante septante huitante|octante nonante'],
  [10, 1, 'diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve'],
  [30, 10, 'treinta cuarenta cincuenta sesenta setenta ochenta noventa'],
  [10, 1, 'dez onze doze treze catorze|quatorze quinze dezesseis|dezasseis dezessete|dezassete dezoito dezenove|dezanove'],
  [20, 10, 'vinte trinta quarenta cinquenta sessenta setenta oitenta noventa'],
  [10, 1, 'dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove'],
  [20, 10, 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta'],
  [10, 1, 'zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn'],
  [20, 10, 'zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig'],
  [10, 1, 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'],
  [20, 10, 'twenty thirty forty fifty sixty seventy eighty ninety'],
  [10, 1, 'десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать'],
  [20, 10, 'двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто'],
  [100, 100, 'сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот'],
  [10, 10, 'on yirmi otuz kirk elli altmis yetmis seksen doksan yuz'],
  [10, 1, 'tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien'],
  [20, 10, 'twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd'],
  [10, 1, 'dziesiec jedenascie dwanascie trzynascie czternascie pietnascie szesnascie siedemnascie osiemnascie dziewietnascie'],
  [20, 10, 'dwadziescia trzydziesci czterdziesci piecdziesiat szescdziesiat siedemdziesiat osiemdziesiat dziewiecdziesiat'],
  [100, 100, 'sto dwiescie trzysta czterysta piecset szescset siedemset osiemset dziewiecset'],
  [100, 100, 'ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos'],
  [100, 100, 'cento duzentos|duecento trezentos|trecento quatrocentos|quattrocento quinhentos|cinquecento seiscentos|seicento setecentos|settecento oitocentos|ottocento novecentos|novecento'],
  [100, 100, 'cent|cents|hundert|hundred|ratus|seratus'],
  [10, 1, 'عشره|عشر احدعش|احدعشر اثنعش|اطنعش|اثناعشر ثلطعش|ثلاثطعش اربعطعش خمسطعش ستعش|سطعش سبعطعش ثمنطعش|ثمانطعش تسعطعش'],
  [20, 10, 'عشرين|عشرون|وعشرين|وعشرون ثلاثين|ثلاثون|وثلاثين|وثلاثون اربعين|اربعون|واربعين|واربعون خمسين|خمسون|وخمسين|وخمسون ستين|ستون|وستين|وستون سبعين|سبعون|وسبعين|وسبعون ثمانين|ثمانون|وثمانين|وثمانون تسعين|تسعون|وتسعين|وتسعون'],
  [10, 1, 'दस ग्यारह बारह तेरह चौदह पंद्रह|पन्द्रह सोलह सत्रह अठारह|अट्ठारह उन्नीस बीस इक्कीस बाईस|बाइस तेईस|तेइस चौबीस पच्चीस छब्बीस सत्ताईस|सत्ताइस अट्ठाईस|अट्ठाइस उनतीस तीस इकतीस|इकत्तीस बत्तीस तैंतीस|तेंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस|अडतीस उनतालीस चालीस इकतालीस बयालीस तैंतालीस चौवालीस|चवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस|अडतालीस उनचास पचास इक्यावन बावन तिरपन|तिरेपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ साठ इकसठ बासठ तिरसठ|तिरेसठ चौंसठ पैंसठ छियासठ सड़सठ|सडसठ अड़सठ|अडसठ उनहत्तर सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उनासी|उन्नासी अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी|अठासी नवासी नब्बे इक्यानवे|इक्यानबे बानवे|बानबे तिरानवे|तिरानबे चौरानवे|चौरानबे पंचानवे|पंचानबे|पचानवे छियानवे|छियानबे सत्तानवे|सत्तानबे अट्ठानवे|अट्ठानबे|अठानवे निन्यानवे|निन्यानबे'],
  [10, 1, 'puluh|sepuluh|muoi sebelas|belas'],
]; // prettier-ignore

/** Tens and ones in one word: vierundzwanzig, zesenvijftig, quarantacinque. */
function compounds(): Map<string, number> {
  const words = new Map<string, number>();
  const cross = (ones: string, tens: string, write: (one: string, ten: string) => string): void => {
    for (const one of ones.split(' ')) {
      const [word, value] = one.split(':');
      for (const [i, ten] of tens.split(' ').entries()) words.set(write(word, ten), (i + 2) * 10 + Number(value));
    }
  };
  cross(
    'ein:1 zwei:2 drei:3 vier:4 funf:5 sechs:6 sieben:7 acht:8 neun:9',
    'zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig',
    (one, ten) => `${one}und${ten}`,
  );
  cross(
    'een:1 twee:2 drie:3 vier:4 vijf:5 zes:6 zeven:7 acht:8 negen:9',
    'twintig dertig veertig vijftig zestig zeventig tachtig negentig',
    (one, ten) => `${one}en${ten}`,
  );
  const italian = 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta';
  cross('due:2 tre:3 quattro:4 cinque:5 sei:6 sette:7 nove:9', italian, (one, ten) => ten + one);
  cross('uno:1 otto:8', italian, (one, ten) => ten.slice(0, -1) + one);
  return words;
}

const REPEATS: Readonly<Record<string, number>> = {
  double: 2, doble: 2, dobro: 2, doppio: 2, doppel: 2, dubbel: 2, dvojnoj: 2, дважды: 2, cift: 2, dobel: 2, डबल: 2, ดับเบิล: 2, ดับเบิ้ล: 2, podwojne: 2,
  더블: 2, 따블: 2, ダブル: 2, دبل: 2, двоинои: 2, двоиная: 2, doppia: 2, duplo: 2, podwojny: 2, podwojna: 2, duble: 2, 双: 2, dup: 2,
  triple: 3, tripel: 3, triplo: 3, triplex: 3, tripla: 3, トリプル: 3, 트리플: 3, تريبل: 3, ट्रिपल: 3, ตอง: 3,
}; // prettier-ignore

export interface DigitWord {
  /** The digits it stands for; '' for a word that repeats the next one. */
  readonly digits: string;
  readonly repeat: number;
  /** A number from ten on. */
  readonly tens: boolean;
}

function build(): ReadonlyMap<string, DigitWord> {
  const words = new Map<string, DigitWord>();
  for (const list of Object.values(BY_LANGUAGE)) {
    for (const [i, entry] of list.split('|').entries()) {
      const [word, digit] = entry.split(':');
      if (digit === '') continue;
      if (!words.has(word)) words.set(word, { digits: digit ?? String(i), repeat: 1, tens: false });
    }
  }
  for (const [from, step, list] of FROM_TEN) {
    for (const [i, same] of list.split(' ').entries()) {
      for (const word of same.split('|')) {
        if (!words.has(word)) words.set(word, { digits: String(from + i * step), repeat: 1, tens: true });
      }
    }
  }
  for (const [word, value] of compounds()) {
    if (!words.has(word)) words.set(word, { digits: String(value), repeat: 1, tens: true });
  }
  for (const [word, repeat] of Object.entries(REPEATS)) words.set(word, { digits: '', repeat, tens: false });
  return words;
}

/** Folded word → digit. */
export const DIGIT_WORDS: ReadonlyMap<string, DigitWord> = build();
/** Maximum length of words in scripts without spaces. */
export const MAX_LOOSE_WORD_LETTERS = 8;
