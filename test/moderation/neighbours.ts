/** Harmless sentences before and after a line, by language: typical sentences of a host. */
export const NEIGHBOURS: Readonly<Record<string, readonly [string, string]>> = {
  ar: ['أهلا بكم جميعا، سعداء بوجودكم معنا.', 'هذا الكوب متوفر بأربعة ألوان ويسهل غسله.'],
  de: ['Schön, dass so viele heute dabei sind.', 'Diese Tasse gibt es in vier Farben, und sie ist leicht zu spülen.'],
  en: ['Thank you all for joining us today.', 'These mugs come in four colours and are easy to wash.'],
  es: ['Gracias a todos por acompañarnos hoy.', 'Estas tazas vienen en cuatro colores y se lavan fácilmente.'],
  fr: ["Merci à tous d'être avec nous aujourd'hui.", 'Ces tasses existent en quatre couleurs et se lavent facilement.'],
  hi: ['आज हमारे साथ जुड़ने के लिए आप सबका धन्यवाद।', 'ये कप चार रंगों में आते हैं और आसानी से धुल जाते हैं।'],
  id: ['Terima kasih semuanya sudah hadir hari ini.', 'Cangkir ini tersedia dalam empat warna dan mudah dicuci.'],
  it: ['Grazie a tutti di essere qui oggi.', 'Queste tazze ci sono in quattro colori e si lavano facilmente.'],
  ja: ['今日はお集まりいただきありがとうございます。', 'このマグカップは四色あって、洗うのも簡単です。'],
  ko: ['오늘 함께해 주셔서 감사합니다.', '이 머그컵은 네 가지 색이 있고 씻기도 쉬워요.'],
  nl: [
    'Fijn dat jullie er vandaag allemaal bij zijn.',
    'Deze mokken zijn er in vier kleuren en laten zich makkelijk afwassen.',
  ],
  pl: ['Dziękuję wszystkim, że jesteście dziś z nami.', 'Te kubki są w czterech kolorach i łatwo się je myje.'],
  pt: ['Obrigada a todos por estarem aqui hoje.', 'Estas canecas vêm em quatro cores e são fáceis de lavar.'],
  ru: ['Спасибо всем, кто сегодня с нами.', 'Эти кружки есть в четырёх цветах, и их легко мыть.'],
  th: ['ขอบคุณทุกคนที่มาดูวันนี้ค่ะ', 'แก้วใบนี้มีสี่สีและล้างง่ายค่ะ'],
  tr: ['Bugün bizimle olduğunuz için hepinize teşekkürler.', 'Bu kupaların dört rengi var ve kolayca yıkanıyor.'],
  vi: ['Cảm ơn mọi người đã đến xem hôm nay.', 'Những chiếc cốc này có bốn màu và rất dễ rửa.'],
  zh: ['感谢大家今天来到直播间。', '这款杯子有四种颜色,清洗也很方便。'],
};

const ENDED = /[.!?…。！？;；।؟]["'”’)»」]*\s*$/u;
/** The sentence end of a language without a full stop. */
const STOPS: Readonly<Record<string, string>> = { zh: '。', ja: '。', hi: '।', th: '' };

/** The line before, between and after harmless sentences of its language and of another one. */
export function besides(line: string, language: string): [place: string, text: string][] {
  const text = ENDED.test(line) ? line : line + (STOPS[language] ?? '.');
  const other = language === 'en' ? 'zh' : 'en';
  const around = (of: string): [string, string][] => {
    const [before, after] = NEIGHBOURS[of]!;
    const name = of === language ? 'own' : 'other';
    return [
      [`${name} before`, `${text} ${after}`],
      [`${name} between`, `${before} ${text} ${after}`],
      [`${name} after`, `${before} ${text}`],
    ];
  };
  return [...around(language), ...around(other)];
}
