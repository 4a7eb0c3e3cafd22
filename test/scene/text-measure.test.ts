import t from 'tap';
import { loadSharp } from '../../src/scene/sharp.js';
import { TextMeasure } from '../../src/scene/text/text-layout.js';

const measure = new TextMeasure(loadSharp);
const face = { families: 'Noto Sans SC', sizePx: 32, bold: false };

t.test('gives invisible text no size', async (t) => {
  for (const text of ['', '  ', '\u200b', '\u2800', '\u200d\u2060', '\u3164', '\ufe0f'])
    t.strictSame(await measure.ink(text, face), { width: 0, height: 0 }, JSON.stringify(text));
});

t.test('measures letters beside invisible characters unchanged', async (t) => {
  const plain = await measure.ink('WhatsApp', face);
  t.ok(plain.width > 100 && plain.height > 20);
  t.strictSame(await measure.ink('\u2060WhatsApp\u200b', face), plain);
});

t.test('reports a fault of the library', async (t) => {
  const broken = new TextMeasure(() => Promise.reject(new Error('no library')));
  await t.rejects(broken.ink('a', face), { message: 'no library' });
});
