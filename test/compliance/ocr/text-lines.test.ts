import t from 'tap';
import type { TextLine } from '../../../src/compliance/ocr/ocr-messages.js';
import { decodeCtc, findTextRects, withLargeLines } from '../../../src/compliance/ocr/text-networks.js';
import { joinLines, judgeLines } from '../../../src/compliance/ocr/text-reader.js';
import { boxAround, convexHull, leastRect } from '../../../src/compliance/ocr/turned-rect.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

t.test('find text rects', async (t) => {
  const map = (width: number, height: number, at: (x: number, y: number) => number): Float32Array =>
    Float32Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)));

  t.test('grows a marked core on every side to its line', async (t) => {
    const found = findTextRects(
      map(100, 60, (x, y) => (x >= 20 && x < 80 && y >= 25 && y < 35 ? 0.9 : 0)),
      100,
      60,
    );
    t.equal(found.length, 1);
    const [r] = found;
    t.same([r!.cx, r!.cy], [50, 30]);
    const by = (60 * 10 * 1.6) / (2 * 70);
    t.ok(Math.abs(r!.length - 60 - 2 * by) < 1e-6 && Math.abs(r!.height - 10 - 2 * by) < 1e-6, JSON.stringify(r));
  });

  t.test('ignores specks and faint marks, and keeps two marks apart', async (t) => {
    t.equal(
      findTextRects(
        map(40, 40, (x, y) => (x === 9 && y === 9 ? 1 : 0)),
        40,
        40,
      ).length,
      0,
    );
    t.equal(
      findTextRects(
        map(40, 40, (x, y) => (x > 5 && x < 30 && y > 5 && y < 20 ? 0.35 : 0)),
        40,
        40,
      ).length,
      0,
    );
    const two = map(60, 60, (x, y) => (x > 5 && x < 50 && ((y > 5 && y < 15) || (y > 30 && y < 40)) ? 0.8 : 0));
    t.strictSame(
      findTextRects(two, 60, 60).map((r) => r.cy),
      [10.5, 35.5],
    );
  });

  t.test('a tilted line keeps its direction', async (t) => {
    const angle = Math.PI / 6;
    const points: number[] = [];
    for (let y = 0; y < 200; y += 1) {
      for (let x = 0; x < 200; x += 1) {
        const u = (x - 100) * Math.cos(angle) + (y - 100) * Math.sin(angle);
        const v = (y - 100) * Math.cos(angle) - (x - 100) * Math.sin(angle);
        if (Math.abs(u) < 80 && Math.abs(v) < 10) points.push(x, y);
      }
    }
    const r = leastRect(points);
    t.ok(Math.abs(Math.atan2(r.uy, r.ux) - angle) < 0.03, `angle ${Math.atan2(r.uy, r.ux)}`);
    t.ok(Math.abs(r.length - 160) < 4 && Math.abs(r.height - 20) < 4, `${r.length} × ${r.height}`);
    const box = boxAround(r, 1, 200, 200);
    t.ok(box.x < 30 && box.x + box.width > 165, JSON.stringify(box));
  });

  t.test('hulls of a point, a row and a square', async (t) => {
    t.equal(leastRect([7, 7]).length, 1);
    const row = leastRect([3, 5, 9, 5]);
    t.same([row.length, row.height], [7, 1]);
    t.equal(convexHull([0, 0, 4, 0, 2, 2, 0, 4, 4, 4]).length, 8);
  });

  t.test('merges repeats, divides at blanks, and averages the confidence of the characters', async (t) => {
    const step = (k: number, p: number): number[] => Array.from({ length: 4 }, (_, i) => (i === k ? p : (1 - p) / 3));
    const steps = [step(1, 0.9), step(1, 0.8), step(0, 0.9), step(1, 0.7), step(3, 0.8)].flat();
    const { text, confidence } = decodeCtc(Float32Array.from(steps), 4, ['a', 'b', ' ']);
    t.equal(text, 'aa ');
    t.ok(Math.abs(confidence - 0.8) < 1e-6);
    t.strictSame(decodeCtc(Float32Array.from(step(0, 0.9)), 4, ['a', 'b', ' ']), { text: '', confidence: 0 });
  });
});

t.test('judge lines', async (t) => {
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
});

t.test('large lines', async (t) => {
  const line = (text: string, x: number, y: number, width: number, height: number, confidence = 0.95): TextLine => ({
    text,
    confidence,
    box: { x, y, width, height },
  });

  t.test('replaces fragments of a word by the whole word read from further away', async (t) => {
    const close = [line('Pa', 10, 100, 250, 300), line('PayF', 0, 90, 600, 320, 0.78), line('750 ml', 10, 500, 80, 24)];
    const large = [line('PayPal', 0, 90, 710, 330)];
    t.strictSame(
      withLargeLines(close, large).map((l) => l.text),
      ['PayPal', '750 ml'],
    );
  });

  t.test('keeps small print on a large letter, and equal readings', async (t) => {
    const close = [line('made of steel', 100, 150, 200, 30), line('BIG', 0, 100, 600, 300)];
    t.strictSame(withLargeLines(close, [line('BIG', 0, 95, 610, 310)]), close);
  });

  t.test('an unsure reading removes nothing', async (t) => {
    const close = [line('WhatsApp', 0, 100, 600, 200)];
    const unsure = line('VVhotsflpp|', 0, 110, 620, 220, 0.4);
    t.strictSame(withLargeLines(close, [unsure]), [...close, unsure]);
  });
});
