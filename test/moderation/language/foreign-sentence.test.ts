import t from 'tap';
import {
  isForeignSentence,
  detectWrongLanguage,
  guessLatin,
  readLanguages,
} from '../../../src/moderation/language/detect-language.js';

const isWrong = (text: string, room: string): boolean => {
  const { counts, guess } = readLanguages(text, room);
  return detectWrongLanguage(text, room, counts, guess).length > 0;
};

t.test('two plain words with letters of another language make a short line foreign', async (t) => {
  for (const [room, text] of [
    ['en', 'Kapak başta biraz sert'],
    ['es', 'Rączka jest klejona i mocna'],
    ['de', 'Giặt ở bốn mươi độ'],
    ['id', 'Sapı yapıştırma değil'],
    ['zh', 'Tayfun yüzünden gemi geç kalktı'],
  ] as const)
    t.ok(isWrong(text, room), `${room}: ${text}`);
});

t.test('a short line is foreign when its letter runs fit another language far better', async (t) => {
  t.ok(isWrong('Kantong luarnya muat besar', 'es'));
  t.ok(isWrong('Gestern gingen zweihundert Bestellungen raus', 'en'));
  t.ok(isWrong('Ieri sono partiti duecento ordini', 'pl'));
});

t.test('names, loan words and measures belong to every language', async (t) => {
  for (const [room, text] of [
    ['en', 'Işıl and Çağla from Kadıköy'],
    ['en', 'crème brûlée torch'],
    ['id', 'Power bank 20000 mAh, fast charging'],
    ['zh', 'Bluetooth 5.3 USB Type-C fast charging'],
    ['pl', 'Power bank fast charging'],
    ['vi', 'Máy quét mã vạch và mã QR'],
    ['de', 'Der Döner-Grill aus Köln'],
  ] as const)
    t.notOk(isWrong(text, room), `${room}: ${text}`);
});

t.test('one small word of the room is enough for doubt', async (t) => {
  const text = 'the kapak başta sert';
  t.notOk(isForeignSentence(text, 'en', true, guessLatin(text)));
});

t.test('a line of fewer than three words is undecided', async (t) => {
  t.notOk(isForeignSentence('teşekkürler arkadaşlar', 'en', true, guessLatin('teşekkürler arkadaşlar')));
});
