import t from 'tap';
import { TextJudge } from '../../../src/moderation/index.js';

const judge = new TextJudge();
const rules = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'caption', language }).hits.map(({ rule }) => rule);

t.test('reads a word of Latin and Cyrillic letters both ways', async (t) => {
  for (const word of ['сyка', 'хyй', 'пи3дец', 'mудак', 'гoвнo', 'бляTь', '6лять', 'пи3да', 'пuдор'])
    t.match(rules(word, 'ru'), ['5.2'], word);
  t.match(rules('fцck', 'en'), ['5.2']);
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
