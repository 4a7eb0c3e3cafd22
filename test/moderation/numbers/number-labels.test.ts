import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const rules = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'reply', language }).hits.map((h) => h.rule);

t.test('passes a parcel or article number in every language, with its carrier and location', async (t) => {
  for (const [language, text] of [
    ['es', 'su guía es MX 4470 1982 3305, salió el martes de Manzanillo'],
    ['fr', 'numéro de suivi : 6A 1234 0057 882, il est à Roissy'],
    ['de', 'Art.-Nr. 0176-44-902 · VE 24 Stück'],
    ['de', 'Sendungsnummer 00340434 1234 9981, liegt in Hamburg beim Zoll'],
    ['vi', 'mã vận đơn VN 4471 9023 81, hàng đang ở Hải Phòng'],
    ['nl', 'trackingcode 3S 6605 1187 20, ligt in Rotterdam'],
    ['pl', 'numer przesyłki 6200 1234 5678 90, jest w Łodzi'],
    ['ru', 'трек-номер RA 4410 2233 9 CN, он в Казани'],
    ['ar', 'رقم التتبع 4410 2233 9001 وصل الى جدة'],
    ['tr', "kargo takip no 4410 2233 9001, İzmir'de"],
    ['id', 'nomor resi JP 4410 2233 9001, sudah di Bandung'],
    ['th', 'เลขพัสดุ TH 4410 2233 9001 อยู่ที่ระยอง'],
    ['ja', '追跡番号は 4410 2233 9001 です、羽田にあります'],
    ['ko', '운송장 번호 6012 3344 5566 대전에 있어요'],
    ['zh', '快递单号 138 1234 5678 已发出'],
  ] as const)
    t.strictSame(rules(text, language), [], text);
});

t.test('detects a telephone number called a parcel number where it is to be dialled', async (t) => {
  for (const [language, text] of [
    ['en', 'call my tracking number 13812345678'],
    ['es', 'llámame al número de guía 612 334 455'],
    ['de', 'ruf meine Sendungsnummer 0151 33718402'],
    ['ko', '전화 운송장 번호 010 4411 8051'],
    ['zh', '打我的快递单号13844118051'],
  ] as const)
    t.ok(rules(text, language).includes('3.2'), text);
});

t.test('with a name it is personal data', async (t) => {
  t.ok(rules('Die Sendungsnummer 00340434 1234 9981 von Peter ist in Hamburg', 'de').includes('5.3'));
  t.ok(rules('김민수님 운송장 번호 6012 3344 5566 대전에 있어요', 'ko').includes('5.3'));
  t.ok(rules('numéro de suivi de Claire 6612 3400 5788, à Roissy', 'fr').includes('5.3'));
});

t.test('a label within the word for a telephone does not count: the whole number is the hit', async (t) => {
  for (const line of [
    '我的手机号是一三八零零一三八零零零',
    '手机号一三九一二三四五六七八',
    '我的手机号是 139 1234 5678',
  ]) {
    const [hit] = judge.judge(line, { surface: 'speech', language: 'zh' }).hits;
    t.match(hit, { rule: '3.2', end: line.length }, line);
  }
  t.strictSame(judge.judge('整机号是 13912345678', { surface: 'speech', language: 'zh' }).hits, []);
});

t.test('"part" counts only right before its number', async (t) => {
  const phones = (line: string, language: string): number =>
    judge.judge(line, { surface: 'speech', language }).hits.filter((h) => h.rule === '3.2').length;
  t.equal(phones('La pieza 800-555-0142 es la junta', 'es'), 0);
  t.equal(phones('Teil 800-555-0142 ist die Dichtung', 'de'), 0);
  t.equal(phones('单号 YT7823610092341 的包裹今天到了深圳中转', 'zh'), 0, 'the sign of a parcel number is no account');
  t.ok(phones('call me about the part, 800-555-0142', 'en') > 0);
});
