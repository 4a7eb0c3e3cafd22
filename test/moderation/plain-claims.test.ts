import t from 'tap';
import { normalise } from '../../src/moderation/normalise/normalise.js';
import { TextJudge } from '../../src/moderation/text-judge.js';

const judge = new TextJudge();
const rules = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

t.test('reads a sharp before a lone one as number one', async (t) => {
  t.equal(normalise('it is #1').words.text.trim(), 'it is no 1');
  t.equal(normalise('lot #12, bolt #1b').words.text, 'lot 12 bolt 1b');
  t.ok(rules('This cream is #1.', 'en').includes('2.1'));
  t.strictSame(rules('#1 on the list is the blue cup.', 'en'), []);
});

t.test('finds the claims of every list of forbidden words in each language', async (t) => {
  const claims: [string, string[]][] = [
    ['en', ['This bottle is number one.', 'Our cream is world-class, have a look.', 'It is doctor recommended.']],
    ['zh', ['这款面霜是终极的。', '姐妹们，我们家的茶是央视推荐的。', '这款茶质量免检。']],
    ['es', ['Esta crema refuerza tu sistema inmunológico.', 'Somos líderes del mercado.']],
    ['de', ['Diese Creme wirkt sofort.', 'Wir sind Marktführer.']],
    ['fr', ['Cette crème est recommandée par les médecins.', 'Cette crème agit instantanément.']],
    ['ru', ['Этот крем укрепляет иммунитет.', 'Мы лидеры рынка.']],
    ['ar', ['هذا الكريم يقوي جهاز المناعة.']],
    ['ja', ['このクリームは医師推奨です。']],
    ['hi', ['यह चाय इम्युनिटी बढ़ाती है।', 'Hamari cream market leader hai.']],
  ];
  for (const [language, texts] of claims) for (const text of texts) t.ok(rules(text, language).includes('2.1'), text);
});

t.test('passes the same words where nothing is claimed', async (t) => {
  const harmless: [string, string[]][] = [
    ['en', ['My dentist recommended a soft brush.', 'It does not boost the immune system.', 'Perfect for picnics.']],
    ['zh', ['我儿子拿了学校跑步冠军。', '首选语言可以在设置里改。', '没有专家推荐，就是普通护手霜。']],
    ['es', ['¿Cuál es la más popular entre los niños?', 'No somos líderes del mercado.']],
    ['de', ['Die Lampe geht sofort an, wenn man den Knopf drückt.', 'Dieser Tee entgiftet die Leber nicht.']],
    ['fr', ['Mon dentiste m’a recommandé une brosse souple.']],
    ['ru', ['Этот чай не выводит токсины, это просто чай.']],
  ];
  for (const [language, texts] of harmless) for (const text of texts) t.strictSame(rules(text, language), [], text);
});
