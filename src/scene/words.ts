/** The engine's own words on the picture, by language. */

export const primary = (language: string): string => {
  const tag = language.toLowerCase();
  if (/^(zh-(.*-)?(hant|tw|hk|mo)|yue)\b/.test(tag)) return 'zh-hant';
  const first = tag.split(/[-_]/)[0]!;
  return ALIASES[first] ?? first;
};
const ALIASES: Readonly<Record<string, string>> = { cmn: 'zh', nb: 'no', nn: 'no', tl: 'fil', iw: 'he', in: 'id' };

const pick = (table: Readonly<Record<string, string>>, language: string): string =>
  table[primary(language)] ?? table['en']!;

const AI_LABEL: Readonly<Record<string, string>> = {
  ar: 'مولد بالذكاء الاصطناعي · شخصية رقمية',
  bg: 'Създадено от ИИ · дигитален човек',
  cs: 'Vytvořeno AI · digitální postava',
  da: 'AI-genereret · digital person',
  de: 'KI-generiert · digitaler Mensch',
  el: 'Δημιουργία ΤΝ · ψηφιακός άνθρωπος',
  en: 'AI-generated · digital human',
  es: 'Generado por IA · humano digital',
  fa: 'ساخته هوش مصنوعی · انسان دیجیتال',
  fi: 'Tekoälyn luoma · digitaalinen ihminen',
  fil: 'Gawa ng AI · digital na tao',
  fr: 'Généré par IA · humain numérique',
  he: 'נוצר בבינה מלאכותית · דמות דיגיטלית',
  hi: 'AI-जनित · डिजिटल मानव',
  hu: 'MI által generált · digitális ember',
  id: 'Dibuat AI · manusia digital',
  it: 'Generato da IA · umano digitale',
  ja: 'AI生成 デジタルヒューマン',
  ko: 'AI 생성 · 디지털 휴먼',
  ms: 'Dijana AI · manusia digital',
  nl: 'AI-gegenereerd · digitale mens',
  no: 'KI-generert · digitalt menneske',
  pl: 'Wygenerowane przez AI · cyfrowa postać',
  pt: 'Gerado por IA · humano digital',
  ro: 'Generat de IA · om digital',
  ru: 'Создано ИИ · цифровой человек',
  sv: 'AI-genererad · digital människa',
  th: 'สร้างโดย AI · มนุษย์ดิจิทัล',
  tr: 'Yapay zekâ üretimi · dijital insan',
  uk: 'Створено ШІ · цифрова людина',
  vi: 'Tạo bởi AI · người kỹ thuật số',
  zh: 'AI生成 数字人',
  'zh-hant': 'AI生成 數位人',
};

/** The AI label in a language; English where there is none. */
export const aiLabel = (language: string): string => pick(AI_LABEL, language);

const MINIMUM_ORDER: Readonly<Record<string, string>> = {
  ar: 'الحد الأدنى للطلب',
  cs: 'Min. objednávka',
  de: 'Mindestmenge',
  el: 'Ελάχ. παραγγελία',
  en: 'Min. order',
  es: 'Pedido mín.',
  fr: 'Commande min.',
  he: 'מינימום הזמנה',
  hi: 'न्यूनतम ऑर्डर',
  hu: 'Min. rendelés',
  id: 'Min. pesanan',
  it: 'Ordine min.',
  ja: '最小注文数',
  ko: '최소 주문',
  ms: 'Pesanan min.',
  nl: 'Min. bestelling',
  pl: 'Min. zamówienie',
  pt: 'Pedido mín.',
  ro: 'Comandă min.',
  ru: 'Мин. заказ',
  th: 'สั่งซื้อขั้นต่ำ',
  tr: 'Min. sipariş',
  uk: 'Мін. замовлення',
  vi: 'Đặt tối thiểu',
  zh: '起订量',
  'zh-hant': '起訂量',
};

/** "Minimum order" as the price card says it. */
export const minimumOrderWord = (language: string): string => pick(MINIMUM_ORDER, language);
