/** Words that mean "made by AI" in any language. */
const AI_MARK =
  /(?<![A-Za-z])AI(?![A-Za-z])|ИИ|ШІ|ΤΝ|[Tt]ekoäly|[Yy]apay zek|人工智[能慧]|ذكاء|هوش مصنوعی|בינה מלאכותית/u;
/** Two letters that mean AI in some languages and anything else in others: a name, a size. */
const LOCAL_MARK = /(?<![A-Za-z])(IA|KI|MI)(?![A-Za-z])/u;
const LOCAL: Readonly<Record<string, string>> = {
  IA: 'fr es it pt ro ca gl',
  KI: 'de no nb nn da sv',
  MI: 'hu',
};
/** Words that accompany them in an AI label, in any language. */
const MADE = /g[eé]n[eé]r|digital|virtual|cr[eé]|erzeugt|erstellt|készít/iu;
/** "No AI", "a real person": denials. */
const DENIES =
  /(?<![\p{L}\p{M}])(?:no|not|non|none|never|without|zero|real|isn['’]?t|ne|pas|sans|aucune?|réele?|sin|ningun|ningún|kein\p{L}{0,2}|nicht|nie|ohne|echte?r?|senza|nessun\p{L}?|sem|não|nao|nenhum\p{L}?|geen|niet|zonder|bez|nem|ei|inte|ikke|ingen|не|нет|без|ні|değil|yok|gerçek|tanpa|bukan|không|बिना|नहीं|بدون|ليس|لا|غير|ללא|לא)(?![\p{L}\p{M}])|真人|[非没沒無无未不]|なし|ない|ではな|없|아닌|아님|진짜|ไม่/iu;
/** "Not a real person" has the same words and is a valid label. */
const NO_PERSON = new RegExp(
  [
    '(?:不代表|不等于|不等於|并非|並非|并不是|並不是|不是|非)(?:任何|真实|真實)?(?:真人|人物|人类|人類)',
    "(?:no|not|isn['’]?t|never)(?: an?)?(?: any)?(?: real| actual| living)? (?:human|person|people|man|woman)(?: being)?s?",
    'kein\\p{L}{0,2}(?: echte\\p{L}?| reale\\p{L}?)? (?:mensch|person)\\p{L}{0,2}',
    "(?:n['’]est )?pas (?:d['’]|une? |de )?(?:vraie? |réelle? )?(?:personne|humain)e?(?: réele?| réelle)?",
    '(?:no es|ninguna?|no)(?: una?)? (?:persona|humano)(?: real)?',
    '(?:non è|nessuna?)(?: una)? persona(?: reale| vera)?',
    '(?:não é|nao e|nenhuma)(?: uma)? pessoa(?: real)?',
    'geen(?: echte?| werkelijke?)? (?:mens|persoon)',
    'nie(?: jest)?(?: prawdziwym| realnym| prawdziwy)? (?:człowiek|człowiekiem|osobą|osoba)',
    'не(?: является)?(?: настоящий| реальный| настоящим| реальным)? человек(?:ом)?',
    'gerçek (?:bir )?(?:insan|kişi) değil(?:dir)?',
    'bukan (?:manusia|orang)(?: asli| sungguhan| nyata)?',
    'không phải(?: là)? (?:người|con người)(?: thật)?',
    'ไม่ใช่(?:คน|มนุษย์)(?:จริง)?ๆ?',
    '(?:実在|本物)の(?:人物|人間|人)(?:では(?:ありません|ない|なく))?',
    '(?:실제|실존) ?(?:사람|인물)(?:이|은)? ?(?:아님|아닙니다|아니에요|아닌)',
    'ليس(?:ت)? (?:شخص[اً]{0,2}|إنسان[اً]{0,2}|انسانا)(?: حقيقي[اً]{0,2})?',
    'असली (?:इंसान|व्यक्ति|मनुष्य) नहीं(?: है)?',
  ].join('|'),
  'giu',
);

/** Whether a text can serve as the AI label of a room in that language (BCP-47). */
export function saysAi(text: string, language: string): boolean {
  if (DENIES.test(text.replace(NO_PERSON, ' '))) return false;
  if (AI_MARK.test(text)) return true;
  const local = LOCAL_MARK.exec(text)?.[1];
  if (local === undefined) return false;
  const base = language.toLowerCase().split(/[-_]/)[0]!;
  return MADE.test(text) || LOCAL[local]!.split(' ').includes(base);
}
