import t from 'tap';
import { givenNames } from '../../../../src/viewers/replies/reply-judge.js';
import { maskedNames } from '../../../../src/viewers/replies/names/masked-name.js';
import { isNumberWord } from '../../../../src/moderation/index.js';
import { deskOf } from '../desk-of.js';

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
  for (const word of ['One', 'Sei', 'Otto', 'Tre', 'Dos', 'Bir', 'Satu', 'Dua', 'Hai', 'Yksi', 'Zwei', 'San', 'Wanli'])
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
