/**
 * Number words by language, as "word=value", without accents as in a folded text. Regular forms (German compounds,
 * Italian elisions) are added by `numberWords`.
 */
const TABLES: Readonly<Record<string, string>> = {
  en: 'zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100 thousand=1000',
  es: 'cero=0 un=1 una=1 uno=1 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 trece=13 catorce=14 quince=15 dieciseis=16 diecisiete=17 dieciocho=18 diecinueve=19 veinte=20 veintiuno=21 veintidos=22 veintitres=23 veinticuatro=24 veinticinco=25 veintiseis=26 veintisiete=27 veintiocho=28 veintinueve=29 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90 cien=100 ciento=100 doscientos=200 doscientas=200 trescientos=300 trescientas=300 cuatrocientos=400 quinientos=500 quinientas=500 seiscientos=600 setecientos=700 ochocientos=800 novecientos=900 mil=1000',
  pt: 'zero=0 um=1 uma=1 dois=2 duas=2 tres=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 nove=9 dez=10 onze=11 doze=12 treze=13 catorze=14 quatorze=14 quinze=15 dezesseis=16 dezessete=17 dezoito=18 dezenove=19 vinte=20 trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90 cem=100 cento=100 duzentos=200 duzentas=200 trezentos=300 quatrocentos=400 quinhentos=500 quinhentas=500 seiscentos=600 setecentos=700 oitocentos=800 novecentos=900 mil=1000',
  fr: 'zero=0 un=1 une=1 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 treize=13 quatorze=14 quinze=15 seize=16 vingt=20 trente=30 quarante=40 cinquante=50 soixante=60 septante=70 huitante=80 octante=80 nonante=90 cent=100 cents=100 mille=1000',
  de: 'null=0 ein=1 eine=1 einen=1 eins=1 zwei=2 drei=3 vier=4 funf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwolf=12 dreizehn=13 vierzehn=14 funfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19 zwanzig=20 dreissig=30 vierzig=40 funfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 hundert=100 tausend=1000',
  nl: 'nul=0 een=1 twee=2 drie=3 vier=4 vijf=5 zes=6 zeven=7 acht=8 negen=9 tien=10 elf=11 twaalf=12 dertien=13 veertien=14 vijftien=15 zestien=16 zeventien=17 achttien=18 negentien=19 twintig=20 dertig=30 veertig=40 vijftig=50 zestig=60 zeventig=70 tachtig=80 negentig=90 honderd=100 duizend=1000',
  it: 'zero=0 un=1 uno=1 una=1 due=2 tre=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 nove=9 dieci=10 undici=11 dodici=12 tredici=13 quattordici=14 quindici=15 sedici=16 diciassette=17 diciotto=18 diciannove=19 venti=20 trenta=30 quaranta=40 cinquanta=50 sessanta=60 settanta=70 ottanta=80 novanta=90 cento=100 mille=1000 mila=1000',
  ru: 'ноль=0 один=1 одна=1 одну=1 два=2 две=2 двух=2 три=3 трех=3 четыре=4 четырех=4 пять=5 пяти=5 шесть=6 шести=6 семь=7 семи=7 восемь=8 девять=9 десять=10 десяти=10 одиннадцать=11 двенадцать=12 тринадцать=13 четырнадцать=14 пятнадцать=15 шестнадцать=16 семнадцать=17 восемнадцать=18 девятнадцать=19 двадцать=20 тридцать=30 сорок=40 пятьдесят=50 шестьдесят=60 семьдесят=70 восемьдесят=80 девяносто=90 сто=100 двести=200 триста=300 четыреста=400 пятьсот=500 шестьсот=600 семьсот=700 восемьсот=800 девятьсот=900 тысяча=1000 тысячи=1000 тысячу=1000 тысяч=1000',
  pl: 'zero=0 jeden=1 jedna=1 jedno=1 dwa=2 dwie=2 dwoch=2 trzy=3 trzech=3 cztery=4 piec=5 szesc=6 siedem=7 osiem=8 dziewiec=9 dziesiec=10 jedenascie=11 dwanascie=12 trzynascie=13 czternascie=14 pietnascie=15 szesnascie=16 siedemnascie=17 osiemnascie=18 dziewietnascie=19 dwadziescia=20 trzydziesci=30 czterdziesci=40 piecdziesiat=50 szescdziesiat=60 siedemdziesiat=70 osiemdziesiat=80 dziewiecdziesiat=90 sto=100 dwiescie=200 trzysta=300 czterysta=400 piecset=500 szescset=600 siedemset=700 osiemset=800 dziewiecset=900 tysiac=1000 tysiace=1000 tysiecy=1000',
  tr: 'sifir=0 bir=1 iki=2 uc=3 dort=4 bes=5 alti=6 yedi=7 sekiz=8 dokuz=9 on=10 yirmi=20 otuz=30 kirk=40 elli=50 altmis=60 yetmis=70 seksen=80 doksan=90 yuz=100 bin=1000',
  id: 'nol=0 satu=1 dua=2 tiga=3 empat=4 lima=5 enam=6 tujuh=7 delapan=8 lapan=8 sembilan=9 sepuluh=10 sebelas=11 seratus=100 seribu=1000 ratus=100 ribu=1000',
  vi: 'mot=1 hai=2 ba=3 bon=4 lam=5 sau=6 bay=7 tam=8 chin=9 muoi=10 tram=100 nghin=1000 ngan=1000',
  hi: 'एक=1 दो=2 तीन=3 चार=4 पांच=5 पाँच=5 छह=6 छः=6 सात=7 आठ=8 नौ=9 दस=10 ग्यारह=11 बारह=12 तेरह=13 चौदह=14 पंद्रह=15 सोलह=16 सत्रह=17 अठारह=18 उन्नीस=19 बीस=20 पच्चीस=25 तीस=30 चालीस=40 पचास=50 साठ=60 सत्तर=70 अस्सी=80 नब्बे=90 सौ=100 हजार=1000 हज़ार=1000',
  ar: 'واحد=1 واحده=1 اثنان=2 اثنين=2 ثلاثه=3 ثلاث=3 اربعه=4 اربع=4 خمسه=5 خمس=5 سته=6 ست=6 سبعه=7 سبع=7 ثمانيه=8 ثماني=8 ثمان=8 تسعه=9 تسع=9 عشره=10 عشر=10 عشرون=20 عشرين=20 ثلاثون=30 ثلاثين=30 اربعون=40 اربعين=40 خمسون=50 خمسين=50 ستون=60 ستين=60 سبعون=70 سبعين=70 ثمانون=80 ثمانين=80 تسعون=90 تسعين=90 مئه=100 مائه=100 مئتا=200 مئتين=200 مئتان=200 الف=1000 الفين=2000 الاف=1000 احدعش=11 اثنعش=12 اطنعش=12 ثلطعش=13 ثلاثطعش=13 اربعطعش=14 خمسطعش=15 ستعش=16 سطعش=16 سبعطعش=17 ثمنطعش=18 تسعطعش=19',
  ko: '한=1 두=2 세=3 네=4 다섯=5 여섯=6 일곱=7 여덟=8 아홉=9 열=10 스무=20 서른=30 마흔=40 쉰=50 오십=50',
};

const ITALIAN_ONES = 'due tre quattro cinque sei sette'.split(' ');
const ITALIAN_TENS = 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta'.split(' ');
interface CompoundNames {
  readonly and: string;
  readonly hundred: string;
  readonly thousand: string;
}
const NAMES: Readonly<Record<string, CompoundNames>> = {
  de: { and: 'und', hundred: 'hundert', thousand: 'tausend' },
  nl: { and: 'en', hundred: 'honderd', thousand: 'duizend' },
};

const made = new Map<string, ReadonlyMap<string, number>>();

/** Words for whole numbers of one language; empty for a language without a table. */
export function numberWords(language: string): ReadonlyMap<string, number> {
  const kept = made.get(language);
  if (kept !== undefined) return kept;
  const words = new Map<string, number>();
  for (const pair of TABLES[language]?.split(' ') ?? []) {
    const [word, value] = pair.split('=');
    words.set(word!, Number(value));
  }
  const names = NAMES[language];
  if (names !== undefined) addCompounds(words, names);
  if (language === 'it') {
    for (const [t, tens] of ITALIAN_TENS.entries()) {
      const stem = tens.slice(0, -1);
      words.set(`${stem}uno`, t * 10 + 21);
      words.set(`${stem}otto`, t * 10 + 28);
      words.set(`${tens}nove`, t * 10 + 29);
      for (const [o, one] of ITALIAN_ONES.entries()) words.set(`${tens}${one}`, t * 10 + 22 + o);
    }
    for (const [o, one] of [...ITALIAN_ONES, 'otto', 'nove'].entries()) {
      words.set(`${one}cento`, (o + 2) * 100);
      words.set(`${one}mila`, (o + 2) * 1000);
    }
    words.set('diecimila', 10_000);
  }
  made.set(language, words);
  return words;
}

/** fünfundzwanzig, zweihundert, dreihundertfünfzig. */
function addCompounds(words: Map<string, number>, { and, hundred, thousand }: CompoundNames): void {
  const simple = [...words].filter(([, v]) => v > 0 && v < 100);
  const ones = simple.filter(([, v]) => v < 10);
  const tens = simple.filter(([, v]) => v >= 20);
  for (const [one, o] of ones) for (const [ten, t] of tens) words.set(`${one}${and}${ten}`, o + t);
  const below = [...words].filter(([, v]) => v > 0 && v < 100);
  for (const [one, o] of ones) {
    words.set(`${one}${thousand}`, o * 1000);
    words.set(`${one}${hundred}`, o * 100);
    for (const [rest, r] of below) words.set(`${one}${hundred}${rest}`, o * 100 + r);
  }
  for (const [rest, r] of below) words.set(`${hundred}${rest}`, 100 + r);
}
