import type { RoomConfig } from '../../config/room-config.js';

const TEXTS: Readonly<Record<string, string>> = {
  ar: 'سنعود بعد لحظات',
  de: 'Wir sind gleich zurück',
  en: 'We will be right back',
  es: 'Volvemos enseguida',
  fr: 'Nous revenons tout de suite',
  hi: 'हम अभी लौटते हैं',
  id: 'Kami segera kembali',
  it: 'Torniamo subito',
  ja: 'まもなく再開します',
  ko: '잠시 후 다시 시작합니다',
  ms: 'Kami akan kembali sebentar lagi',
  nl: 'We zijn zo terug',
  pl: 'Zaraz wracamy',
  pt: 'Voltamos já',
  ru: 'Скоро вернёмся',
  th: 'สักครู่เรากลับมา',
  tr: 'Birazdan döneceğiz',
  vi: 'Chúng tôi sẽ trở lại ngay',
  zh: '马上回来',
};

/** The text of a room's slate. */
export const slateOf = ({ compliance, language }: RoomConfig): string => compliance.slateText ?? slateText(language);

/** The slate's text in a language (BCP-47); English for languages without one. */
const slateText = (language: string): string => TEXTS[language.toLowerCase().split('-')[0]!] ?? TEXTS['en']!;
