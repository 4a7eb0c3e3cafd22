import t from 'tap';
import { cmapRanges, GlyphSet, readGlyphs } from '../../../src/scene/fonts/glyph-set.js';

/** A cmap table with one subtable. */
function cmap(form: readonly number[], platform = 3, encoding = 1): DataView {
  const head = [0, 1, platform, encoding, 0, 12];
  const bytes = new DataView(new ArrayBuffer(2 * (head.length + form.length)));
  for (const [i, word] of [...head, ...form].entries()) bytes.setUint16(2 * i, word);
  return bytes;
}

t.test('reads segments with a delta and with a glyph array, without characters of glyph 0', async (t) => {
  // Segments: U+0041–0043 by delta; U+0061–0063 by array, of which 0062 is missing; the end mark.
  const ends = [0x43, 0x63, 0xffff];
  const starts = [0x41, 0x61, 0xffff];
  const form = [4, 46, 0, 6, 4, 1, 2, ...ends, 0, ...starts, 0xffc0, 0, 1, 0, 4, 0, 7, 0, 9];
  t.same(cmapRanges(cmap(form)), [
    [0x41, 0x43],
    [0x61, 0x61],
    [0x63, 0x63],
  ]);
});

t.test('reads groups beyond the basic plane, and ignores tables of other platforms', async (t) => {
  const groups = [12, 0, 0, 28, 0, 0, 0, 1, 1, 0xf600, 1, 0xf610, 0, 5];
  t.same(cmapRanges(cmap(groups, 3, 10)), [[0x1f600, 0x1f610]]);
  t.same(cmapRanges(cmap(groups, 1, 0)), []);
  t.throws(() => cmapRanges(cmap(groups.slice(0, 10), 3, 10)), RangeError);
});

t.test('names letters without a glyph once, and draws accents from their parts', async (t) => {
  const glyphs = new GlyphSet([
    [0x61, 0x7a],
    [0x41, 0x5a],
    [0x5b, 0x60],
    [0x303, 0x303],
  ]);
  t.same(glyphs.missing('Hello World\u200b\u00ad\n'), []);
  t.same(glyphs.missing('ñ and g\u0303'), [], 'a letter and its mark');
  t.same(glyphs.missing('é é ბ'), ['é', 'ბ']);
});

t.test('knows the letters of the packaged fonts', async (t) => {
  const glyphs = await readGlyphs();
  t.same(glyphs.missing('Ağ Ж Ω ế 直播 あア 한글 عربي שלום हिन्दी ภาษา 🎁'), []);
  t.same(glyphs.missing('\u{12000}'), ['\u{12000}'], 'cuneiform is in none');
});
