import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Admission } from '../../src/admission/admission.js';
import { checkRights, refuseSource } from '../../src/admission/check-rights.js';
import { ComposedWords } from '../../src/admission/composed-words.js';
import { layerTexts, shownTexts } from '../../src/admission/texts/layer-texts.js';
import { forbids, refuseTexts, refuseTogether } from '../../src/admission/texts/refuse-texts.js';
import { ownWords } from '../../src/admission/texts/room-rule-actions.js';
import { togetherHits } from '../../src/admission/texts/shown-together.js';
import type { TextLine } from '../../src/compliance/ocr/ocr-messages.js';
import { loadRoom, parseRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { layer as layerSchema } from '../../src/config/sections/layer.js';
import { templatePath } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import type { FrameVerdict, LedgerEntry } from '../../src/core/verdict.js';
import { findDrawnCode } from '../../src/moderation/drawn-codes.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { templateRoom } from '../kit/on-air.js';
import { roomOf } from '../scene/scene-kit.js';

t.test('own words', async (t) => {
  type Tap = Pick<typeof t, 'testdir'>;

  function roomWith(t: Tap, words: unknown): RoomConfig {
    const file = join(t.testdir(), 'room.json');
    writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), compliance: { words } }));
    return loadRoom(file);
  }

  t.test('refuses a layer with a word that the room forbids', async (t) => {
    const room = roomWith(t, { forbid: [{ rule: '2.1', terms: ['copper moon'] }] });
    const judge = new TextJudge({ model: null, own: ownWords(room) });
    const texts = [{ where: 'layers[0].text', text: 'Copper Moon for all' }];
    t.throws(() => refuseTexts(judge, room, texts, () => undefined), {
      code: 'E_TEXT_REFUSED',
      found: '"Copper Moon" (rule 2.1, own)',
    });
  });

  t.test('returns nothing for a room without own words', async (t) => {
    t.equal(ownWords(roomWith(t, undefined)), undefined);
  });

  t.test('rejects a rule that no words can break, and lists the valid ones', async (t) => {
    const forbid = (rule: string) => ({
      forbid: [
        { rule: '2.1', terms: ['a word'] },
        { rule, terms: ['copper'] },
      ],
    });
    for (const rule of ['5.9', '1.9']) {
      t.throws(() => ownWords(roomWith(t, forbid(rule))), {
        code: 'E_ROOM_REFUSED',
        where: /compliance\.words\.forbid\[1\]\.rule$/,
        expected: /1\.1, 1\.2.*5\.13/,
        found: `"${rule}"`,
      });
    }
    t.throws(() => roomWith(t, forbid('insult')), {
      code: 'E_ROOM_INVALID',
      where: /compliance\.words\.forbid\[1\]\.rule/,
    });
  });
});

t.test('refuse texts', async (t) => {
  const minimal = JSON.parse(readFileSync('templates/rooms/minimal/room.json', 'utf8')) as { layers: object[] };
  const judge = new TextJudge({ model: null });

  t.test('allows a text in another language on the picture, but no contact', async (t) => {
    const room = parseRoom(JSON.stringify({ ...minimal, language: 'zh' }), 'room.json');
    const kept: LedgerEntry[] = [];
    const text = 'Free shipping on all orders this week';
    t.ok(judge.judge(text, { surface: 'speech', language: 'zh' }).hits.some(forbids), 'speech with it would be muted');
    refuseTexts(judge, room, [{ where: 'layer "sale"', text }], (entry) => kept.push(entry));
    t.strictSame(kept, []);
    const where = 'layer "contact"';
    t.throws(
      () => refuseTexts(judge, room, [{ where, text: 'WhatsApp +1 415 555 2671' }], (entry) => kept.push(entry)),
      {
        code: 'E_TEXT_REFUSED',
      },
    );
    t.match(kept, [{ rule: '3.2', surface: 'caption', action: 'refuse', detail: { where } }]);
  });

  t.test('judges all texts of a card and a ticker', async (t) => {
    const image = 'lamp.png';
    const price = { amount: 4, currency: 'USD', unit: 'WhatsApp 4155552671' };
    const products = [{ id: 'lamp', title: 'Lamp', image, price }];
    const ticker = { id: 'news', type: 'ticker', items: ['Lamps', 'Bottles'], separator: ' WeChat ', x: 0, y: 20 };
    for (const [more, where] of [
      [{ products }, 'products[0].price.unit'],
      [{ layers: [...minimal.layers, ticker] }, 'layers[1].separator'],
    ] as const) {
      const room = parseRoom(JSON.stringify({ ...minimal, ...more }), 'room.json');
      const refused = () => refuseTexts(judge, room, shownTexts(room), () => undefined);
      t.throws(refused, { code: 'E_TEXT_REFUSED', where });
    }
  });

  t.test('refuses characters that can draw a code, wherever a layer writes them', async (t) => {
    const room = parseRoom(JSON.stringify(minimal), 'room.json');
    const refuse = (text: string) => () => refuseTexts(judge, room, [{ where: 'layer "sale"', text }], () => undefined);
    for (const text of ['Sale ▀▄█ today', 'Sale ■', 'a ◼ b', '⠿⠛⠶', '\u{1fb0a}', '⬛⬜', '🟥🟦', '●'.repeat(11)]) {
      t.throws(refuse(text), { code: 'E_TEXT_REFUSED', expected: /draw a code/, where: 'layer "sale"' }, text);
    }
    for (const text of [
      '• Sale',
      '★★★★☆',
      '4 of 5: ●●●●○',
      'New ▶ see the card',
      '✓ tested',
      'A│B',
      '◆ Offer ◆',
      '24 × 36 cm',
    ]) {
      t.doesNotThrow(refuse(text), text);
    }
    const kept: LedgerEntry[] = [];
    t.throws(() => refuseTexts(judge, room, [{ where: 'layer "sale"', text: '█' }], (entry) => kept.push(entry)));
    t.match(kept, [{ rule: '3.3', surface: 'caption', action: 'refuse', detail: { kind: 'drawn-code' } }]);
    const ticker = { id: 'news', type: 'ticker', items: ['Lamps', 'Bottles'], separator: ' ▌▐ ', x: 0, y: 20 };
    const drawn = parseRoom(JSON.stringify({ ...minimal, layers: [...minimal.layers, ticker] }), 'room.json');
    t.throws(() => refuseTexts(judge, drawn, shownTexts(drawn), () => undefined), {
      code: 'E_TEXT_REFUSED',
      where: 'layers[1].separator',
    });
  });

  t.test('the texts of the rooms that come with the engine draw nothing', async (t) => {
    for (const name of ['minimal', 'demo-portrait', 'demo-landscape']) {
      const room = loadRoom(`templates/rooms/${name}/room.json`);
      for (const { where, text } of shownTexts(room)) t.equal(findDrawnCode(text), undefined, `${name}: ${where}`);
    }
  });

  t.test('a template is judged as it will be read, and the room’s title, which the slate shows, too', async (t) => {
    const lines = (layers: object[], more: object = {}) => {
      const room = parseRoom(
        JSON.stringify({ ...minimal, layers: [...minimal.layers, ...layers], ...more }),
        'room.json',
      );
      return () => refuseTexts(judge, room, shownTexts(room), () => undefined);
    };
    const welcome = { id: 'welcome', type: 'text', text: 'Welcome to {{ room.name }}', x: 20, y: 200 };
    t.doesNotThrow(lines([{ ...welcome, text: '{{room.name}}' }]), "the template's name is no address");
    t.doesNotThrow(lines([welcome], { title: 'Steel bottles, live' }));
    for (const title of ['WhatsApp +1 415 555 2671', 'The best bottles in the world', 'sunnylamps.com']) {
      t.throws(lines([], { title }), { code: 'E_TEXT_REFUSED', where: 'title' }, title);
    }
    t.throws(lines([], { name: '415-555-2671' }), { code: 'E_TEXT_REFUSED', where: 'name' });
    const product = {
      id: 'lamp',
      image: 'lamp.png',
      price: { amount: 4, currency: 'USD' },
      title: 'quality in the world',
    };
    const room = parseRoom(JSON.stringify({ ...minimal, products: [product] }), 'room.json');
    const best = { id: 'best', type: 'text', text: 'The best {{product.title}}', x: 20, y: 200 } as never;
    t.throws(() => refuseTexts(judge, room, layerTexts(best, 'layer "best"'), () => undefined), {
      code: 'E_TEXT_REFUSED',
      where: 'layer "best".text',
      found: /best quality/,
    });
  });
});

t.test('sale texts', async (t) => {
  const minimal = JSON.parse(readFileSync('templates/rooms/minimal/room.json', 'utf8')) as { layers: object[] };
  const judge = new TextJudge({ model: null });
  const contact = 'WhatsApp +1 415 555 2671';
  const product = {
    id: 'mug',
    title: 'Mug',
    image: 'mug.png',
    price: { amount: 5, currency: 'USD' },
    attributes: [{ name: 'Material', value: 'Porcelain' }],
    priceLadder: [{ from: 10, price: 5 }],
  };
  const roomWith = (layer: object, more: object = {}) =>
    parseRoom(
      JSON.stringify({
        ...minimal,
        products: [product],
        ...more,
        layers: [...minimal.layers, { id: 'sale', ...layer }],
      }),
      'room.json',
    );
  const judged = (room: ReturnType<typeof roomWith>) => () =>
    refuseTexts(judge, room, shownTexts(room), () => undefined);

  t.test('refuses a contact in every text of a sale layer', (t) => {
    const hour = { durationMs: 3_600_000 };
    for (const layer of [
      { type: 'countdown', offer: contact, ...hour },
      { type: 'countdown', offer: 'Today', title: contact, ...hour },
      { type: 'countdown', offer: 'Today', ended: contact, ...hour },
      { type: 'coupon', percent: 10, how: contact },
      { type: 'coupon', percent: 10, condition: contact },
      { type: 'ladder', title: contact },
      { type: 'attributes', title: contact },
      { type: 'question', text: contact },
      { type: 'question', text: 'Is it blue?', user: contact },
      { type: 'announcement', text: contact },
    ]) {
      t.throws(judged(roomWith(layer)), { code: 'E_TEXT_REFUSED' }, JSON.stringify(layer));
    }
    t.end();
  });

  t.test('reads a table of attributes only where one is shown', (t) => {
    const attributes = [{ name: 'Contact', value: contact }];
    const products = [{ ...product, attributes }];
    t.throws(judged(roomWith({ type: 'attributes' }, { products })), { code: 'E_TEXT_REFUSED' });
    t.doesNotThrow(judged(roomWith({ type: 'ladder' }, { products })));
    t.end();
  });

  t.test('admits ordinary sale layers', (t) => {
    for (const layer of [
      { type: 'countdown', offer: '{{product.price}} today', durationMs: 3_600_000, ended: 'This offer has ended' },
      { type: 'attributes' },
      { type: 'ladder' },
      { type: 'question', user: 'Anna_W', text: 'Does the lid stay tight?' },
      { type: 'announcement', text: 'New colours this week' },
    ]) {
      const room = roomWith(layer);
      t.doesNotThrow(judged(room), JSON.stringify(layer));
      t.same(togetherHits(judge, room), []);
    }
    t.end();
  });

  t.test('a coupon is held to the listing: a discount that it does not state is a wrong claim', (t) => {
    t.throws(judged(roomWith({ type: 'coupon', percent: 15 })), { code: 'E_TEXT_REFUSED' });
    const products = [{ ...product, facts: ['Coupon: 15% off orders of $100 or more'] }];
    t.doesNotThrow(judged(roomWith({ type: 'coupon', percent: 15, minimumSpend: 100 }, { products })));
    t.end();
  });
});

t.test('shown together', async (t) => {
  const minimal = JSON.parse(readFileSync('templates/rooms/minimal/room.json', 'utf8')) as { layers: object[] };
  const judge = new TextJudge();

  const roomWith = (layers: object[], more: object = {}): RoomConfig =>
    parseRoom(
      JSON.stringify({
        ...minimal,
        ...more,
        layers: [...minimal.layers.filter((l) => 'type' in l && l.type === 'presenter'), ...layers],
      }),
      'room.json',
    );
  const text = (id: string, of: string, x: number, y = 100): object => ({ type: 'text', id, text: of, x, y });

  t.test('finds a number split over two layers that are harmless alone', async (t) => {
    const room = roomWith([text('a', '138 0013', 20), text('b', '8000', 220)]);
    t.match(togetherHits(judge, room), [
      { where: 'layers[2].text', besides: 'layers[1].text', hit: { rule: '3.2', kind: 'phone', match: '8000' } },
    ]);
    const kept: LedgerEntry[] = [];
    t.throws(() => refuseTogether(togetherHits(judge, room), (e) => kept.push(e)), {
      code: 'E_TEXT_REFUSED',
      where: 'layers[2].text',
      expected: 'a text that may stand beside layers[1].text',
    });
    t.match(kept, [{ rule: '3.2', action: 'refuse', detail: { where: 'layers[2].text', besides: 'layers[1].text' } }]);
  });

  t.test('reads layers from the left in any file order, in three parts as well', async (t) => {
    const backwards = roomWith([text('b', '8000', 420), text('m', '0013', 220), text('a', '138', 20)]);
    const found = togetherHits(judge, backwards);
    t.match(
      found.filter(({ where, besides }) => where === 'layers[1].text' && besides === 'layers[2].text'),
      [{ hit: { rule: '3.2', match: '8000' } }],
      'the last of them in reading order',
    );
    const chinese = roomWith([text('a', '微', 20), text('b', '信 abc12345', 100)], { language: 'zh' });
    t.match(togetherHits(judge, chinese), [{ where: 'layers[2].text' }]);
  });

  t.test('is not fooled by a pixel up or down, file order or columns', async (t) => {
    const letters = (word: string, order: number[], at: (i: number) => [number, number]): object[] =>
      order.map((i) => text(`l${i}`, word[i]!, ...at(i)));
    const scrambled = [3, 1, 0, 2, 7, 5, 4, 6];
    for (const layers of [
      [text('b', '8000', 400, 500), text('a', '138 0013', 200, 502)],
      letters('WhatsApp', scrambled, (i) => [50 + i * 40, 500 + (i % 3)]),
      letters('41555526', scrambled, (i) => [50 + (i % 2), 300 + i * 50]),
    ]) {
      t.ok(togetherHits(judge, roomWith(layers)).length > 0, JSON.stringify(layers[0]));
    }
  });

  t.test('accepts tables of sizes, prices, quantities and years', async (t) => {
    const table = (cells: string[], columns: number): object[] =>
      cells.map((of, i) => text(`c${i}`, of, 50 + 200 * (i % columns), 300 + 50 * Math.floor(i / columns)));
    for (const [cells, columns] of [
      [['4.80', '3.20', '2.95'], 1],
      [['500', '4.80', '1000', '4.20', '5000', '3.90'], 2],
      [['750 ml', '1200', '1 L', '2400', '2 L', '3600'], 2],
      [['2024', '2025', '2026'], 3],
      [['36', '37', '38', '39', '40', '41'], 6],
      [['300', '500', '1000', '2000'], 1],
    ] as const) {
      t.strictSame(togetherHits(judge, roomWith(table([...cells], columns))), [], cells.join(' '));
    }
  });

  t.test('joins ticker items, with the first after the last', async (t) => {
    const ticker = (items: string[]): object => ({ type: 'ticker', id: 'news', items, x: 0, y: 10 });
    t.equal(togetherHits(judge, roomWith([ticker(['138 0013', '8000'])])).length, 1);
    t.match(togetherHits(judge, roomWith([ticker(['8000', 'Bamboo boards', '138 0013'])])), [
      { where: 'layers[1].items[0]' },
    ]);
  });

  t.test('judges a product’s name in a template, and an added layer with those on air', async (t) => {
    const products = [
      {
        id: 'p',
        title: 'Bottle',
        subtitle: '8000',
        image: 'assets/none.png',
        price: { amount: 4.8, currency: 'USD', unit: 'piece' },
      },
    ];
    const filled = roomWith([text('a', '138 0013 {{product.subtitle}}', 20)], { products });
    t.match(togetherHits(judge, filled), [
      { where: 'layers[1].text {{product.subtitle}}', besides: 'layers[1].text', hit: { match: '8000' } },
    ]);
    const room = roomWith([text('a', '138 0013', 20)]);
    t.strictSame(togetherHits(judge, room), []);
    const put = layerSchema.parse(text('late', '8000', 300));
    t.match(togetherHits(judge, room, [...room.layers, put]), [{ where: 'layer "late".text' }]);
  });

  t.test('accepts the texts of all room templates', async (t) => {
    for (const name of ['demo-portrait', 'minimal']) {
      t.strictSame(togetherHits(judge, loadRoom(`templates/rooms/${name}/room.json`)), [], name);
    }
  });
});

t.test('composed words', async (t) => {
  const LINE: TextLine = { text: 'Oak table', confidence: 1, box: { x: 0, y: 0, width: 90, height: 20 } };

  function rig() {
    const kept = new Map<string, readonly TextLine[]>();
    const state = {
      still: { digest: 'table', sinceFrame: 0 } as { digest: string; sinceFrame: number } | undefined,
      frame: 100,
      forbids: '',
    };
    const words = new ComposedWords({
      admission: {
        judgeKept(key): FrameVerdict | undefined {
          const lines = kept.get(key);
          if (lines === undefined) return undefined;
          const verdict = lines.some((line) => line.text === state.forbids) ? 'violation' : 'clean';
          return { verdict, hits: [] };
        },
        keepWords: (key, lines) => void kept.set(key, lines),
      },
      still: () => state.still,
      presenter: () => ({ digest: 'mei', sinceFrame: 0 }),
      frame: () => state.frame,
    });
    return { words, state, kept };
  }

  t.test('knows a picture of equal layers, and judges its words by the present rules', (t) => {
    const { words, state } = rig();
    t.equal(words.isClean(), false);
    words.begin()({ hits: [], lines: [LINE] });
    t.equal(words.isClean(), true);
    state.forbids = LINE.text;
    t.equal(words.isClean(), false, 'a rule came to forbid it');
    state.forbids = '';
    state.still = { digest: 'lamp', sinceFrame: 90 };
    t.equal(words.isClean(), false, 'other layers');
    t.end();
  });

  t.test('keeps neither failed readings nor those of layers that have changed since', (t) => {
    const { words, state, kept } = rig();
    const keep = words.begin();
    state.still = { digest: 'lamp', sinceFrame: 90 };
    keep({ hits: [], lines: [LINE] });
    words.begin()({ hits: [{ rule: '3.2', kind: 'unread-text', text: 'died' }], lines: [] });
    t.equal(kept.size, 0);
    t.end();
  });

  t.test('knows nothing of scheduled layers, nor of pictures without a digest', (t) => {
    const { words, state, kept } = rig();
    words.begin()({ hits: [], lines: [] });
    state.still = { digest: 'table', sinceFrame: 101 };
    t.equal(words.isClean(), false, 'on air from the next frame on');
    state.frame = 101;
    t.equal(words.isClean(), true);
    state.still = undefined;
    t.equal(words.isClean(), false);
    words.begin()({ hits: [], lines: [] });
    t.equal(kept.size, 1);
    t.end();
  });
});

t.test('written inside', async (t) => {
  t.test('judges the words of an SVG as text, in scripts the reader does not know', async (t) => {
    const room = roomOf(t.testdir(), { language: 'en' });
    const ledger: object[] = [];
    const admission = new Admission({
      kernels: loadKernels(),
      log: silentLog,
      ledger: (entry) => void ledger.push(entry),
      judge: new TextJudge({ model: null }),
      room,
    });
    t.teardown(() => admission.close());
    const picture = { rgba: new Uint8Array(64 * 64 * 4).fill(255), width: 64, height: 64, where: 'layer "card"' };
    for (const text of ['واتساب', 'Пишите в телеграм', 'แอดไลน์ goodlamp', '카카오톡 문의']) {
      await t.rejects(admission.admit({ ...picture, texts: ['Lamps', text] }), {
        code: 'E_ASSET_REFUSED',
        where: 'layer "card"',
        found: /rule 3\.2/,
      });
    }
    t.match(ledger[0], { kind: 'admission', rule: '3.2', action: 'refuse', evidence: 'واتساب' });
    await admission.admit({ ...picture, texts: ['مصباح', '24 h', '500 ml'] });
  });
});

t.test('check rights', async (t) => {
  const room = (more: object) =>
    parseRoom(
      JSON.stringify({
        name: 'rights',
        presenter: { pack: 'mei' },
        layers: [
          { id: 'who', type: 'presenter' },
          { id: 'set', type: 'image', src: 'set.png' },
          { id: 'own', type: 'sticker', src: 'own.svg', licence: 'own work' },
          { id: 'turn', type: 'media', items: ['a.png', 'set.png'] },
        ],
        audio: { music: { src: 'bed.flac' } },
        script: { segments: [{ lines: [{ text: 'Hello' }] }] },
        ...more,
      }),
      '/rooms/room.json',
    );

  t.test('warns once about assets without a declared licence (rule 5.4)', async (t) => {
    t.match(checkRights(room({})), [
      { severity: 'warning', rule: '5.4', where: 'rights.assets', found: 'nothing for set.png, a.png, bed.flac' },
    ]);
    t.same(checkRights(room({ rights: { assets: 'photo contract 12' } })), [], 'one declaration for all is enough');
    t.same(checkRights(loadRoom(templatePath('rooms', 'demo-portrait', 'room.json'))), []);
  });

  t.test("refuses an event or others' material without a permission", async (t) => {
    const assets = 'own work';
    for (const [source, rule] of [
      ['event', '5.13'],
      ['licensed', '5.4'],
    ]) {
      const bare = room({ rights: { assets, source } });
      t.match(checkRights(bare), [{ severity: 'fault', where: 'rights.sourceLicence', rule }]);
      t.throws(() => refuseSource(bare), { code: 'E_ROOM_REFUSED', found: new RegExp(rule!.replace('.', '\\.')) });
      const named = room({ rights: { assets, source, sourceLicence: 'contract 7 of 2026' } });
      t.same(checkRights(named), []);
      t.doesNotThrow(() => refuseSource(named));
    }
    t.doesNotThrow(() => refuseSource(room({})));
  });
});
