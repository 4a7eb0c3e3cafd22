import t from 'tap';
import { withLargeLines } from '../../../src/compliance/ocr/text-networks.js';
import type { TextLine } from '../../../src/compliance/ocr/ocr-messages.js';

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
