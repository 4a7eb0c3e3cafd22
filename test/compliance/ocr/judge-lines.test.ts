import t from 'tap';
import { judgeLines, joinLines } from '../../../src/compliance/ocr/text-reader.js';
import type { TextLine } from '../../../src/compliance/ocr/ocr-messages.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const line = (text: string, x: number, y: number, width: number, height = 30, confidence = 0.98): TextLine => ({
  text,
  confidence,
  box: { x, y, width, height },
});
const judge = new TextJudge();
const frame = { surface: 'frame', language: 'zh' } as const;

t.test('joins pieces of a row and rows of a block in reading order', async (t) => {
  const joined = joinLines([
    line('5678', 200, 51, 60),
    line('price', 500, 50, 80),
    line('138 1234', 60, 50, 130),
    line('call', 60, 90, 60),
  ]);
  t.strictSame(
    joined.map((j) => j.text),
    ['138 1234 5678 call', 'price'],
  );
  const part = joined[0]!.parts[1]!;
  t.equal(joined[0]!.text.slice(part.start, part.end), '5678');
});

t.test('does not join a heading or distant lines', async (t) => {
  const joined = joinLines([
    line('BIG', 60, 20, 200, 90),
    line('small', 60, 115, 100, 20),
    line('far', 60, 300, 100, 20),
  ]);
  t.equal(joined.length, 3);
});

t.test('finds a number cut in two by the detector, with a box around both pieces', async (t) => {
  const { verdict, hits } = judgeLines(judge, [line('电话 1381234', 60, 50, 200), line('5678', 270, 52, 60)], frame);
  t.equal(verdict, 'violation');
  t.strictSame(hits.find((h) => h.rule === '3.2' && h.box!.width === 270)?.box, {
    x: 60,
    y: 50,
    width: 270,
    height: 32,
  });
});

t.test('sends readings with little confidence to review', async (t) => {
  const sure = judgeLines(judge, [line('加微信 abc88888', 60, 50, 200)], frame);
  const unsure = judgeLines(judge, [line('加微信 abc88888', 60, 50, 200, 30, 0.45)], frame);
  t.equal(sure.verdict, 'violation');
  t.equal(unsure.verdict, 'review');
  t.strictSame(unsure.hits, sure.hits);
});

t.test('reports one position once', async (t) => {
  const { hits } = judgeLines(judge, [line('加微信 abc88888', 60, 50, 200), line('新品上市', 60, 90, 120)], frame);
  t.equal(hits.filter((h) => h.kind === hits[0]!.kind).length, 1);
});

t.test('no text is clean', async (t) => {
  t.strictSame(judgeLines(judge, [], frame), { verdict: 'clean', hits: [] });
});

t.test('finds an address with a misread or missing ending, but not the platform itself', async (t) => {
  for (const text of ['www.cosy-shop.cor', 'WWW, cosy-sho', 'https:/cosy-shop']) {
    t.match(
      judgeLines(judge, [line(text, 60, 50, 200)], frame),
      { verdict: 'violation', hits: [{ rule: '3.2' }] },
      text,
    );
  }
  for (const text of ['www.alibaba.com', 'wow. new colours', 'http status']) {
    t.equal(judgeLines(judge, [line(text, 60, 50, 200)], frame).verdict, 'clean', text);
  }
});
