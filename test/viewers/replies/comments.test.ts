import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../../src/core/files/paths.js';
import { isNumberWord, TextJudge } from '../../../src/moderation/index.js';
import { AskedWords } from '../../../src/viewers/replies/answer-speaker.js';
import { CommentReader } from '../../../src/viewers/replies/comments/comment-reader.js';
import { INTENTS, replyPacks } from '../../../src/viewers/replies/comments/reply-packs.js';
import { ListingAnswers } from '../../../src/viewers/replies/listing-answers.js';
import { maskedNames } from '../../../src/viewers/replies/names/masked-name.js';
import { isPlainQuantity, type UnderstoodQuestion } from '../../../src/viewers/replies/pending-answer.js';
import { givenNames } from '../../../src/viewers/replies/reply-judge.js';
import { sentencePlans } from '../../../src/writer/plan-schema.js';
import { typedByViewers, typedInFile } from '../../kit/typed-by-viewers.js';
import { type Typed, ViewerTraces } from '../../kit/viewer-traces.js';
import { deskOf } from './desk-of.js';
import { bottle, lunchbox } from './reply-room.js';

t.test('asked words', async (t) => {
  const packs = replyPacks();
  const words = (productNow: string | null = 'bottle'): AskedWords =>
    new AskedWords(
      packs,
      new ListingAnswers(sentencePlans(), packs, new CommentReader(packs, 'en'), 'en'),
      () => productNow,
    );
  const question = (parts: Partial<UnderstoodQuestion>): UnderstoodQuestion => ({
    language: 'en',
    intent: undefined,
    product: bottle,
    quantity: undefined,
    attribute: undefined,
    faq: undefined,
    ...parts,
  });

  t.test('says an understood question in the words of each language, within every rule', async (t) => {
    const judge = new TextJudge();
    for (const language of packs.keys()) {
      const said = INTENTS.map((intent) => words().of(question({ language, intent })));
      said.push(words().of(question({ language, intent: 'price', quantity: 500 })));
      said.push(words().of(question({ language, intent: 'leadTime', quantity: 1200 })));
      said.push(words().of(question({ language, attribute: 'Capacity' })), words().anybody(language));
      t.equal(new Set(said).size, INTENTS.length + 4, `${language} has a sentence for each`);
      for (const text of said) {
        t.notMatch(text, /[{}|]|undefined/);
        const hits = judge.judge(text!, { surface: 'caption', language, entry: [bottle] }).hits;
        t.same(
          hits.filter(({ action }) => action !== 'warn' && action !== 'review'),
          [],
          text!,
        );
      }
    }
  });

  t.test('says quantity, product, attribute and the listing’s own question', async (t) => {
    t.equal(words().of(question({ intent: 'price', quantity: 500 })), 'A viewer asks for the price of 500 pieces.');
    t.equal(
      words('bottle').of(question({ intent: 'warranty', product: lunchbox })),
      'Silicone lunch box: A viewer asks about the warranty.',
    );
    const german = words('bottle').of(question({ intent: 'warranty', product: lunchbox, language: 'de' }));
    t.notMatch(german, /Lunch Box/, 'another product has its short name in the viewer’s language');
    t.equal(words('bottle').of(question({ intent: 'ai', product: lunchbox })), 'A viewer asks whether I am an AI.');
    t.equal(words().of(question({ attribute: 'Capacity', intent: 'size' })), 'A viewer asks about this: Capacity.');
    t.equal(words().of(question({ faq: 0 })), 'Can it go into the dishwasher?');
    t.equal(words().of(question({})), undefined, 'nothing was understood');
  });

  t.test('says no attribute that the listing lacks, and no number that can be a part of another', async (t) => {
    t.equal(words().of(question({ attribute: 'kettleking' })), undefined);
    for (const quantity of [138001, 1380, 41555, 13, 8000000, 0, -5, 1.5])
      t.equal(words().of(question({ intent: 'price', quantity })), 'A viewer asks for the price.', String(quantity));
    t.ok([1, 5, 12, 20, 100, 250, 500, 1200, 25000, 990000].every(isPlainQuantity));
  });

  t.test('takes no quantity from a comment with two figures', async (t) => {
    const shown = async (text: string): Promise<unknown> => {
      const room = deskOf();
      await room.tell([{ text }]);
      return (room.lines[0]?.layers?.[0]?.layer as { text?: string } | undefined)?.text;
    };
    t.equal(await shown('How much for 500 pieces?'), 'A viewer asks for the price of 500 pieces.');
    t.equal(await shown('How much for 500 pieces, 800 to 300?'), 'A viewer asks for the price.');
    t.equal(await shown('price of 500, or 20?'), 'A viewer asks for the price.');
    t.equal(await shown('Is there a warranty for 500?'), 'A viewer asks about the warranty.');
  });

  t.test('shows a comment as it was written only where the room file asks for that', async (t) => {
    const shown = async (quote: string, text: string): Promise<unknown> => {
      const room = deskOf({ config: { quote } });
      await room.tell([{ text }]);
      return (room.lines[0]?.layers?.[0]?.layer as { text?: string } | undefined)?.text;
    };
    t.equal(await shown('judged', 'price for 20 of these lovely ones?'), 'price for 20 of these lovely ones?');
    t.equal(await shown('judged', 'cheapest price in the world?'), 'A viewer asks for the price.', 'not clean');
    t.equal(await shown('never', 'price for 20 of these lovely ones?'), 'A viewer asks for the price of 20 pieces.');
  });
});

t.test('identity question', async (t) => {
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
});

t.test('intents', async (t) => {
  const folder = join(packageRoot(), 'test/viewers/replies/comments');
  const corpora = readdirSync(folder).map((name) => ({
    language: name.replace('.json', ''),
    comments: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string[]>,
  }));
  const packs = replyPacks();
  /** These languages have longer corpora. */
  const MANY = new Set(['en', 'zh', 'es']);

  t.test('has a pack and a corpus for each of 18 languages', async (t) => {
    t.equal(packs.size, 18);
    t.same(new Set(corpora.map(({ language }) => language)), new Set(packs.keys()));
    for (const { language, comments } of corpora) {
      for (const intent of INTENTS) {
        const wanted = MANY.has(language) ? 6 : 2;
        t.ok((comments[intent]?.length ?? 0) >= wanted, `${language} ${intent}`);
      }
    }
  });

  for (const { language, comments } of corpora) {
    t.test(`recognises the questions of ${language} in a room of that language and in an English one`, async (t) => {
      for (const room of [language, 'en']) {
        const reader = new CommentReader(packs, room);
        for (const [intent, list] of Object.entries(comments)) {
          for (const comment of list) {
            const read = reader.read(comment);
            if (intent === 'none') t.equal(read.intent, undefined, `${room} room: "${comment}" asks nothing`);
            else t.equal(read.intent, intent, `${room} room: "${comment}"`);
          }
        }
      }
    });
  }

  t.test('answers in the language of the comment', async (t) => {
    const reader = new CommentReader(packs, 'en');
    for (const { language, comments } of corpora) {
      let right = 0;
      let all = 0;
      for (const [intent, list] of Object.entries(comments)) {
        if (intent === 'none') continue;
        for (const comment of list) {
          all += 1;
          if (reader.read(comment).language === language) right += 1;
        }
      }
      t.ok(right / all >= 0.9, `${language}: ${right} of ${all}`);
    }
  });

  t.test('answers in the room’s language when the comment’s is not allowed', async (t) => {
    const reader = new CommentReader(packs, 'en', ['en', 'es']);
    t.equal(reader.matcher('es'), new CommentReader(packs, 'es').matcher('es'), 'a pack is folded once');
    t.equal(reader.read('¿Cuánto cuesta?').language, 'es');
    t.match(reader.read('多少钱'), { language: 'en', intent: 'price' });
  });

  t.test('a loan word does not outweigh the small words of a comment', async (t) => {
    const reader = new CommentReader(packs, 'en');
    t.equal(reader.read('How long until 3,000 pieces are ready?').language, 'en');
    t.equal(reader.read('apakah ready?').language, 'id');
  });
});

t.test('viewer traces', async (t) => {
  const KINDS = ['enter', 'follow', 'like', 'gift', 'order', 'cart'] as const;
  const redTeam = typedInFile(readFileSync(join(packageRoot(), 'test/kit/typed-by-red-team.tsv'), 'utf8'));
  const all = [...redTeam, ...typedByViewers()];

  /** Everything that leaves a desk for picture and sound, after the groups came in, each as comments and as another event. */
  async function sent(groups: readonly Typed[][], config: object, language = 'en'): Promise<string[]> {
    const room = deskOf({ config: { perViewerPerMinute: 600, ...config }, language, products: [bottle, lunchbox] });
    for (const [n, group] of groups.entries()) {
      await room.tell(group.map(({ user, text }) => ({ user, text })));
      const kind = KINDS[n % KINDS.length]!;
      await room.tell(group.map(({ user, text }) => ({ kind, user, text })));
      room.pass(120_000);
    }
    const texts = room.lines.flatMap(({ text, caption, layers = [] }) => [
      text,
      ...(typeof caption === 'string' ? [caption] : []),
      ...layers.flatMap(({ layer }) =>
        layer.type === 'question' ? [layer.user, layer.text] : [JSON.stringify(layer)],
      ),
    ]);
    return [...texts, ...room.shown.map(({ layer }) => JSON.stringify(layer))];
  }

  const traces = new ViewerTraces([bottle, lunchbox]);

  t.test('sends out no three characters in a row that a viewer typed', async (t) => {
    const typed = all.flat();
    const names = new Set(typed.map(({ user }) => user).filter((user) => user !== ''));
    const comments = new Set(typed.map(({ text }) => text));
    t.ok(names.size > 500, `${names.size} names`);
    t.ok(comments.size > 500, `${comments.size} comments`);
    for (const [n, language] of ['en', 'zh', 'ru', 'ar'].entries()) {
      const out = await sent(
        all.filter((_, i) => language === 'en' || i % 8 === n),
        {},
        language,
      );
      t.ok(out.length > (language === 'en' ? 500 : 60), `${out.length} texts of a room in ${language}`);
      t.same(traces.find(out, typed), [], language);
      t.same(
        out.flatMap((text) => traces.foreign(text)).filter((run) => run.length > 2 && !/^\d+$/.test(run)),
        [],
        'every word is the show’s own',
      );
    }
  });

  t.test('finds the characters of viewers where a room quotes them', async (t) => {
    const groups = typedInFile(
      'kettleking\tprice for the blue grandmotherly one?\n\tMOQ for the zanzibarian version, please?',
    );
    const out = await sent(groups, { quote: 'judged' });
    const found = traces.find(out, groups.flat());
    t.match(found.map(({ sent: one }) => one).join(), /grandmotherly/);
    t.ok(found.length >= 1);
  });

  t.test('finds names, and a number in two parts', async (t) => {
    const typed = typedInFile('kettleking\tx\n13800138\tx').flat();
    t.equal(traces.find(['Welcome, kettleking!'], typed).length, 1);
    t.equal(traces.find(['A question from 138 and 001:'], typed).length, 1);
    t.equal(traces.find(['Welcome, k•••g and Anna!'], typed).length, 0);
  });
});

t.test('viewer names', async (t) => {
  t.test('says the list’s spelling of a given name, and of no other name anything', async (t) => {
    const names = givenNames();
    t.ok(names.size > 8000);
    t.equal(names.of('anna'), 'Anna');
    t.equal(names.of(' Miguel  Torres '), 'Miguel');
    t.equal(names.of('Татьяна Иванова'), 'Татьяна');
    for (const user of [
      'kettleking',
      'V X kettleking',
      'Anna_138',
      'Anna 13800138000',
      'Anna@shop',
      'Аnna',
      'An na',
      'A n n a',
      'Anna 一三八',
      'Sei Sette',
      'Line',
      '一三八零零一',
      '微信',
      'ig',
      '',
    ])
      t.equal(names.of(user), undefined, user);
  });

  t.test('has no number word and no name of an application among the given names', async (t) => {
    const names = givenNames();
    for (const word of [
      'One',
      'Sei',
      'Otto',
      'Tre',
      'Dos',
      'Bir',
      'Satu',
      'Dua',
      'Hai',
      'Yksi',
      'Zwei',
      'San',
      'Wanli',
    ])
      if (isNumberWord(word)) t.equal(names.of(word), undefined, word);
    for (const word of ['Line', 'Viber', 'Signal', 'Alexa', 'Siri', 'Dick', 'Fanny', 'Mercedes', 'Tango', 'Telegram'])
      t.equal(names.of(word), undefined, word);
  });

  t.test('masks a name of letters by its ends, and none that could be guessed', async (t) => {
    const masks = maskedNames();
    t.equal(masks.of('kettleking'), 'k•••g');
    t.equal(masks.of('Kettleking'), 'k•••g');
    t.equal(masks.of('покупашка'), masks.of('пылинка'), 'always as many dots');
    for (const user of [
      'fuck',
      'fffuuuck',
      'virtuallyx',
      'abc',
      'kettle king',
      'kettle8',
      'k•••g',
      '张伟明天',
      'сyкаa',
      'واحد',
    ])
      t.equal(masks.of(user), undefined, user);
  });

  t.test('puts a mask on the panel and no name into the speech', async (t) => {
    const room = deskOf();
    await room.tell([{ user: 'kettleking', text: 'MOQ?' }]);
    t.match(room.lines[0]!.layers, [{ layer: { user: 'k•••g', text: 'A viewer asks about the minimum order.' } }]);
    t.match(room.lines[0]!.text, /^A viewer asks about the minimum order\. /);
    t.notMatch(room.lines[0]!.text, /kettle|k•/);
  });

  t.test('says no two names that are a word side by side', async (t) => {
    const { judge } = deskOf();
    t.equal(judge.together(['Anna', 'Miguel'], 'en'), true);
    t.equal(judge.together(['Whats', 'App'], 'en'), false);
    t.equal(judge.together(['微', '信'], 'zh'), false);
  });

  t.test('speaks to a viewer without a given name as “dear viewer” where a rule has no other answer', async (t) => {
    const rules = [{ id: 'hi', match: 'hello', quietMs: 0, answers: ['Welcome to the room, {user}.'] }];
    const room = deskOf({ config: { rules } });
    await room.tell([{ user: 'Anna', text: 'hello' }]);
    await room.tell([{ user: 'kettleking', text: 'hello' }]);
    t.same(
      room.lines.map(({ text }) => text),
      ['Welcome to the room, Anna.', 'Welcome to the room, dear viewer.'],
    );
  });
});

t.test('reply rules', async (t) => {
  const rule = (parts: object): object => ({
    id: 'one',
    match: 'catalog|目录|discount*',
    answers: ['Here is the answer.'],
    ...parts,
  });

  t.test('matches keywords of any script in the room’s rules before the listing', async (t) => {
    const room = deskOf({
      config: { rules: [rule({ match: 'price|多少钱|ราคา|السعر|sconto+oggi', quietMs: 0 })], sameQuestionMs: 0 },
    });
    const comments = ['PRICE!!!', '请问多少钱呀', 'ราคาเท่าไหร่', 'كم السعر', 'c’è uno sconto oggi', 'Prïce?'];
    for (const text of comments) await room.tell([{ text }]);
    t.ok(room.events.recent(10).every(({ path, about }) => path === 'rule' && about === 'one'));
    await room.tell([{ text: 'priceless sunset' }]);
    t.equal(room.last().state, 'ignored', 'a keyword is a whole word');
  });

  t.test('keeps the quiet time of a rule; 0 is none and -1 once a show', async (t) => {
    const quiet = deskOf({ config: { rules: [rule({ quietMs: 10_000 })] } });
    await quiet.tell([{ text: 'discount?' }], 1000);
    await quiet.tell([{ text: 'discount?' }], 1000);
    t.equal(quiet.lines.length, 1);
    t.match(quiet.last(), { state: 'merged', reason: /quiet/ });
    quiet.pass(10_000);
    await quiet.tell([{ text: 'discounts?' }]);
    t.equal(quiet.lines.length, 2);
    const none = deskOf({ config: { rules: [rule({ quietMs: 0, answers: ['One.', 'Two.', 'Three.'] })] } });
    for (let i = 0; i < 3; i += 1) await none.tell([{ text: 'catalog' }]);
    t.same(
      none.lines.map(({ text }) => text),
      ['One.', 'Two.', 'Three.'],
      'answers take turns',
    );
    const once = deskOf({ config: { rules: [rule({ quietMs: -1 })] } });
    await once.tell([{ text: 'catalog' }]);
    once.pass(86_400_000);
    await once.tell([{ text: 'catalog' }]);
    t.equal(once.lines.length, 1);
  });

  t.test('takes answers at random when asked to', async (t) => {
    const answers = ['One.', 'Two.', 'Three.', 'Four.', 'Five.'];
    const room = deskOf({
      config: { rules: [rule({ quietMs: 0, order: 'random', answers })], perViewerPerMinute: 600 },
    });
    for (let i = 0; i < 12; i += 1) await room.tell([{ text: 'catalog' }], 30_000);
    const said = room.lines.map(({ text }) => text);
    t.ok(said.every((text) => answers.includes(text)));
    t.ok(new Set(said).size > 2);
    t.notSame(said.slice(0, 5), answers);
  });

  t.test('fills variables from the listing, and skips an answer that it cannot fill', async (t) => {
    const text = (answer: string, product = bottle): Promise<string | undefined> => {
      const room = deskOf({ products: [product], config: { rules: [rule({ answers: [answer] })] } });
      return room.tell([{ text: 'catalog' }]).then(() => room.lines[0]?.text);
    };
    t.equal(
      await text('Hello {user}, the {product.title} is {price}.'),
      'Hello Anna, the Insulated Steel Bottle 750 ml is 4.80 US dollars.',
    );
    t.equal(
      await text('From 500 pieces it is {price:500}, the minimum is {moq}.'),
      'From 500 pieces it is 4.20 US dollars, the minimum is 100 pieces.',
    );
    t.equal(await text('Ready in {leadTime:2000}.'), 'Ready in 25 days.');
    t.equal(
      await text('Colours: {colours}. Material: {material}. Sample: {sample}.'),
      'Colours: black, white, and green. Material: stainless steel. Sample: 9 US dollars.',
    );
    t.equal(await text('Warranty: {attribute:warranty}.'), 'Warranty: 2 years.');
    t.equal(await text('At ten it is {price:10}.'), undefined, 'no such step');
    t.equal(await text('It has {attribute:voltage}.'), undefined);
    t.equal(await text('It is {stars}.'), undefined, 'an unknown variable');
  });

  t.test('speaks an answer in the viewer’s language where the rule has one', async (t) => {
    const answers = ['Ask about our catalog here.', { text: 'Pregunten aquí por el catálogo.', language: 'es' }];
    const room = deskOf({ config: { rules: [rule({ match: 'catalog|catálogo', quietMs: 0, answers })] } });
    await room.tell([{ text: '¿tienen un catálogo para ver?' }]);
    await room.tell([{ text: 'do you have a catalog?' }]);
    t.match(room.lines, [{ language: 'es', text: /Pregunten/ }, { text: /Ask about/ }]);
  });

  t.test('never speaks an answer that breaks a rule of the platforms, whoever wrote it', async (t) => {
    const room = deskOf({
      config: { rules: [rule({ answers: ['Add our WhatsApp +1 415 555 2671.', 'It is 2.10 US dollars each.'] })] },
    });
    await room.tell([{ text: 'catalog' }]);
    t.same(room.lines, []);
    t.match(room.last(), { state: 'unanswered', reason: /rule/ });
    t.ok(room.noted.length > 0, 'the ledger has it');
  });

  t.test('interrupts, speaks with the assistant’s voice, shows a layer, calls a webhook', async (t) => {
    const layer = { id: 'chart', type: 'text', text: 'Sizes' };
    const room = deskOf({
      config: {
        rules: [
          rule({
            id: 'now',
            match: 'fire',
            interrupt: true,
            role: 'assistant',
            layer,
            layerMs: 3000,
            webhook: 'https://shop.example/hook',
          }),
          rule({ id: 'picture', match: 'chart', answers: [], layer, layerMs: 5000 }),
        ],
        minGapMs: 60_000,
      },
    });
    await room.tell([{ text: 'MOQ?' }]);
    room.intake.take([room.event({ text: 'fire' })]);
    room.desk.work(1000);
    t.match(room.lines[1], { kind: 'urgent', interrupt: true, role: 'assistant' }, 'at once, without the gap');
    t.match(room.lines[1]!.layers!.at(-1), { layer: { id: 'chart' }, tailMs: 3000 });
    t.match(room.posted, [{ text: 'fire', user: 'Anna' }]);
    await room.tell([{ text: 'show the chart' }]);
    t.match(room.shown, [{ layer: { id: 'chart' }, forMs: 5000 }]);
    t.equal(room.lines.length, 2);
  });

  t.test('answers other kinds of events by a rule', async (t) => {
    const room = deskOf({
      config: {
        rules: [
          {
            id: 'thanks',
            kinds: ['order'],
            quietMs: 0,
            answers: ['Thank you for the order, {user}.', 'Thank you for the order.'],
          },
        ],
      },
    });
    await room.tell([{ kind: 'order', user: 'Oliver' }]);
    await room.tell([{ kind: 'order', user: '13800138000' }]);
    t.same(
      room.lines.map(({ text }) => text),
      ['Thank you for the order, Oliver.', 'Thank you for the order.'],
    );
  });
});
