/** A language Showroom offers to speak, and the known limits of its built-in voice. */
export interface SpokenLanguage {
  /** BCP-47. */
  readonly tag: string;
  readonly english: string;
  readonly native: string;
  /** The built-in voice used when a room names none. */
  readonly voice: string;
  /** Known faults of the built-in voice, for the operator; empty when there are none. */
  readonly fault: string;
}

const row = (tag: string, english: string, native: string, voice: string, fault = ''): SpokenLanguage => ({
  tag,
  english,
  native,
  voice,
  fault,
});

export const LANGUAGES: readonly SpokenLanguage[] = [
  row('en', 'English', 'English', 'en-US'),
  row('zh', 'Chinese (Mandarin)', '中文', 'cmn', 'Readings of characters with several tones are often wrong'),
  row('yue', 'Chinese (Cantonese)', '粵語', 'yue', 'Readings of characters with several tones are often wrong'),
  row('es', 'Spanish', 'Español', 'es'),
  row('es-419', 'Spanish (Latin America)', 'Español (Latinoamérica)', 'es-419'),
  row('fr', 'French', 'Français', 'fr'),
  row('de', 'German', 'Deutsch', 'de'),
  row('it', 'Italian', 'Italiano', 'it'),
  row('pt', 'Portuguese', 'Português', 'pt'),
  row('pt-BR', 'Portuguese (Brazil)', 'Português (Brasil)', 'pt-BR'),
  row('nl', 'Dutch', 'Nederlands', 'nl'),
  row('pl', 'Polish', 'Polski', 'pl'),
  row('cs', 'Czech', 'Čeština', 'cs'),
  row('sk', 'Slovak', 'Slovenčina', 'sk'),
  row('hu', 'Hungarian', 'Magyar', 'hu'),
  row('ro', 'Romanian', 'Română', 'ro'),
  row('bg', 'Bulgarian', 'Български', 'bg'),
  row('el', 'Greek', 'Ελληνικά', 'el'),
  row('ru', 'Russian', 'Русский', 'ru'),
  row('uk', 'Ukrainian', 'Українська', 'uk'),
  row('kk', 'Kazakh', 'Қазақша', 'kk'),
  row('uz', 'Uzbek', 'Oʻzbekcha', 'uz', 'Latin script only; Cyrillic text is spelled'),
  row('tr', 'Turkish', 'Türkçe', 'tr'),
  row('az', 'Azerbaijani', 'Azərbaycanca', 'az'),
  row('ar', 'Arabic', 'العربية', 'ar', 'Text without vowel signs gets guessed vowels'),
  row('he', 'Hebrew', 'עברית', 'he', 'Text without points gets guessed vowels'),
  row('fa', 'Persian', 'فارسی', 'fa', 'Short vowels are guessed'),
  row('ur', 'Urdu', 'اردو', 'ur', 'Short vowels are guessed'),
  row('hi', 'Hindi', 'हिन्दी', 'hi'),
  row('bn', 'Bengali', 'বাংলা', 'bn'),
  row('ta', 'Tamil', 'தமிழ்', 'ta'),
  row('te', 'Telugu', 'తెలుగు', 'te'),
  row('mr', 'Marathi', 'मराठी', 'mr'),
  row('id', 'Indonesian', 'Bahasa Indonesia', 'id'),
  row('ms', 'Malay', 'Bahasa Melayu', 'ms'),
  row('vi', 'Vietnamese', 'Tiếng Việt', 'vi'),
  row('th', 'Thai', 'ไทย', 'th', 'Barely understandable: unwritten vowels and tones are missing'),
  row('ko', 'Korean', '한국어', 'ko'),
  row('ja', 'Japanese', '日本語', 'ja', 'Kanji are named, not read: write lines in kana'),
  row('my', 'Burmese', 'မြန်မာ', 'my'),
  row('sw', 'Swahili', 'Kiswahili', 'sw'),
  row('sv', 'Swedish', 'Svenska', 'sv'),
  row('da', 'Danish', 'Dansk', 'da'),
  row('nb', 'Norwegian', 'Norsk bokmål', 'nb'),
  row('fi', 'Finnish', 'Suomi', 'fi'),
  row('hr', 'Croatian', 'Hrvatski', 'hr'),
  row('sr', 'Serbian', 'Српски', 'sr'),
  row('ca', 'Catalan', 'Català', 'ca'),
];

/** Requested languages without a voice in the embedded synthesiser. */
export const UNSPOKEN: Readonly<Record<string, string>> = {
  tl: 'Tagalog has no embedded voice; the nearest that can be understood is Indonesian (id)',
  fil: 'Filipino has no embedded voice; the nearest that can be understood is Indonesian (id)',
  km: 'Khmer has no embedded voice',
  lo: 'Lao has no embedded voice',
  mn: 'Mongolian has no embedded voice',
};

/** Aliases of the table's languages; older codes and regions of Chinese. */
export const ALIASES: Readonly<Record<string, string>> = {
  cmn: 'zh',
  'zh-cmn': 'zh',
  'zh-hans': 'zh',
  'zh-hant': 'zh',
  'zh-hk': 'yue',
  'zh-yue': 'yue',
  'zh-mo': 'yue',
  'en-uk': 'en-gb',
  iw: 'he',
  in: 'id',
  no: 'nb',
  nn: 'nb',
  'es-mx': 'es-419',
  'es-ar': 'es-419',
  'es-co': 'es-419',
  'es-cl': 'es-419',
  'es-pe': 'es-419',
  'es-us': 'es-419',
};
