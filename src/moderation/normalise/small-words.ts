/**
 * Small words that occur in nearly every sentence, with greetings and thanks, for the languages in Latin letters. They
 * identify the language of a line that is too short for letter runs. Words shared by several languages are in each of
 * their lists.
 */
const WORDS: Readonly<Record<string, string>> = {
  en: `a about afternoon all also an and are as at back be been but buy by can can' come did didn' do does doesn' don' evening every everyone for friends from get good guys had has have he hello her here here' hey hi his how i i' if in into is isn' it it' its just let let' me more morning my need night no not now of on one only or our out please see she so than thank thanks that that' the their there there' these they they' this those three to today tomorrow too two up us very want was we we' welcome were what what' when where which who why will with would yes you you' your yours`,
  es: `a ahora al amigas amigos antes aquí bienvenidas bienvenido bienvenidos buenas buenos cada como con cuando cuál cuándo cómo de del desde después donde días dónde el en es esa ese eso esta estas este esto estos está están favor gracias hasta hay hola hoy la las le les lo los mañana me mi mis muy más no noches nos nuestra nuestras nuestro nuestros o para pero podemos por porque puede pueden que quiere quiero quién qué se señores si sin sobre somos son soy su sus sí también tardes te tenemos tengo tiene tienen todas todos tu tus un una unas unos y ya`,
  pt: `a agora amanhã amigos antes ao após aqui as até bem-vindo bem-vindos boa bom cada com como da das de depois desde dia dias do dos e em essa esse esta este está estão gente hoje isso isto já lhe mais mas me meu minha muito na nas no noite nos nossa nossas nosso nossos não o obrigada obrigado oi olá onde os ou para pela pelo pessoal pode podem podemos por porque qual quando que quem se sem seu seus sim sobre sua suas são também tarde te tem temos teu todas todos tua tudo têm um uma umas uns vindos você vocês à às é`,
  fr: `a amis après au aujourd' aussi aux avant avec avez avons beaucoup bienvenue bonjour bonsoir c' ce ces cet cette chaque comme comment d' dans de demain depuis des du déjà elle elles en est et ici il ils j' je jusqu' l' la le les leur leurs m' ma maintenant mais merci mes mon n' ne non nos notre nous on ont ou oui où par pas peut plaît plus pour pourquoi pouvez qu' quand que quel quelle qui s' sa salut sans se ses son sont sur t' ta tes ton tous tout toutes très tu un une veut vos votre vous vu y à`,
  de: `abend aber alle alles am an auch auf aus bei bis bitte dank danke das dass dein deine dem den der des dich die diese dieser dieses du ein eine einem einen einer eines er es euch euer eure freunde für fürs guten haben habt hallo hat heute hier ich ihr ihre ihren im in innerhalb ist ja jede jeder jedes jetzt kann kein keine klickt können könnt liebe mehr mein meine mich mit morgen möchte nach nein nicht noch nur oder ohne schon sehr sein seit sich sie sind tag und uns unser unsere unserem unseren unserer unseres vielen vom von wann war waren warum was welche welcher wenn wer werden wie willkommen wir wird wo wollen zu zum zur über`,
  it: `a abbiamo adesso ai al all' alla alle amici anche avete benvenute benvenuti benvenuto buona buonasera buongiorno c' che chi ci ciao come con d' da dal dall' dalla degli dei del dell' della delle dello di domani dopo dove e entro fino già gli grazie ha hanno i il in l' la le lo ma mi mia miei mio molto nei nel nell' nella nelle no non nostra nostri nostro o oggi ogni ora per perché più possono prima può quale quando quell quella quello questa queste questi questo qui se senza si sono su sua sue sull' suo suoi sì ti tua tuo tutte tutti tutto un un' una uno vi vostra vostro è`,
  tr: `akşamlar ama arkadaşlar bana ben benim bir biz bize bizim bu bugün burada bütün da daha de değerli değil ederim ederiz en evet geldiniz gibi günaydın günler hangi hayır hepsi her herkes herkese hoş ile iyi izlediğiniz için kadar ki kim lütfen merhaba mi mu mü mı nasıl ne neden nerede o olan olarak onlar orada sadece sana selam sen senin sevgili siz size sizin sonra teşekkür teşekkürler tüm var ve veya yarın yok çok önce şimdi şu`,
  id: `ada adalah akan aku anda apa atau awak bagaimana bapak belum besok bisa boleh bukan dan dapat dari datang dengan di dia dua esok hai halo hanya hari ibu ini itu jangan jika juga kak kakak kalau kami kamu kapan karena kasih kawan ke kenapa kepada kita korang lagi lah lebih malam mana mengapa menonton mereka nak nya oleh pada pagi sahaja saja sangat satu saya sebagai sekali sekarang selamat semua seperti setiap siang siapa sila sini situ sore sudah tak tapi teman teman-teman tengok terima tetapi tidak tolong untuk ya yang`,
  vi: `ai anh ba buổi bây bạn cho chào chúng chỉ chị các có cũng cả cảm của dưới em giờ gì hai hoặc hôm hơn khi khách không kia là lại lắm mai mà mình mọi mỗi một mừng nay ngày người nha nhà nhé như nhưng những nào này nếu quý rất sao sáng sẽ ta thì thế trong trên tôi tất tối từ và vì về với xem xin đang đâu đây đã đó được đến ơn`,
  pl: `a albo ale bardzo bez być był była ci co cześć dla dlaczego dni do dobry drodzy dzień dzisiaj dziękujemy dziękuję dziś gdzie go i ich jak jej jest jutro już każda każdy kiedy kto która które który lub macie mamy mnie moja moje możecie można mój na nad nas nasz nasza nasze naszego naszej naszym nie o od oraz państwo po pod proszę przez przy przyjaciele się są ta tak także te tego tej ten teraz też to tu tutaj twoja twój tych tylko u w was wasz waszej we wieczór witajcie witam więcej wszyscy wszystkie wszystkim wszystko z za ze że`,
  nl: `aan al allemaal alles als alstublieft bedankt bij binnen dank dat de deze die dit een elk elke en er geen goedemiddag goedemorgen goedenavond graag haar hallo hebben hebt heeft heel hem het hier hij hoe hoi hun iedereen ik in is ja je jij jouw jullie kan kijken kunnen maar meer met mijn morgen na naar nee niet nog nu of om ons onze ook op over sinds te tot u uit uw van vandaag voor vrienden waar waarom wanneer waren was wat we welke welkom wie wij wil worden wordt ze zeer zij zijn zonder`,
}; // prettier-ignore

const LISTS: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries(WORDS).map(([language, words]) => [language, new Set(words.split(' '))]),
);
/** Words, including the stem before an apostrophe; parts of an address are excluded. */
const WORD = /(?<![\p{L}\d.@_-])\p{L}+(?:'(?=\p{L})|(?:-\p{L}+)*(?![\p{L}\d@_]|\.\p{L}))/gu;
/** Maximum words examined; more would not change the result. */
const MAX_WORDS = 60;

/** Whether this lower-case word is a small word of any language. */
export const isSmallWord = (word: string): boolean => Object.values(LISTS).some((list) => list.has(word));

/** Whether this lower-case word is a small word of one of these languages, or of English. */
export const isSmallWordOf = (languages: ReadonlySet<string>, word: string): boolean =>
  LISTS['en']!.has(word) || [...languages].some((language) => LISTS[language]?.has(word) === true);

/**
 * The languages whose small words occur in a text. "a" and "o" are shared by too many, and short Vietnamese words
 * without accents are ambiguous.
 */
export function languagesOfSmallWords(text: string): readonly string[] {
  const words = wordsOf(text).filter((word) => word.length > 1);
  return Object.keys(LISTS).filter((language) => language !== 'vi' && words.some((word) => LISTS[language]!.has(word)));
}

export interface SmallWords {
  /** ISO 639-1 of the language with the most small words; empty without any. */
  readonly language: string;
  /** Distinct small words of that language that the room's language lacks. */
  readonly foreign: number;
  /** Distinct small words of the room's language that the other language lacks. */
  readonly own: number;
  readonly words: number;
}

/** Counts the small words of a text against those of the room's language. */
export function countSmallWords(text: string, room: string): SmallWords {
  const words = wordsOf(text);
  const different = new Set(words);
  const home = LISTS[room];
  let best: SmallWords = { language: '', foreign: 0, own: 0, words: words.length };
  for (const [language, list] of Object.entries(LISTS)) {
    if (language === room) continue;
    let foreign = 0;
    let own = 0;
    for (const word of different) {
      const isHome = home?.has(word) === true;
      if (list.has(word)) foreign += isHome ? 0 : 1;
      else if (isHome) own += 1;
    }
    if (foreign > best.foreign) best = { language, foreign, own, words: words.length };
  }
  return best;
}

/** The number of words that are small ones of `language` and not of `but`. */
export function smallWordsOf(text: string, language: string, but: string): number {
  const list = LISTS[language];
  if (list === undefined) return 0;
  return wordsOf(text).filter((word) => list.has(word) && LISTS[but]?.has(word) !== true).length;
}

const wordsOf = (text: string): readonly string[] =>
  text.normalize('NFC').replaceAll('İ', 'i').replaceAll('’', "'").toLowerCase().match(WORD)?.slice(0, MAX_WORDS) ?? [];
