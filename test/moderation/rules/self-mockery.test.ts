import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const insults = (text: string, language: string): number =>
  judge.judge(text, { surface: 'speech', language }).hits.filter((h) => h.rule === '5.2').length;

t.test('an insult to the speaker alone is not a hit', async (t) => {
  for (const [language, line] of [
    ['en', 'The moron in this story is me, I put the handle on backwards'],
    ['en', 'I was such an idiot, I packed the lid twice'],
    ['zh', '我这个笨蛋把把手装反了'],
    ['es', 'El tonto de la historia soy yo, puse el asa al revés'],
    ['fr', 'L’imbécile, c’est moi, j’ai monté l’anse à l’envers'],
    ['de', 'Der Trottel bin ich, ich hab den Griff verkehrt herum montiert'],
    ['ru', 'Дурак тут я, ручку прикрутил наоборот'],
    ['pt', 'O idiota aqui sou eu, colei a alça ao contrário'],
    ['it', 'Sono proprio un idiota, ho montato il manico al contrario'],
    ['nl', 'Ik ben echt een idioot, het handvat zit achterstevoren'],
    ['ar', 'الغبي هنا أنا، ركبت المقبض بالعكس'],
  ] as const)
    t.equal(insults(line, language), 0, line);
});

t.test('an insult to anybody else remains one, whoever says "I" beside it', async (t) => {
  for (const [language, line] of [
    ['en', 'I am not talking to you, you moron'],
    ['en', 'You are a moron and so is your friend'],
    ['zh', '我跟你这个笨蛋没什么好说的'],
    ['es', 'Yo no vendo a gente como tú, eres un imbécil'],
    ['de', 'Ich rede nicht mit dir, du Trottel'],
    ['ru', 'Я с тобой не разговариваю, дурак'],
    ['it', 'Io non parlo con te, sei un idiota'],
    ['ar', 'أنا لا أبيع لك، أنت غبي'],
  ] as const)
    t.ok(insults(line, language) > 0, line);
});
