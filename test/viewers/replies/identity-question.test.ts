import t from 'tap';
import { deskOf } from './desk-of.js';

/** How viewers ask it, by language; the tails of chats behind. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  en: ['are you a real person', 'are you real', 'r u a bot', 'are u real', 'are you ai', 'is she a robot'],
  zh: ['你是真人吗', '你是机器人吗', '主播是ai吗', '是不是真人'],
  es: ['eres una persona real', 'eres un robot', 'eres real', 'eres una ia'],
  pt: ['você é uma pessoa real', 'você é um robô', 'vc é real', 'vc é um robo'],
  fr: ['tu es une vraie personne', "t'es un robot", 'tu es une ia', 'vous êtes réelle'],
  de: ['bist du eine echte person', 'bist du ein roboter', 'bist du echt', 'bist du eine ki'],
  it: ['sei una persona vera', 'sei un robot', 'sei reale', "sei un'ia"],
  nl: ['ben je een echt persoon', 'ben je een robot', 'ben je echt'],
  pl: ['jesteś prawdziwą osobą', 'jesteś robotem', 'jesteś prawdziwa', 'czy to ai'],
  tr: ['gerçek bir insan mısın', 'robot musun', 'gerçek misin', 'yapay zeka mısın'],
  ru: ['ты живой человек', 'ты робот', 'вы настоящая', 'это нейросеть'],
  ar: ['هل أنت شخص حقيقي', 'هل أنت روبوت', 'أنتي حقيقية', 'انت روبوت'],
  hi: ['क्या आप असली इंसान हैं', 'क्या आप रोबोट हैं', 'aap real ho', 'tum robot ho'],
  id: ['kamu orang asli', 'kamu robot', 'ini ai ya', 'kamu manusia asli'],
  vi: ['bạn là người thật à', 'bạn là robot à', 'có phải ai không', 'bạn là ai hay người'],
  th: ['คุณเป็นคนจริงไหม', 'เป็นหุ่นยนต์หรือเปล่า', 'เป็น ai ไหม'],
  ja: ['本物の人ですか', 'ロボットですか', 'aiですか', '人間ですか'],
  ko: ['진짜 사람이에요', '로봇이에요', 'ai인가요', '사람 맞아요'],
};
const TAILS = [
  ' lol',
  ' LOLOL',
  ' haha',
  ' hahahaha',
  ' lmao',
  ' bro',
  ' omg',
  '??',
  ' 哈哈',
  '哈哈哈哈',
  ' jaja',
  ' jajajaja',
  ' kkk',
  ' kkkkkk',
  ' www',
  'www',
  '笑',
  '草',
  ' mdr',
  ' ptdr',
  ' xD',
  ' XDDD',
  ' 555',
  '55555',
  ' ㅋㅋㅋ',
  ' ㅎㅎ',
  ' ахах',
  ' ))))',
  ' ههههه',
  ' wkwk',
  ' rs',
  ' rsrs',
  ' haha 😂😂',
  ' random :D',
  ' sjsjsj',
  ' แหะๆ',
  ' hihi',
  ' kk',
  ' hhh',
  ' dude',
  ' man',
  ' girl',
];

for (const [language, questions] of Object.entries(QUESTIONS)) {
  t.test(`answers whether the host is real, whatever is said behind it (${language})`, async (t) => {
    const wrong: string[] = [];
    const room = deskOf({ language });
    for (const question of questions)
      for (const tail of ['', ...TAILS]) {
        const text = question + tail;
        const { intent, language: answered } = room.comments.read(text);
        const verdict = room.judge.comment(text, answered, intent === 'ai');
        if (intent !== 'ai' || answered !== language || verdict === 'hostile')
          wrong.push(`${text}: ${intent} ${answered} ${verdict}`);
      }
    t.same(wrong, []);
  });
}

t.test('says that it is an AI to a viewer who laughs', async (t) => {
  const room = deskOf();
  await room.tell([{ text: 'are you a real person lol' }]);
  t.match(room.last(), { state: 'answered', path: 'intent', about: 'ai' });
  t.match(room.lines, [{ text: /AI/ }]);
});

t.test('keeps insults in the same comment unanswered', async (t) => {
  const room = deskOf();
  for (const text of ['are you real? you stupid bitch', 'are you a bot lol add me on WhatsApp +1 415 555 2671'])
    await room.tell([{ user: text, text }], 120_000);
  t.same(room.states(), ['hostile', 'hostile']);
});
