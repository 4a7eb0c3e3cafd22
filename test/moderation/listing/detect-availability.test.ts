import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { productOf } from '../../kit/product-of.js';

const judge = new TextJudge({ model: null });
const lamp = productOf({ id: 'lamp', title: 'Desk lamp with dimmer', facts: ['Aluminium arm', 'Six colours'] });
const soldLamp = { ...lamp, stock: 'sold-out' as const };
const cup = productOf({ id: 'cup', title: 'Porcelain cup', price: { amount: 2, currency: 'USD', unit: '' } });

const hits = (text: string, language: string, entry = [soldLamp]) =>
  judge.judge(text, { surface: 'speech', language, entry }).hits.filter(({ kind }) => kind === 'sold-out');

/** Claims that it can be had, and lines that must stay, by pack language. */
const LINES: readonly (readonly [language: string, claim: string, fine: string])[] = [
  ['en', 'It is still available, so order it now.', 'It will be available again soon.'],
  ['en', 'Yes, we have it in stock.', 'It is no longer in stock.'],
  ['de', 'Die Lampe ist noch lieferbar.', 'Die Lampe ist leider nicht auf Lager.'],
  ['es', 'La lámpara todavía está disponible.', 'La lámpara tiene un brazo de aluminio.'],
  ['fr', 'La lampe est encore disponible.', 'Nous n’en avons plus en stock.'],
  ['it', 'La lampada è ancora disponibile.', 'La lampada non è in magazzino.'],
  ['pt', 'A lâmpada ainda está disponível.', 'Não temos em estoque.'],
  ['nl', 'De lamp is nog leverbaar.', 'De lamp is niet op voorraad.'],
  ['pl', 'Lampa jest nadal dostępna.', 'Lampy nie ma, ma aluminiowe ramię.'],
  ['ru', 'Лампа есть в наличии.', 'Лампы нет в наличии.'],
  ['tr', 'Lamba stokta.', 'Lambanın kolu alüminyum.'],
  ['id', 'Lampu ini masih tersedia.', 'Lampu ini belum ready stock.'],
  ['vi', 'Đèn vẫn còn hàng.', 'Đèn có tay bằng nhôm.'],
  ['zh', '这款台灯现货充足。', '这款台灯没有现货了。'],
  ['ja', 'このランプはまだ購入できます。', 'このランプはアルミ製です。'],
  ['ko', '이 램프는 재고가 아직 있어요.', '이 램프는 알루미늄입니다.'],
  ['th', 'โคมไฟนี้พร้อมส่ง', 'โคมไฟนี้หมดแล้ว'],
  ['ar', 'المصباح لا يزال متوفرا.', 'المصباح من الألومنيوم.'],
  ['hi', 'यह लैंप स्टॉक में है।', 'यह लैंप स्टॉक में नहीं है।'],
];

t.test('a sold-out product may not be called available, in any pack language', (t) => {
  for (const [language, claim, fine] of LINES) {
    t.match(hits(claim, language), [{ rule: '5.1' }], `${language}: ${claim}`);
    t.same(hits(fine, language), [], `${language}: ${fine}`);
    t.same(hits(claim, language, [lamp as typeof soldLamp]), [], `${language}: on sale`);
  }
  t.end();
});

t.test('variants are no claim, and another product may be available', (t) => {
  t.same(hits('The lamp is available in six colours.', 'en'), []);
  t.same(hits('The porcelain cup is still available.', 'en', [soldLamp, cup as typeof soldLamp]), []);
  t.match(hits('The desk lamp is still available.', 'en', [soldLamp, cup as typeof soldLamp]), [{ rule: '5.1' }]);
  t.end();
});
