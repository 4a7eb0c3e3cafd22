import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { fontFamilies } from '../../src/scene/fonts/glyph-set.js';
import { prepareFonts } from '../../src/scene/fonts/prepare-fonts.js';
import { drawSvg, inkBox } from '../../src/scene/raster.js';
import { loadSharp } from '../../src/scene/sharp.js';
import { breakText, layoutText, TextMeasure } from '../../src/scene/text/text-layout.js';
import { escapeXml } from '../../src/scene/text/escape-xml.js';
import { svgDocument, svgLine } from '../../src/scene/text/text-svg.js';

const measure = new TextMeasure(loadSharp);

async function inkOf(text: string, language: string, bold: boolean) {
  const face = { families: fontFamilies('sans', language), sizePx: 64, bold };
  const line = svgLine(escapeXml(text), 20, 980, 100, { face, colour: '#ffffff', align: 'left', rightToLeft: false });
  const raster = await drawSvg(loadSharp, svgDocument(1000, 160, line), 1000, 160);
  const box = inkBox(raster)!;
  const on = (x: number, y: number): boolean => raster.rgba[((box.y + y) * 1000 + box.x + x) * 4 + 3]! > 60;
  const { width: w, height: h } = box;
  let weight = 0;
  for (let i = 3; i < raster.rgba.length; i += 4) weight += raster.rgba[i]!;
  return { ...box, framed: on(1, 1) && on(w - 2, 1) && on(1, h - 2) && on(w - 2, h - 2), weight };
}

t.test('has a real glyph in regular and bold for every script', async (t) => {
  const samples: [string, string][] = [
    ['g', 'en'],
    ['ж', 'ru'],
    ['ω', 'el'],
    ['你', 'zh'],
    ['貓', 'zh-Hant'],
    ['あ', 'ja'],
    ['한', 'ko'],
    ['ش', 'ar'],
    ['ש', 'he'],
    ['क', 'hi'],
    ['ส', 'th'],
    ['ế', 'vi'],
  ];
  for (const [letter, language] of samples) {
    const regular = await inkOf(letter, language, false);
    const bold = await inkOf(letter, language, true);
    t.notOk(regular.framed, `${letter} is no box in a frame`);
    t.ok(bold.weight > regular.weight * 1.1, `${letter} has a bold of its own`);
  }
  t.ok((await inkOf('\u{e123}', 'en', false)).framed, 'a missing character is one, so the check can fail');
});

t.test('gives invisible text no size, without hanging', async (t) => {
  const face = { families: fontFamilies('sans', 'en'), sizePx: 64, bold: false };
  for (const unseen of ['\u200b', '\u2800', '\u202e', '\ufffc', '\u00ad\u2060']) {
    t.strictSame(await measure.ink(unseen, face), { width: 0, height: 0 }, escape(unseen));
    const block = await layoutText(`${unseen}Hello`, measure, { face, language: 'en', maxWidth: 900 });
    t.equal(block.lines.length, 1);
  }
});

t.test('draws letters in judged order despite direction overrides', async (t) => {
  const plain = await inkOf('ppAstahW', 'en', false);
  for (const turned of ['\u202eppAstahW\u202c', '\u202eppAstahW', '\u202dppAstahW'])
    t.match(await inkOf(turned, 'en', false), { width: plain.width, weight: plain.weight });
  const back = await inkOf('WhatsApp', 'en', false);
  t.not(back.weight, plain.weight, 'the check can fail');
  const face = { families: fontFamilies('sans', 'en'), sizePx: 64, bold: false };
  t.strictSame(await measure.ink('\u202e12 ab', face), await measure.ink('12 ab', face));
});

t.test('joins and combines letters: Arabic, Devanagari, Thai', async (t) => {
  const face = { families: fontFamilies('sans', 'ar'), sizePx: 64, bold: false };
  const width = async (s: string): Promise<number> => (await measure.ink(s, face)).width;
  t.ok((await width('ببب')) < 2 * (await width('ب')), 'joined forms are narrower than isolated ones');
  t.ok((await width('क्ष')) < (await width('क')) + (await width('ष')), 'a conjunct is one glyph');
  t.ok((await width('นี้')) < 1.4 * (await width('น')), 'marks stand above their letter');
});

t.test('breaks lines by language and ends long texts in an ellipsis', async (t) => {
  const text = '你好，世界！欢迎来到直播间。';
  const units = breakText(text, 'zh').map((u) => u.text);
  t.equal(units.join(''), text);
  t.notOk(
    units.some((u) => /^[，！。]/u.test(u)),
    'no unit starts with closing punctuation',
  );
  t.ok(breakText('สวัสดีชาวโลก', 'th').length > 1, 'Thai breaks between words without spaces');
  const face = { families: fontFamilies('sans', 'en'), sizePx: 20, bold: false };
  const block = await layoutText('one two three four five six seven eight nine', measure, {
    face,
    language: 'en',
    maxWidth: 120,
    maxLines: 2,
  });
  t.equal(block.lines.length, 2);
  t.match(block.lines[1]!.text, /…$/);
  for (const line of block.lines) t.ok(line.width <= 120, line.text);
  const unbroken = await layoutText('x'.repeat(60), measure, { face, language: 'en', maxWidth: 120 });
  t.equal(unbroken.lines.map((l) => l.text).join(''), 'x'.repeat(60), 'a word wider than the line is cut, not lost');
});

t.test('unpacks the fonts once, also with several processes at once', async (t) => {
  const cache = t.testdir();
  const [a, b] = await Promise.all([prepareFonts(cache), prepareFonts(cache)]);
  t.equal(a, b);
  t.ok(existsSync(a));
  const before = statSync(a).mtimeMs;
  await prepareFonts(cache);
  t.equal(statSync(a).mtimeMs, before);
  await t.rejects(prepareFonts(join(a, 'under-a-file')), { code: 'E_FONT' });
});
