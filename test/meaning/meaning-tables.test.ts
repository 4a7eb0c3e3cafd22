import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import {
  AttributeNames,
  foldName,
  loadMeaningTables,
  SpokenAttributes,
  spokenMeasure,
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
    t.equal(names.of(name), id, name);
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
