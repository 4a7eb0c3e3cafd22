import t from 'tap';
import { withLookalikes } from '../../src/moderation/contacts/detect-phones.js';

import { normalise, undrawn } from '../../src/moderation/normalise/normalise.js';
import { countSmallWords } from '../../src/moderation/normalise/small-words.js';
import { MixedPinyinDetector, PinyinDetector } from '../../src/moderation/stages/disguise-stage.js';
import { TextJudge } from '../../src/moderation/text-judge.js';

t.test('spread digits', async (t) => {
  const judge = new TextJudge({ model: null });
  const kinds = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language, entry: [] }).hits.map((h) => `${h.rule} ${h.kind}`);

  t.test('detects a number with counted digits and words between its parts', async (t) => {
    for (const [language, line] of [
      ['nl', 'Nul zes, dan drie vijven, dan zeventig en negenenveertig'],
      ['es', 'Seis cero cero, doce, tres veces siete, apunta rápido'],
      ['pl', 'Pięćset dwanaście, potem trzy siódemki i dziewięćset cztery'],
      ['ru', 'Восемь девятьсот шестнадцать, потом четыре пятёрки и три двойки'],
      ['id', 'Nol delapan satu dua, terus tiga kali lima, belakangnya tujuh nol empat'],
      ['ja', 'ゼロハチゼロ、それから五が三つ、最後は七四九一です'],
      ['th', 'ศูนย์แปดหนึ่ง แล้วก็ห้าสามตัว ต่อด้วยเจ็ดศูนย์สี่เก้า'],
      ['hi', 'नौ आठ एक, फिर तीन बार पाँच, आखिर में सात शून्य चार नौ'],
      ['zh', '电话零九一二，后面三三三，再来六六六，记好'],
    ] as const) {
      t.ok(kinds(line, language).includes('3.2 phone'), line);
    }
  });

  t.test('ignores amounts, cells and steps joined by words', async (t) => {
    for (const [language, line] of [
      ['en', 'Battery 18650 and 21700'],
      ['en', 'UN 3480 and UN 3481 for the batteries'],
      ['en', 'Three fives and two tens in the till drawer'],
      ['de', 'Erst zwei, dann drei, dann vier Schrauben'],
      ['es', 'Dos veces tres son seis'],
      ['pl', 'Dwie piątki i trzy dziesiątki'],
      ['zh', '先放三个八毫米的，然后两个六毫米的'],
    ] as const) {
      t.notOk(kinds(line, language).includes('3.2 phone'), line);
    }
  });
});

t.test('drawn letters', async (t) => {
  const read = (text: string, times: 1 | 2): string => undrawn(normalise(text).folded, times).text;

  t.test('reads a repeated letter once, and again as two', async (t) => {
    t.equal(read('the beeeest pan', 1), 'the best pan');
    t.equal(read('freee bags', 2), 'free bags');
    t.equal(read('супеееер', 1), 'супер');
    t.equal(read('ดีที่สุดดดด', 1), 'ดีที่สุด');
  });

  t.test('keeps a run that is a word by itself', async (t) => {
    for (const text of ['www.lamp', 'aaa batteries', 'size xxx', 'III', '1000000 pieces', 'ซื้อออนไลน์'])
      t.equal(read(text, 1), normalise(text).folded.text, text);
  });

  t.test('offsets lead back to the original letters', async (t) => {
    const view = undrawn(normalise('a beeeest b').folded, 1);
    const at = view.text.indexOf('e');
    t.same([view.start[at], view.end[at]], [3, 7]);
  });

  t.test('finds claims, insults and fakes in words with repeated letters', async (t) => {
    const judge = new TextJudge();
    const rules = (text: string, language: string): string[] =>
      judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);
    t.ok(rules("it's the beeeest knife in the world", 'en').includes('2.1'));
    t.ok(rules('you are so stuuuupid', 'en').includes('5.2'));
    t.ok(rules('это лууууучший крем в мире', 'ru').includes('2.1'));
    t.ok(rules('das sind Repliiiikas von Rolex', 'de').includes('4.1'));
  });

  t.test('harmless words may have repeated letters', async (t) => {
    const judge = new TextJudge();
    for (const text of [
      'sooo first of alllll look at this',
      '100% cottonnnn',
      'size XXXL and AAA batteries',
      'yesss it comes in blueee',
    ])
      t.same(judge.judge(text, { surface: 'speech', language: 'en' }).hits, [], text);
  });
});

t.test('link view', async (t) => {
  const judge = new TextJudge({ model: null });
  const links = (text: string, language: string): number =>
    judge.judge(text, { surface: 'reply', language }).hits.filter((h) => h.kind === 'link' || h.kind === 'mail').length;

  t.test('reads an address with a country ending at the end of a text, with blanks or in words', async (t) => {
    for (const [text, language] of [
      ['joiasdorio . pt', 'pt'],
      ['saree dot olam dot in 🛍️', 'hi'],
      ['lamps-by-mia dot co dot uk', 'en'],
      ['unsere Seite: holzwerk-meier punkt de', 'de'],
      ['bordadosdarosa ponto com ponto br', 'pt'],
      ['batikibu titik id', 'id'],
    ] as const)
      t.equal(links(text, language), 1, text);
  });

  t.test('a full stop between blanks within a sentence is not a dot', async (t) => {
    t.equal(links('obrigada . de nada', 'pt'), 0);
    t.equal(links('no he llegado a ese punto es que no', 'es'), 0);
    t.equal(links('put it in', 'en'), 0);
  });
});

t.test('digit lookalikes', async (t) => {
  const read = (text: string): string => withLookalikes(normalise(text).folded).text;

  t.test('reads letters that look like digits in text long enough for a number', async (t) => {
    t.equal(read('call l38 OO13 8OOO now'), 'call 138 0013 8000 now');
    t.equal(read('138两个零138三个零'), '138零零138零零零');
  });

  t.test('keeps words, amounts and model numbers', async (t) => {
    for (const line of ['bill is 12 lbs', 'size 38 or 40', 'model b0 12 v', '100个三角架', 'iso 9001 is so 100']) {
      const { folded } = normalise(line);
      t.equal(withLookalikes(folded).text, folded.text, line);
    }
  });

  t.test('passes article numbers in every language, however similar to telephone numbers', async (t) => {
    const judge = new TextJudge();
    for (const [language, line] of [
      ['de', 'Best.-Nr. 030 1234567 · 24 St.'],
      ['es', 'N.º de serie 6123456789'],
      ['fr', 'Code article 01 23 45 67 89'],
      ['fr', 'Tailles 34-36-38-40-42'],
      ['ru', 'Арт. 8-926-123-45-67'],
      ['zh', '料号 1380-0138-000'],
      ['en', 'P/N 1-800-555-0199'],
    ] as const) {
      t.same(judge.judge(line, { surface: 'caption', language, entry: [] }).hits, [], line);
    }
    t.match(judge.judge('O77OO 9OO l23, ring any time', { surface: 'speech', language: 'en' }).hits, [{ rule: '3.2' }]);
  });
});

t.test('small words', async (t) => {
  t.test('counts the small words of the likeliest language against those of the room', async (t) => {
    t.strictSame(countSmallWords('Welcome everyone to our live room', 'zh'), {
      language: 'en',
      foreign: 4,
      own: 0,
      words: 6,
    });
    const mixed = countSmallWords('Hello a todos, empezamos con la venta', 'es');
    t.equal(mixed.foreign, 1, mixed.language);
    t.ok(mixed.own >= 2, 'and the room’s own');
  });

  t.test('shared words count for neither language', async (t) => {
    t.equal(countSmallWords('de la en', 'es').foreign, 0);
  });

  t.test('the stem before an apostrophe is a word', async (t) => {
    t.equal(countSmallWords("dall'ordine", 'es').language, 'it');
    t.equal(countSmallWords('l’eau', 'en').language, 'fr');
  });

  t.test('ignores the parts of an address', async (t) => {
    t.equal(countSmallWords('www.bagshop.co.kr', 'ko').words, 0);
  });
});

t.test('mixed pinyin', async (t) => {
  const detector = new MixedPinyinDetector([
    { word: '微信', rule: '3.2', kind: 'homophone' },
    { word: '抖音', rule: '3.2', kind: 'homophone' },
    { word: '支付宝', rule: '3.1', kind: 'homophone' },
  ]);
  const found = (text: string): string[] => {
    const { words } = normalise(text);
    return detector.detect(words).map((h) => words.text.slice(h.start, h.end));
  };

  t.test('finds a word half in characters and half in pinyin', async (t) => {
    t.same(found('关注一下我们的抖yin号'), ['抖yin']);
    t.same(found('支fu宝转给我'), ['支fu宝']);
    t.same(found('威-x-i-n：hd88201'), ['威xin']);
  });

  t.test('skips pinyin that repeats the character before it', async (t) => {
    t.same(found('加jia我wei信xin：hgt5526'), ['wei信xin']);
    t.same(found('微wei信'), ['微wei信']);
  });

  t.test('ignores words in one script, and letters that belong to no word', async (t) => {
    t.same(found('加我微信'), []);
    t.same(found('weixin'), []);
    t.same(found('这款wei数大，信号好'), []);
    t.same(found('T恤有S码、M码'), []);
  });
});

t.test('pinyin terms', async (t) => {
  const detector = new PinyinDetector([
    { word: '加我微信', rule: '3.2', kind: 'pinyin' },
    { word: '电话', rule: '3.2', kind: 'pinyin' },
    { word: '线下交易', rule: '3.1', kind: 'pinyin' },
  ]);
  const heard = (text: string): string[] => {
    const { words } = normalise(text);
    return detector.detect(words, text).map((f) => `${f.rule} ${text.slice(f.start, f.end)}`);
  };

  t.test('recognises a word however its syllables are split, and in southern pronunciation', async (t) => {
    t.same(heard('jia wo wei xin, hao shi guo ba ba'), ['3.2 jia wo wei xin']);
    t.same(heard('jiawo weixin, hao shi guo ba ba'), ['3.2 jiawo weixin']);
    t.same(heard('neng bu neng xian xia jiao yi'), ['3.1 xian xia jiao yi']);
  });

  t.test('a denial in the same clause cancels a match, a question does not', async (t) => {
    t.same(heard('qing da jia bie liu dian hua'), []);
    t.same(heard('wo men bu jie shou xian xia jiao yi'), []);
    t.same(heard('bie xia dan le, jia wo wei xin'), ['3.2 jia wo wei xin']);
    t.same(heard('you mei you dian hua a zhu bo'), ['3.2 dian hua']);
  });

  t.test('does not read other languages as syllables', async (t) => {
    t.same(heard('The dian hua brand is on the box'), []);
    t.same(heard('dian hua'), []);
  });
});

t.test('read both ways', async (t) => {
  const judge = new TextJudge();
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'caption', language }).hits.map(({ rule }) => rule);

  t.test('reads a word of Latin and Cyrillic letters both ways', async (t) => {
    for (const word of ['сyка', 'хyй', 'пи3дец', 'mудак', 'гoвнo', 'бляTь', '6лять', 'пи3да', 'пuдор'])
      t.match(rules(word, 'ru'), ['5.2'], word);
    t.match(rules('fцck', 'en'), ['5.2']);
    for (const [language, text] of [
      ['ru', 'дерьмо'],
      ['ru', 'похуй'],
      ['zh', '狗日的'],
      ['zh', '我是你爹'],
      ['th', 'ครวย'],
      ['ar', 'منيوك'],
      ['en', 'ni99er'],
      ['en', '🖕 you'],
    ] as const)
      t.match(rules(text, language), ['5.2'], text);
    t.match(rules('wһаtsapp', 'en'), ['3.2'], 'as before');
    for (const line of ['Наша кружка с USB-C и HDМI', 'размер XL и ТV', 'Модель X5 и лампа LED', 'Объём 3л и 6л'])
      t.same(rules(line, 'ru'), [], line);
  });

  t.test('reads letters within enclosing marks, and beside raised letters', async (t) => {
    for (const text of ['f⃝u⃝c⃝k', 'f⃞u⃞c⃞k', 'f⃠u⃠c⃠k', 'ᵋfuck', 'fuckᵌ', 'ᶠᵘᶜᵏ']) t.match(rules(text, 'en'), ['5.2'], text);
    t.same(rules('So mᵘch fun with this lamp, Mᵐᵉ Dupont', 'en'), []);
  });

  t.test('counts homophones and signs of cheques as digits in a long run', async (t) => {
    for (const text of ['妖三拔铃铃妖三拔铃铃铃', '壹叁捌零零壹叁捌零零零', '一三八零零壹三八零零零'])
      t.match(rules(text, 'zh'), ['3.2'], text);
    for (const text of ['拔罐和铃铛都有', '铃铛三个一套', '妖怪图案的杯子']) t.same(rules(text, 'zh'), [], text);
  });

  t.test('reads a number across the “and” of each language', async (t) => {
    for (const [language, text] of [
      ['zh', '一三八零零一和三八零零零'],
      ['zh', '一三八零零一与三八零零零'],
      ['ja', 'ゼロキュウゼロと一二三四五六七八'],
      ['ko', '공일공 와 일이삼사오육칠팔'],
      ['th', 'ศูนย์แปดหนึ่งและสองสามสี่ห้าหกเจ็ดแปด'],
      ['ar', 'صفر خمسة خمسة واحد و واحد اثنين ثلاثة اربعة خمسة ستة'],
      ['fr', 'zéro six un deux et trois quatre cinq six sept huit'],
      ['id', 'nol delapan satu dua dan tiga empat lima enam tujuh delapan'],
      ['ru', 'восемь девять один шесть и один два три четыре пять шесть семь'],
    ] as const)
      t.match(rules(text, language), ['3.2'], text);
    for (const [language, text] of [
      ['zh', '一件和三件都可以，五件和八件更划算'],
      ['ja', '100個と200個の価格は違います'],
      ['fr', 'Il y en a un ou deux, et trois couleurs'],
    ] as const)
      t.same(rules(text, language), [], text);
  });
});

t.test('ornaments', async (t) => {
  const judge = new TextJudge({ model: null });
  const found = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'caption', language, entry: [] }).hits.map((h) => h.match);

  t.test('pictures and rows of signs within a word or a number hide neither', async (t) => {
    for (const [language, text] of [
      ['en', 'Whats🌸App'],
      ['en', 'Whats 🌸🌸🌸🌸🌸 App'],
      ['zh', '微🌸信'],
      ['zh', '微🌸🌸🌸🌸🌸🌸信'],
      ['zh', '微      信'],
      ['en', '4🌸1🌸5🌸5🌸5🌸5🌸2🌸6🌸7🌸1'],
      ['en', '415      555      2671'],
      ['en', '415 ------ 555 ------ 2671'],
      ['zh', '138🌸0013🌸8000'],
      ['en', '4=1=5=5=5=5=2=6=7=1'],
      ['en', '4:1:5:5:5:5:2:6:7:1'],
    ] as const) {
      t.strictSame(found(text, language), [text], text);
    }
    t.match(found('the best🔥 in the world', 'en')[0], /best🔥/, 'claims as well');
    t.match(found('👩🏽‍💻 the 🔥best🔥 quality', 'en')[0], /best🔥 quality/);
  });

  t.test('pictures and signs between sizes, prices and words are harmless', async (t) => {
    for (const [language, text] of [
      ['en', '750 🎁 1200 🎁 240'],
      ['en', '36 👟 37 👟 39 👟 41 👟 42'],
      ['en', '🎁 4.80 🎁 500 🎁 2 🎁'],
      ['en', '12      24      36      48      60'],
      ['en', '2+3=5, 4+4=8, 1+1=2'],
      ['en', 'Rating 4.8 ★★★★★ 1256 sold'],
      ['zh', '新品上市🎉限时优惠'],
      ['zh', '新品      上市      限时'],
    ] as const) {
      t.strictSame(found(text, language), [], text);
    }
  });

  t.test(
    'lookalike letters in a word of two alphabets are read as Latin, a word of one alphabet as written',
    async (t) => {
      for (const text of ['ωнαтѕαρρ', 'тєlєgяαм', 'WHΛTSΛPP', 'ЩhatsApp'])
        t.strictSame(found(text, 'en'), [text], text);
      for (const [language, text] of [
        ['el', 'Καλημέρα σας'],
        ['ru', 'Цена за α-частицы и β-версию'],
        ['ru', 'USB-кабель и LED-лампа, шаг 5 мкм'],
      ] as const) {
        t.strictSame(found(text, language), [], text);
      }
    },
  );
});

t.test('joined text lines', async (t) => {
  const judge = new TextJudge({ model: null });
  const contacts = (text: string, language: string): string[] =>
    judge
      .judge(text, { surface: 'caption', language, entry: [] })
      .hits.filter((h) => h.rule === '3.1' || h.rule === '3.2')
      .map((h) => h.match);

  t.test('joins a name in a column and an address broken at its dot', async (t) => {
    for (const [language, text] of [
      ['en', 'Wha\ntsA\npp'],
      ['en', 'W\r\nH\r\nA\r\nT\r\nS\r\nA\r\nP\r\nP'],
      ['zh', '微\n信\n同\n号'],
      ['zh', '支\n付\n宝'],
      ['ko', '카\n톡'],
      ['ru', 'ват\nсап'],
      ['en', 'sunnylamps\n.com'],
      ['en', 'sunnylamps.\ncom'],
    ] as const) {
      t.match(contacts(text, language), [text], text);
    }
  });

  t.test('whole words on separate lines form no other word', async (t) => {
    for (const [language, text] of [
      ['en', 'Big sale.\nshop now'],
      ['en', 'New.\nLive now'],
      ['en', 'Order today.\nin stock'],
      ['en', 'NEW\nIN'],
      ['zh', '精致入微\n信赖之选'],
      ['zh', '新品\n上市\n限时\n特惠'],
      ['zh', '福\n利'],
    ] as const) {
      t.strictSame(contacts(text, language), [], text);
    }
  });
});
