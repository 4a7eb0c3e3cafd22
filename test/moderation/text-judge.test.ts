import t from 'tap';
import { ruleWords } from '../../src/config/room.js';
import type { Product } from '../../src/config/sections/product.js';
import type { Surface, TextVerdict } from '../../src/core/verdict.js';
import { type Detector, Reading, runStages } from '../../src/moderation/reading.js';
import { explainText } from '../../src/moderation/explain-text.js';
import { Lexicon } from '../../src/moderation/lexicon/lexicon.js';
import type { Match } from '../../src/moderation/match.js';
import { OwnWords } from '../../src/moderation/own-words/own-words.js';
import { loadRulePacks } from '../../src/moderation/packs/rule-packs.js';
import { judgeAcross, judgeStages, recentText, TextJudge, VerdictMemory } from '../../src/moderation/text-judge.js';
import { productOf } from '../kit/product-of.js';
import { whole } from '../kit/whole.js';
import { corpusLines } from './corpus-lines.js';

t.test('text judge', async (t) => {
  const judge = new TextJudge();
  const rules = (text: string, language = 'en'): string[] => [
    ...new Set(judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule)),
  ];

  const find = (text: string, language: string): { rule: string; kind: string }[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map(({ rule, kind }) => ({ rule, kind }));

  t.test('hits carry offsets of the original text, whatever was folded before them', async (t) => {
    const text = '👋🏽 Ｈｉ, z\u200bw here: add me on Ｗｈａｔｓ\u200bＡｐｐ today';
    const { verdict, hits } = judge.judge(text, { surface: 'speech', language: 'en' });
    t.equal(verdict, 'violation');
    t.equal(hits.length, 1);
    t.equal(hits[0]!.match, 'add me on Ｗｈａｔｓ\u200bＡｐｐ');
    t.equal(text.slice(hits[0]!.start, hits[0]!.end), hits[0]!.match);
    t.equal(hits[0]!.action, 'mute');
  });

  t.test('the action is the rule table’s for the surface', async (t) => {
    for (const [surface, action] of [
      ['speech', 'mute'],
      ['caption', 'drop-caption'],
      ['reply', 'skip'],
      ['cover', 'refuse'],
      ['frame', 'blank'],
    ] as const) {
      t.equal(judge.judge('see www.example.com', { surface, language: 'en' }).hits[0]!.action, action, surface);
    }
  });

  t.test('names and addresses of the platforms themselves pass', async (t) => {
    for (const text of [
    'find us on Alibaba.com',
    'https://www.alibaba.com/product-detail/x_1600.html',
    'm.tb.cn/h.abc works too',
    'open taobao.com or 1688.com',
  ]) t.strictSame(rules(text), [], text); // prettier-ignore
    t.strictSame(rules('open alibaba.com.evil.net'), ['3.2']);
  });

  t.test('a viewer may be greeted but not exposed', async (t) => {
    const context = { surface: 'reply', language: 'en', viewerNames: ['Anna'] } as const;
    t.strictSame(judge.judge('Hi Anna, it comes in red too', context).hits, []);
    t.ok(judge.judge('Anna lives at the old mill', context).hits.some((h) => h.rule === '5.3'));
    t.strictSame(judge.judge('@Anna yes, it does', context).hits, []);
  });

  const mug: Product = productOf({
    id: 'mug',
    title: 'Steel mug',
    subtitle: '500 ml',
    image: 'mug.png',
    price: { amount: 12.5, currency: 'USD', unit: 'piece', was: 25 },
    minimumOrder: '50 pieces',
    facts: ['holds 500 ml', 'two year warranty', '18 cm high', 'ships in 7 days'],
  });

  t.test('statements must agree with the listing', async (t) => {
    const said = (text: string, language = 'en'): string[] =>
      judge.judge(text, { surface: 'speech', language, entry: [mug] }).hits.map((h) => `${h.rule} ${h.kind}`);
    t.strictSame(said('It costs $12.50, it was 25 dollars, that is 50% off'), []);
    t.strictSame(said('ten pieces for 125 dollars, it holds 0.5 liters'), []);
    t.strictSame(said('It costs only 9.99 dollars'), ['5.5 price']);
    t.strictSame(said('nineteen dollars today'), ['5.5 price']);
    t.strictSame(said('it holds 750 ml'), ['2.1 spec']);
    t.strictSame(said('the minimum order is 10 pieces'), ['5.5 minimum-order']);
    t.strictSame(said('you get a free gift'), ['5.1 gift']);
    t.strictSame(said('a five year warranty'), ['5.1 warranty']);
    t.strictSame(said('70% off today'), ['5.1 discount']);
    t.strictSame(said('only 3 left in stock'), ['5.1 stock']);
    t.strictSame(said('今天只要九块九', 'zh'), ['5.5 price']);
    t.strictSame(said('今天五折', 'zh'), []);
  });

  t.test('detects a text in a foreign language once it is long enough', async (t) => {
    t.ok(rules('Dieser Becher hält den Kaffee sechs Stunden lang warm und passt in jede Tasche', 'en').includes('5.6'));
    t.ok(rules('这个杯子可以保温六个小时，放进包里也不会漏', 'en').includes('5.6'));
    t.notOk(rules('Wunderbar, danke', 'en').includes('5.6'));
    t.notOk(rules('iPhone 15 Pro Max 256GB', 'zh').includes('5.6'));
    t.notOk(rules('Gelas ini menjaga kopi tetap panas selama enam jam penuh', 'ms').includes('5.6'));
  });

  t.test('judges a hundred thousand hostile characters in bounded time', async (t) => {
    const lines = [
      'a.',
      'www.',
      '1 ',
      '@',
      'dot com ',
      '加 ',
      'W h a t s ',
      '-'.repeat(7),
      '\u200b',
      'one two ',
      'x@x.',
      '+86 ',
    ];
    for (const piece of lines) {
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      const before = process.cpuUsage();
      judge.judge(text, { surface: 'speech', language: 'en' });
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 1000;
      t.ok(ms < 4000, `${JSON.stringify(piece)} took ${Math.round(ms)} ms`);
    }
  });

  t.test('finds a violation at the seam of two windows at its position', async (t) => {
    for (const at of [1990, 1999, 3595, 3605]) {
      const text = `${'word '.repeat(at / 5)}call me on WhatsApp${' word'.repeat(500)}`;
      const { hits } = judge.judge(text, { surface: 'speech', language: 'en' });
      t.ok(
        hits.some((h) => h.rule === '3.2' && text.slice(h.start, h.end).includes('WhatsApp')),
        `at ${at}`,
      );
    }
  });

  t.test('an empty text and one of signs only are clean', async (t) => {
    for (const text of ['', ' ', '🎉🎉🎉', '...', '\ud800', '。。！'])
      t.equal(judge.judge(text, { surface: 'reply', language: 'zh' }).verdict, 'clean');
  });

  t.test('a word between two others completes a combination', async (t) => {
    const judge = new TextJudge();
    const rules = (text: string, language: string): string[] =>
      judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);
    t.has(rules('Je vous garantis dix kilos de moins en une semaine', 'fr'), ['2.1']);
    t.same(rules('Le carton pèse dix kilos et part dans une semaine', 'fr'), []);
  });

  t.test('distinguishes Vietnamese words by accents, and finds them in unaccented text', async (t) => {
    t.same(find('Đồ ngủ cho bé, vải mát', 'vi'), []);
    t.match(find('Đồ ngu', 'vi'), [{ rule: '5.2' }]);
    t.match(find('do ngu', 'vi'), [{ rule: '5.2' }]);
  });

  t.test('a denial covers its own clause, unless it is cancelled', async (t) => {
    t.same(find("Don't ever message strangers on WhatsApp", 'en'), []);
    t.match(find("Don't wait, message me on WhatsApp", 'en'), [{ rule: '3.2' }]);
    t.match(find("Don't hesitate to message me on WhatsApp", 'en'), [{ rule: '3.2' }]);
    t.match(find('여기서 결제하지 마시고 제 계좌로 입금해 주세요', 'ko'), [{ rule: '3.1' }]);
    t.same(find('외부 계좌로 입금하지 마세요', 'ko'), []);
  });

  t.test(
    'leaves a plain word to the lexicon, which handles warnings, and only its sound to the phonetic detector',
    async (t) => {
      t.strictSame(rules('凡是叫你加微信付款的都是骗子', 'zh'), []);
      t.match(rules('叫你家喂新聊的都来', 'zh'), ['3.2']);
    },
  );

  t.test('joins separate Thai letters to one word', async (t) => {
    t.match(rules('แ อ ด ไ ล น์ มาคุยกัน', 'th'), ['3.2']);
  });

  t.test('an order page excuses a payment, unless it is to be skipped', async (t) => {
    const verdict = (line: string): string =>
      judge.judge(line, { surface: 'speech', language: 'en', entry: [] }).verdict;
    t.equal(verdict('You can pay by credit card or PayPal on the order page'), 'clean');
    t.equal(verdict('skip the order page, PayPal me instead'), 'violation');
  });

  t.test('a scanner that reads QR codes is a product, a request to scan one is a hit', async (t) => {
    t.strictSame(rules('Le scanner lit les QR codes et les codes-barres', 'fr'), []);
    t.ok(rules('vous pouvez scanner le code QR pour nous joindre', 'fr').includes('3.3'));
    t.strictSame(rules('Vendemos lectores de códigos QR para almacén', 'es'), []);
  });
});

t.test('judge across', async (t) => {
  const judge = new TextJudge();
  /** The language, the two texts, and the part of the second that must not be seen or heard. */
  const PARTS = [
    ['en', '138 0013', '8000', '8000'],
    ['en', '138 0013.', '8000!', '8000'],
    [
      'en',
      'our number is one three eight one two',
      'three four five six seven eight',
      'three four five six seven eight',
    ],
    ['en', 'Add me on WhatsApp.', 'lily_88, any time', 'lily_88'],
    ['zh', '微', '信 abc12345', '信 abc12345'],
    ['zh', '加我微', '信 abc123456，给你报价', '信 abc123456'],
  ] as const;

  t.test('finds the rest of a number, or of an app’s name, in the second text', async (t) => {
    for (const [language, before, text, wanted] of PARTS) {
      const hits = judgeAcross(judge, before, text, language);
      t.equal(hits.length, 1, `${before} | ${text}`);
      t.match(hits[0], { rule: '3.2', start: 0, end: wanted.length, match: wanted }, `${before} | ${text}`);
      t.strictSame(judgeAcross(judge, '', text, language), [], 'nothing stands before it');
    }
  });

  t.test('does not repeat the hits of a single text', async (t) => {
    t.strictSame(judgeAcross(judge, 'Thank you all', 'call 138 1234 5678 now', 'en'), [], 'the second');
    t.strictSame(judgeAcross(judge, 'Add me on WhatsApp.', '24 hours later we ship', 'en'), [], 'the first');
  });

  t.test('consecutive harmless lines stay harmless', async (t) => {
    for (const [before, text] of [
      ['It costs 4.20 for 1000', '138 grams only'],
      ['MOQ 500', 'FOB $4.20'],
      ['The handle is made of oak.', 'The lid closes with a click.'],
      ['100 pieces', '200 pieces'],
    ] as const) {
      t.strictSame(judgeAcross(judge, before, text, 'en'), [], `${before} | ${text}`);
    }
    const last = new Map<string, string>();
    let pairs = 0;
    let wrong = 0;
    for (const { text, language, rules } of corpusLines(whole ? 23 : 92)) {
      if (rules.length > 0) continue;
      const before = last.get(language);
      last.set(language, recentText(before ?? '', text));
      if (before === undefined) continue;
      pairs += 1;
      if (judgeAcross(judge, before, text, language).length > 0) wrong += 1;
    }
    t.ok(pairs > (whole ? 1000 : 250), `${pairs} pairs of the corpus`);
    t.ok(wrong * 500 <= pairs, `${wrong} of ${pairs} taken for a contact`);
  });
});

t.test('verdict memory', async (t) => {
  const CLEAN: TextVerdict = { verdict: 'clean', hits: [] };

  t.test('judges a repeated text once, and again in another context', (t) => {
    const memory = new VerdictMemory();
    let judged = 0;
    const of = (text: string, context: Parameters<VerdictMemory['of']>[1]): TextVerdict =>
      memory.of(text, context, () => {
        judged += 1;
        return CLEAN;
      });
    const speech = { surface: 'speech', language: 'en' } as const;
    of('Only today', speech);
    of('Only today', speech);
    t.equal(judged, 1);
    of('Only today', { ...speech, surface: 'caption' });
    of('Only today', { ...speech, language: 'es' });
    t.equal(judged, 3);
    const listing: readonly Product[] = [];
    of('Only today', { ...speech, entry: listing });
    of('Only today', { ...speech, entry: listing });
    of('Only today', { ...speech, entry: [] });
    t.equal(judged, 5, 'changed listings are a new array');
    of('Welcome Anna', { ...speech, viewerNames: ['Anna'] });
    of('Welcome Anna', { ...speech, viewerNames: ['Anna'] });
    t.equal(judged, 7, 'names of viewers change');
    for (let n = 0; n < 1000; n += 1) of(`Line ${n}`, speech);
    of('Line 999', speech);
    t.equal(judged, 1007);
    of('Only today', speech);
    t.equal(judged, 1008, 'the oldest are forgotten');
    t.end();
  });

  t.test('gives equal verdicts for a text that is judged again', (t) => {
    const judge = new TextJudge();
    const context = { surface: 'speech', language: 'en' } as const;
    const text = 'Call +1 415 555 2671 for more';
    const first = judge.judge(text, context);
    t.equal(first.verdict, 'violation');
    t.strictSame(judge.judge(text, context), first);
    t.strictSame(new TextJudge().judge(text, context), first);
    t.end();
  });
});

t.test('detector', async (t) => {
  const packs = loadRulePacks();
  const lexicon = new Lexicon(packs);
  const reading = (text: string): Reading => new Reading(text, { surface: 'speech', language: 'en' }, lexicon);
  const match = (kind: string, start = 0): Match => ({ rule: '2.1', kind, start, end: start + 1 });

  t.test('a detector sees the matches of all detectors before it, in order', async (t) => {
    const seen: string[][] = [];
    const named = (name: string): Detector => ({
      name,
      detect: ({ found }) => {
        seen.push(found.map(({ kind }) => kind));
        return [match(name)];
      },
    });
    const one = reading('a line');
    runStages(
      [
        { name: 'first', detectors: [named('a'), named('b')] },
        { name: 'second', detectors: [named('c')] },
      ],
      one,
    );
    t.same(seen, [[], ['a'], ['a', 'b']]);
    t.same(
      one.found.map(({ kind }) => kind),
      ['a', 'b', 'c'],
    );
  });

  t.test('the end of a stage can drop matches of all detectors before it', async (t) => {
    const give = (kind: string): Detector => ({ name: kind, detect: () => [match(kind)] });
    const one = reading('a line');
    runStages(
      [
        { name: 'first', detectors: [give('a')] },
        { name: 'second', detectors: [give('b')], finish: (r) => r.keepOnly(({ kind }) => kind !== 'a') },
        { name: 'third', detectors: [give('c')] },
      ],
      one,
    );
    t.same(
      one.found.map(({ kind }) => kind),
      ['b', 'c'],
    );
  });

  t.test('the judge has its detectors in stages, each with a name of its own', async (t) => {
    const stages = judgeStages(packs, lexicon);
    t.same(
      stages.map(({ name }) => name),
      ['lexicon', 'disguises', 'names', 'contacts', 'numbers', 'sense', 'listing'],
    );
    const names = stages.flatMap(({ detectors }) => detectors.map(({ name }) => name));
    t.equal(new Set(names).size, names.length);
  });

  t.test('distinguishes words of the lexicon from matches by form', async (t) => {
    const one = reading('message me on whatsapp, or call +1 415 555 2671');
    runStages(judgeStages(packs, lexicon), one);
    const kinds = (matches: Iterable<Match>): string[] => [...matches].map(({ kind }) => kind);
    t.ok(kinds(one.ofLexicon).includes('platform'));
    t.notOk(kinds(one.ofLexicon).includes('phone'));
    t.ok(kinds(one.found).includes('phone'));
  });
});

t.test('explain text', async (t) => {
  t.test('names the pack, list and odds behind a verdict', async (t) => {
    const { verdict, words, sets, model } = explainText('Message me on WhatsApp', {
      surface: 'speech',
      language: 'en',
    });
    t.match(verdict.hits, [{ rule: '3.2', action: 'mute' }]);
    t.match(
      words.find(({ match }) => match === 'WhatsApp'),
      { rule: '3.2', pack: '3.2/any.json', where: 'say.platform', dropped: false },
    );
    t.ok(sets.some(({ set, match }) => set === 'contact-verb' && match === 'Message'));
    t.equal(model.rules[0]?.rule, '3.2');
    t.ok(model.line > 0 && model.together > model.addAt);
  });

  t.test('names the sets of a combination', async (t) => {
    const { words } = explainText('这是全世界最好的杯子', { surface: 'speech', language: 'zh' });
    t.ok(
      words.some(
        ({ where, pack }) =>
          /^near: superlative .*of-all within \d+ characters$/.test(where) && pack === '2.1/any.json',
      ),
    );
  });

  t.test('names dropped matches and the reason', async (t) => {
    const own = new OwnWords(ruleWords.parse({ allow: [{ terms: ["World's Best Mug"] }] }));
    const line = "This is the World's Best Mug, our own brand.";
    const { verdict, words, allowed } = explainText(line, { surface: 'caption', language: 'en', own });
    t.strictSame(verdict, { verdict: 'clean', hits: [] });
    t.ok(words.length > 0 && words.every(({ dropped }) => dropped));
    t.strictSame(allowed, ["World's Best Mug"]);
  });
});

t.test('own words', async (t) => {
  const plain = new TextJudge();
  const judge = new TextJudge({
    own: new OwnWords(
      ruleWords.parse({
        forbid: [
          { rule: '2.1', language: 'en', terms: ['copper moon', 'moonlik*'] },
          { rule: '4.1', language: 'zh', terms: ['海港同款'] },
        ],
        allow: [
          { terms: ["World's Best Mug", 'telegram', '13812345678', 'bottle.com'] },
          { language: 'zh', terms: ['最好壶'] },
        ],
      }),
    ),
  });

  const found = (text: string, language = 'en', surface: Surface = 'speech', by = judge): string[] =>
    by.judge(text, { surface, language }).hits.map(({ rule, kind, match }) => `${rule} ${kind} ${match}`);

  t.test('forbids the room’s own words on every surface, with the action of the rule', async (t) => {
    const text = 'You will have copper moon with this pan.';
    t.strictSame(found(text, 'en', 'speech', plain), []);
    for (const surface of ['speech', 'caption', 'reply', 'frame', 'cover', 'entry'] as const)
      t.strictSame(found(text, 'en', surface), ['2.1 own copper moon'], surface);
    t.equal(judge.judge(text, { surface: 'speech', language: 'en' }).hits[0]?.action, 'mute');
    t.equal(judge.judge(text, { surface: 'caption', language: 'en' }).hits[0]?.action, 'drop-caption');
  });

  t.test('finds them in every disguise that applies to the packs’ words', async (t) => {
    for (const text of [
      'COPPER  MOON here',
      'c o p p e r moon here',
      'ｃｏｐｐｅｒ ｍｏｏｎ here',
      'c0pp3r m00n here',
      'coppeeer moon',
    ])
      t.match(found(text)[0], /^2\.1 own/, text);
    t.match(found('A moonlike pan.')[0], '2.1 own moonlike');
    t.match(found('这是海 港 同 款。', 'zh')[0], '4.1 own');
    t.strictSame(found('The moon over the pan is made of copper.'), []);
  });

  t.test('an allowed term drops its own matches, and no others', async (t) => {
    const brand = "This is the World's Best Mug, our own brand.";
    t.not(found(brand, 'en', 'speech', plain).length, 0);
    t.strictSame(found(brand), []);
    t.not(found("This is the world's best mug in the world, the best of all.").length, 0, 'what stands beside it');
    t.strictSame(found('我们的最好壶有四种颜色', 'zh'), []);
    t.not(found('全世界最好的壶，就是最好壶', 'zh').length, 0, 'what is left without it');
    t.not(found('Add me on telegram to order.').length, 0, 'a contact that reaches beyond it');
  });

  t.test('an allowed term excuses no contact by form', async (t) => {
    t.match(found('Call 13812345678 today.')[0], /^3\.2 phone/);
    t.match(found('Visit bottle.com today.')[0], /^3\.2 link/);
    t.match(found('Find me on telegram, @copper_pans.').join(), /3\.2 .*copper_pans/);
  });

  t.test('a judge without own words is unchanged', async (t) => {
    const none = new TextJudge({ own: new OwnWords(ruleWords.parse({})) });
    for (const text of ["This is the World's Best Mug.", 'Add me on WeChat', 'The lid is made of oak.'])
      t.strictSame(found(text, 'en', 'speech', none), found(text, 'en', 'speech', plain));
  });
});
