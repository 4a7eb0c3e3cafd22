import t from 'tap';
import { svgTexts } from '../../src/scene/assets/svg-texts.js';

const texts = (inner: string): string[] =>
  svgTexts(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:s="http://www.w3.org/2000/svg">${inner}</svg>`));

t.test('finds the words of an SVG in every form', async (t) => {
  t.strictSame(texts('<rect/><text x="1">واتساب</text><text\n y="2">T &amp; &#84;</text>'), ['واتساب', 'T & T']);
  t.strictSame(texts('<text>Wha<tspan dx="2">ts</tspan><!-- not this -->App</text>'), ['WhatsApp']);
  t.strictSame(texts('<s:text><![CDATA[a < b & c]]></s:text>'), ['a < b & c']);
  t.strictSame(texts('<text><textPath href="#a">around</textPath></text>'), ['around']);
  t.strictSame(texts('<title>Not shown</title><textarea>x</textarea><text> \n </text>'), []);
});

t.test('sees through split words, comment marks in text, and reversed letters', async (t) => {
  t.ok(texts('<text x="1">Ват</text><text x="40">сап</text>').includes('Ватсап'));
  t.strictSame(texts('<text><![CDATA[<!--]]>Ватсап<![CDATA[-->]]></text>'), ['<!--Ватсап-->']);
  t.ok(texts('<text direction="rtl" unicode-bidi="bidi-override">пастаВ</text>').includes('Ватсап'));
  t.notOk(texts('<text>100</text><text>200</text><text>300</text>').includes('100200300'), 'sizes are no number');
});

t.test('joins letters placed one by one into a word', async (t) => {
  const letters = [...'라인톡톡'].map((c, i) => `<text x="${i * 20}">${c}</text>`).join('');
  t.ok(texts(`<text>New</text>${letters}<text>in</text>`).includes('라인톡톡'));
  t.notOk(texts('<text>S</text><text>M</text><text>L</text>').includes('SML'), 'sizes are none');
});
