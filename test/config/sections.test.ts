import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { presenterChange } from '../../src/config/api/presenter-handle.js';
import {
  findLanguage,
  formatPieces,
  formatPrice,
  formatUnit,
  languageTable,
  localeOf,
  scriptOf,
} from '../../src/config/languages/language-table.js';
import { loadRoom, parseRoom, type RoomFault } from '../../src/config/load-room.js';
import { voice, type Voice } from '../../src/config/sections/voice.js';
import { EngineError, isEngineError } from '../../src/core/errors.js';
import { templatePath } from '../../src/core/files/paths.js';
import { TextJudge } from '../../src/moderation/index.js';
import { saysAi } from '../../src/scene/layers/label-layer.js';
import { isRightToLeft } from '../../src/scene/text/text-layout.js';
import { lineVoice } from '../../src/show/line-voice.js';
import { Listings } from '../../src/show/listings.js';
import { templateRoom } from '../kit/on-air.js';

t.test('on cue', async (t) => {
  const presenter = templateRoom('minimal')['layers'][0];
  const ladder = { id: 'ladder', type: 'text', text: 'From 100 pieces', shown: 'on-cue' };
  const parse = (layers: object[], lines: object[], more: object = {}) =>
    parseRoom(
      JSON.stringify({ ...templateRoom('minimal'), layers, script: { segments: [{ lines }] }, ...more }),
      '/room.json',
    );
  const faults = (run: () => unknown): { where: string; expected: string }[] => {
    try {
      run();
    } catch (error) {
      if (isEngineError(error)) return error.details['faults'] as { where: string; expected: string }[];
    }
    return [];
  };

  t.test('accepts lines that show layers on cue', async (t) => {
    const room = parse(
      [presenter, ladder],
      [
        { text: 'Hello.', show: ['ladder'] },
        { id: 'a', text: 'Bye.' },
      ],
    );
    t.same(room.script.segments[0]!.lines[0]!.show, ['ladder']);
  });

  t.test(
    'refuses unknown cues, cues of layers that are always shown, repeated ids, and a presenter on cue',
    async (t) => {
      const found = faults(() =>
        parse(
          [
            { ...presenter, shown: 'on-cue' },
            { ...ladder, shown: 'always' },
          ],
          [
            { id: 'a', text: 'Hello.', show: ['ladder', 'nothing'] },
            { id: 'a', text: 'Bye.' },
          ],
        ),
      );
      t.same(found.map(({ where }) => where).toSorted(), [
        'layers[0].shown',
        'script.segments[0].lines[0].show[0]',
        'script.segments[0].lines[0].show[1]',
        'script.segments[0].lines[1].id',
      ]);
    },
  );

  t.test('gives the assistant a voice of its own, and its lines to the host without one', async (t) => {
    const own = { en: { name: 'heart', rate: 1, pitch: 1 } };
    const alone = parse([presenter], [{ text: 'Hello.' }]);
    t.match(lineVoice(alone, own, undefined, 'assistant'), { voice: 'heart' });
    const two = parse([presenter], [{ text: 'Hello.' }], { assistant: { voice: { name: 'heart-hugo', pitch: 1.1 } } });
    t.match(lineVoice(two, own, undefined, 'assistant'), { voice: 'heart-hugo', pitch: 1.1 });
    t.match(lineVoice(two, own, undefined, 'host'), { voice: 'heart' });
    t.equal(lineVoice(two, own, 'fr', 'assistant').voice, undefined, 'the best voice for another language');
  });
});

t.test('presenter section', async (t) => {
  const room = {
    name: 'two',
    presenter: 'aiko' as unknown,
    layers: [{ id: 'host', type: 'presenter' }] as object[],
    script: { segments: [{ lines: [{ text: 'Hello.' }] }] },
  };
  const load = (t: Test, over: object): ReturnType<typeof loadRoom> => {
    const file = join(t.testdir(), 'room.json');
    writeFileSync(file, JSON.stringify({ ...room, ...over }));
    return loadRoom(file);
  };

  t.test('takes a presenter by its name alone', async (t) => {
    const { presenter } = load(t, {});
    t.equal(presenter.pack, templatePath('presenters', 'aiko'));
    t.same(presenter.voice, load(t, { presenter: { pack: 'aiko' } }).presenter.voice);
    t.equal(load(t, { presenter: { pack: 'aiko', look: 'festival' } }).presenter.look, 'festival');
  });

  t.test('says where the presenter of a room is wrong', async (t) => {
    const file = { presenter: { pack: 'aiko', voice: { rate: 9 } } };
    t.throws(() => load(t, file), { message: /presenter\.voice\.rate/ });
    t.throws(() => load(t, { presenter: { pack: 'aiko', hat: 1 } }), { message: /presenter/ });
  });

  t.test('puts the assistant on stage with a pack and a layer, and with neither alone', async (t) => {
    const layers = [...room.layers, { id: 'second', type: 'assistant', anchor: 'bottom-right' }];
    const both = load(t, { assistant: { name: 'Wei', pack: 'wei', look: 'suit' }, layers });
    t.equal(both.assistant?.pack, templatePath('presenters', 'wei'));
    t.throws(() => load(t, { assistant: { name: 'Wei' }, layers }), { message: /assistant\.pack/ });
    t.throws(() => load(t, { assistant: { pack: 'wei' } }), { message: /layer of type "assistant"/ });
    t.ok(load(t, { assistant: { name: 'Wei' } }).assistant, 'a voice alone needs neither');
  });

  t.test('changes presenter, look, or both', async (t) => {
    for (const body of [{ pack: 'leo' }, { look: 'chef' }, { look: null }, { look: { outfit: { kind: 'chef' } } }])
      t.ok(presenterChange.safeParse(body).success, JSON.stringify(body));
    for (const body of [{}, { look: 3 }, { pack: 'leo', hat: 1 }]) t.notOk(presenterChange.safeParse(body).success);
  });
});

t.test('voice', async (t) => {
  const roomWith = (setting: unknown): string =>
    JSON.stringify({
      name: 'shop',
      presenter: { pack: 'mei', voice: setting },
      layers: [{ id: 'host', type: 'presenter' }],
      script: { segments: [{ lines: [{ text: 'Hello' }] }] },
    });

  function faultsOf(setting: unknown): RoomFault[] {
    try {
      parseRoom(roomWith(setting), '/rooms/shop/room.json', { env: {} });
    } catch (error) {
      if (error instanceof EngineError) return error.details['faults'] as RoomFault[];
      throw error;
    }
    return [];
  }
  const voiceOf = (setting: unknown): Voice =>
    parseRoom(roomWith(setting), '/rooms/shop/room.json', { env: {} }).presenter.voice;

  t.test('takes the voices of before', (t) => {
    t.match(voiceOf({}), { rate: 1, pitch: 1 });
    t.match(voiceOf({ provider: 'espeak', name: 'es+f2', rate: 1.1 }), {
      provider: 'espeak',
      name: 'es+f2',
      rate: 1.1,
    });
    t.match(voiceOf({ provider: 'heart', pitch: 0.9, language: 'en' }), { provider: 'heart', pitch: 0.9 });
    t.end();
  });

  t.test('takes a service with a fallback and leaves its key in the environment', (t) => {
    const setting = {
      provider: 'cosyvoice',
      name: 'longanyang',
      apiKey: '${DASHSCOPE_API_KEY}',
      languages: ['zh', 'en'],
      maxCharactersPerDay: 200_000,
      fallback: [
        { provider: 'piper', model: 'voices/zh.onnx' },
        { provider: 'espeak', name: 'f2' },
      ],
    };
    const read = voiceOf(setting);
    t.equal(read.apiKey, '${DASHSCOPE_API_KEY}', 'it is read where it is used');
    t.equal(read.fallback![0]!.model, '/rooms/shop/voices/zh.onnx', 'a model is a file beside the room');
    t.end();
  });

  t.test('requires the fields that a provider needs and refuses those it ignores', (t) => {
    const found = (setting: object): string[] =>
      faultsOf(setting).map(({ where, expected }) => `${where}: ${expected}`);
    t.match(found({ provider: 'elevenlabs' }), [
      /voice\.name: a value: elevenlabs needs "name"/,
      /voice\.apiKey: a value/,
    ]);
    t.match(found({ provider: 'azure', name: 'v', apiKey: '${K}' }), [/voice\.region: a region, or a baseUrl/]);
    t.match(found({ provider: 'espeak', apiKey: '${K}' }), [/voice\.apiKey: no "apiKey": espeak does not use it/]);
    t.match(found({ model: 'tts-1' }), [/voice\.model: no "model": a voice without a provider/]);
    t.match(found({ provider: 'openai', name: 'v', fallback: [{ provider: 'piper' }] }), [
      /fallback\[0\]\.model: a value/,
    ]);
    t.match(found({ provider: 'espeak', fallback: [{ provider: 'heart' }] }), [/voice\.fallback: no "fallback"/]);
    const plain = { provider: 'openai', name: 'v', apiKey: '${K}' };
    t.match(found({ ...plain, baseUrl: 'http://voices.example.com/v1' }), [/voice\.baseUrl: https or wss/]);
    t.same(found({ ...plain, baseUrl: 'http://192.168.1.7:8880/v1' }), []);
    t.same(found({ provider: 'openai', name: 'v', baseUrl: 'http://voices.example.com/v1' }), []);
    t.end();
  });

  t.test('shows no key and no password that stands in the file', (t) => {
    for (const setting of [
      { provider: 'openai', name: 'v', apiKey: 'sk-secret' },
      { provider: 'openai', name: 'v', baseUrl: 'https://me:sk-secret@host/v1' },
      { provider: 'openai', name: 'v', fallback: [{ provider: 'openai', name: 'w', apiKey: 'sk-secret' }] },
    ]) {
      const faults = faultsOf(setting);
      t.equal(faults.length, 1);
      t.notMatch(JSON.stringify(faults), 'sk-secret');
    }
    t.end();
  });

  t.test('refuses names that could leave their place in a request', (t) => {
    for (const name of ['a"b', 'a<b', 'a\nb'])
      t.equal(voice.safeParse({ provider: 'openai', name }).success, false, JSON.stringify(name));
    t.equal(voice.safeParse({ provider: 'openai', name: 'Chinese (Mandarin)_Warm Girl' }).success, true);
    t.end();
  });
});

t.test('language table', async (t) => {
  const { languages, scripts, aliases } = languageTable();

  t.test('holds at least 100 languages, each once, without regions among them', async (t) => {
    t.equal(new Set(languages.map(({ tag }) => tag.toLowerCase())).size, languages.length);
    t.ok(new Set(languages.map(({ tag }) => tag.split('-')[0])).size >= 100);
    t.same(
      languages.map(({ tag }) => tag),
      languages.map(({ tag }) => tag).sort(),
      'in order',
    );
    for (const { tag, script, voice, services, english } of languages) {
      t.equal(Intl.getCanonicalLocales(tag)[0], tag);
      t.ok(scripts[script], `${english}: script ${script}`);
      t.equal(voice === null, services !== undefined, `${english}: a voice, or a service that has one`);
    }
    for (const to of Object.values(aliases)) t.ok(findLanguage(to), to);
  });

  t.test('finds a language by region, script, older code and alias', async (t) => {
    const pairs = {
      'de-AT': 'de',
      zh_TW: 'zh-Hant',
      'zh-Hant-HK': 'zh-Hant',
      'zh-HK': 'yue',
      iw: 'he',
      'es-MX': 'es-419',
    };
    for (const [asked, tag] of Object.entries(pairs)) t.equal(findLanguage(asked)?.tag, tag, asked);
    t.equal(findLanguage('tlh'), undefined);
  });

  t.test('writes each greeting in the letters and the direction of its language', async (t) => {
    const han = /^\p{Script=Han}|^[\p{Script=Hiragana}\p{Script=Katakana}ー]/u;
    for (const row of languages) {
      const letters = [...row.greeting].filter((char) => /\p{L}/u.test(char));
      const own = letters.filter((char) =>
        /^(Han[st]|Jpan)$/.test(row.script)
          ? han.test(char)
          : row.script === 'Kore'
            ? /\p{Script=Hangul}/u.test(char)
            : new RegExp(`\\p{sc=${row.script}}|\\p{scx=${row.script}}|[ʻ’]`, 'u').test(char),
      );
      t.equal(own.length, letters.length, `${row.tag}: ${row.greeting}`);
      t.equal(
        isRightToLeft(row.greeting),
        scriptOf(row).direction === 'rtl',
        `${row.tag} is ${scriptOf(row).direction}`,
      );
    }
  });

  /** The model of a line's sense has not learnt these languages, and takes their greeting for an offence. */
  const MISJUDGED: readonly string[] = ['haw', 'mi'];

  /** Languages in the letters of another one that the judge knows better. */
  const SHARED_LETTERS = ['haw', 'mi', 'uk', 'fa', 'sr', 'ro', 'mr', 'nb'];

  t.test('has greetings that the judge lets through, and labels that say AI', async (t) => {
    const judge = new TextJudge({});
    const entry = new Listings([]).of(undefined, '');
    for (const { tag, label } of languages) t.ok(saysAi(label, tag), `${tag}: ${label}`);
    // Each language compiles rules of its own.
    for (const { tag, greeting } of languages.filter(
      ({ tag: one }, i) => i % 5 === 0 || SHARED_LETTERS.includes(one),
    )) {
      const { hits } = judge.judge(greeting, { surface: 'speech', language: tag, entry });
      t.same(
        hits.map(({ kind }) => kind),
        MISJUDGED.includes(tag) ? ['sense'] : [],
        `${tag}: ${greeting}`,
      );
    }
  });

  t.test('formats prices, pieces and units by Intl, and never by the locale of the machine', async (t) => {
    const machine = Intl.NumberFormat().resolvedOptions().locale;
    for (const { tag, currency } of languages) {
      const locale = localeOf(tag);
      t.equal(Intl.NumberFormat.supportedLocalesOf(locale).length, 1, `${tag}: ${locale}`);
      t.ok(locale !== 'en' || tag === 'en' || machine !== 'en', `${tag} borrows no English numbers`);
      for (const text of [
        formatPrice(1234.5, currency, tag),
        formatPieces(1234, tag),
        formatUnit(2.5, 'kilogram', tag),
      ])
        t.match(text, /\p{Nd}/u, `${tag}: ${text}`);
    }
    t.equal(formatPieces(1200, 'de'), '1.200 Stück');
    t.equal(formatPieces(1200, 'zh-TW'), '1,200件');
    t.equal(formatPieces(3, 'sw'), 'vipande 3');
    t.equal(formatPrice(12.5, 'EUR', 'an'), formatPrice(12.5, 'EUR', 'es'), 'Aragonese borrows from Spanish');
    t.equal(localeOf('not a tag'), 'en');
  });
});
