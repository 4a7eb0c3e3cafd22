import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import {
  AttributeNames,
  foldName,
  loadMeaningTables,
  SpokenAttributes,
  spokenMeasure,
  takeApart,
  withoutAnswer,
} from '../../src/meaning/index.js';
import { TextJudge } from '../../src/moderation/index.js';

const tables = loadMeaningTables();
const names = new AttributeNames(tables);
const spoken = new SpokenAttributes(tables);
const said = (name: string, value: string, language: string, isOwn = false): string | undefined =>
  spoken.sentence(names.of(name)!, { name, value }, language, { isOwn });

t.test('each attribute has questions and sentences in the languages of the replies', async (t) => {
  const languages = [
    'ar',
    'de',
    'en',
    'es',
    'fr',
    'hi',
    'id',
    'it',
    'ja',
    'ko',
    'nl',
    'pl',
    'pt',
    'ru',
    'th',
    'tr',
    'vi',
    'zh',
  ];
  t.same([...tables.languages.keys()], languages);
  for (const { language, attributes, words } of tables.languages.values()) {
    t.same(Object.keys(attributes), [...tables.attributes.keys()], language);
    t.same(Object.keys(words), Object.keys(tables.languages.get('en')!.words), language);
    for (const [id, { yes, no, ask }] of Object.entries(attributes)) {
      t.equal(yes === undefined, no === undefined, `${language} ${id}`);
      t.ok(ask.length >= 1, `${language} ${id}`);
    }
  }
});

t.test('no question stands for two attributes', async (t) => {
  for (const { language, attributes, intents } of tables.languages.values()) {
    const seen = new Map<string, string>();
    const all = [...Object.entries(attributes).map(([id, { ask }]) => [id, ask] as const), ...Object.entries(intents)];
    for (const [id, ask] of all) {
      for (const one of ask) {
        const before = seen.get(foldName(one));
        t.ok(before === undefined || before === id, `${language}: "${one}" asks for ${before} and ${id}`);
        seen.set(foldName(one), id);
      }
    }
  }
});

/** Values that a listing may have, where a word of colour is none. */
const ORDINARY: Readonly<Record<string, string>> = {
  connection: 'Bluetooth',
  'operating-system': 'Android 14',
  certificate: 'CE',
  plug: 'EU',
  'noise-cancelling': 'ANC',
};

t.test('the rules of words let every kind of answer pass', async (t) => {
  const judge = new TextJudge({});
  // Every answer takes as long as the rest of these tests; a fifth of them, another one in each language, is a second.
  let at = 0;
  for (const table of tables.languages.values()) {
    at += 1;
    for (const [id, { name, sentence, yes, no }] of Object.entries(table.attributes)) {
      const value =
        tables.attributes.get(id)!.value === 'measure'
          ? spokenMeasure('12 cm', table)!
          : (ORDINARY[id] ?? table.words['transparent']!);
      for (const text of [sentence.replace('{value}', value), yes, no, name]) {
        at += 1;
        if (text === undefined || at % 5 > 0) continue;
        const { hits } = judge.judge(text, { surface: 'speech', language: table.language });
        const stopped = hits.filter(({ action }) => action !== 'warn' && action !== 'review');
        t.same(stopped, [], `${table.language} ${id}: ${text}`);
      }
    }
  }
});

t.test('finds an attribute by the names that sellers write', async (t) => {
  for (const [name, id] of [
    ['Power (W)', 'power'],
    ['Single gross weight (kg)', 'weight'],
    ['Rated Voltage(V)', 'voltage'],
    ['Product Size', 'size'],
    ['材质', 'material'],
    ['起订量', 'minimum-order'],
    ['Place of Origin', 'origin'],
    ['Suitable Skin Type', 'skin-type'],
  ])
    t.equal(names.of(name!), id, name!);
  t.equal(names.of('Private Mold'), undefined);
});

t.test('says a figure with the unit that stands in the attribute name', async (t) => {
  t.equal(said('Power (W)', '600', 'en'), 'The power is 600 watts.');
  t.equal(said('Voltage (V)', '110-240', 'de'), 'Es läuft mit 110 bis 240 Volt.');
  t.equal(said('Single gross weight (kg)', '0.780', 'en'), 'It weighs 0.78 kilograms.');
  t.equal(said('Size', '15X15X12 cm', 'es'), 'Mide 15 × 15 × 12 centímetros.');
  t.equal(said('Working Temperature', '-10~40°C', 'en'), 'The temperature: -10 to 40 degrees Celsius.');
  t.equal(said('Warranty', '1 Year', 'ru'), 'Гарантия: 1 год.');
});

t.test('translates words it is sure of, and none else', async (t) => {
  t.equal(said('Material', 'food grade silicone', 'zh'), '材质是食品级硅胶。');
  t.equal(said('Plug Type', 'EU/US plug', 'fr'), 'La prise est EU et US.');
  t.equal(said('Charging Port', 'USB-C', 'ja'), '充電はUSB-Cです。');
  t.equal(said('Material', 'recycled ocean netting', 'zh'), undefined);
  t.equal(said('Material', 'recycled ocean netting', 'en', true), 'The material is recycled ocean netting.');
  t.equal(said('Noise Level', '≤ 40 dB', 'de'), undefined, 'a bound is not a figure');
});

t.test('answers yes and no in words', async (t) => {
  t.equal(said('Hooded', 'Yes', 'en'), 'Yes, it has a hood.');
  t.equal(said('连帽', '否', 'pl'), 'Nie, nie ma kaptura.');
  t.equal(said('Warranty', 'Yes', 'en'), undefined, 'yes is no length of time');
});

t.test('refuses a table with a missing attribute or a sentence without its value', async (t) => {
  const folder = t.testdir();
  cpSync(templatePath('meaning'), folder, { recursive: true });
  const en = JSON.parse(readFileSync(`${folder}/en.json`, 'utf8'));
  const { weight } = en.attributes;
  en.attributes.weight = { ...weight, sentence: 'It is light.' };
  writeFileSync(`${folder}/en.json`, JSON.stringify(en));
  t.throws(() => loadMeaningTables(folder), { code: 'E_ASSET_INVALID' });
  delete en.attributes.weight;
  writeFileSync(`${folder}/en.json`, JSON.stringify(en));
  t.throws(() => loadMeaningTables(folder), { code: 'E_ASSET_INVALID' });
});

t.test('fits the sentence to a count, a list of sizes, an age and a denied scent', async (t) => {
  t.equal(said('Pockets', '4', 'en'), 'It has 4 pockets.');
  t.equal(said('Pockets', '1', 'en'), 'Pockets: 1.');
  t.equal(said('Casters', '5', 'zh'), '有5个轮子。');
  t.equal(said('Size', 'S, M, L', 'es'), 'Viene en las tallas S, M y L.');
  t.equal(said('Size', '36-45', 'en'), 'It comes in sizes 36 to 45.');
  t.equal(said('Age Range', '3-6 years', 'zh'), '适合年龄：3到6岁。');
  t.equal(said('Age Range', '3-6 years', 'ja'), '対象年齢は3から6歳です。');
  t.equal(said('Scent', 'Unscented', 'en'), 'It has no scent.');
  t.equal(said('Plug Type', 'EU plug, US plug', 'zh'), '插头是欧规和美规。');
  t.equal(said('Battery', '400 mAh', 'zh'), '电池是400毫安时。');
});

t.test('a host who was asked nothing says the fact without yes or no', async (t) => {
  t.equal(withoutAnswer('Yes, it folds.', 'en'), 'It folds.');
  t.equal(withoutAnswer('No, nothing has to be assembled.', 'en'), 'Nothing has to be assembled.');
  t.equal(withoutAnswer('Sí, tiene capucha.', 'es'), 'Tiene capucha.');
  t.equal(withoutAnswer('はい、防水です。', 'ja'), '防水です。');
  t.equal(withoutAnswer('Care: machine wash, cold.', 'en'), 'Care: machine wash, cold.');
});

t.test('takes a comment apart at the words that join questions in its language', async (t) => {
  const parts = (text: string, language: string): readonly string[] =>
    takeApart(text, language).parts.map((one) => one.text);
  t.same(parts('how heavy is it and what colours', 'en'), ['how heavy is it', 'what colours']);
  t.same(parts('ile waży i jakie kolory', 'pl'), ['ile waży', 'jakie kolory']);
  t.same(parts('the baby spilled milk lol can i wash it', 'en'), []);
  t.same(parts('se puede meter en la lavadora', 'es'), []);
  t.same(takeApart('i need 500, how much', 'en').parts, [
    { text: 'i need', hadFigure: true },
    { text: 'how much', hadFigure: false },
  ]);
  t.equal(takeApart('price for 250 please', 'en').whole, 'price for please');
  t.equal(takeApart('does it run on 220', 'en').whole, 'does it run on 220');
});
