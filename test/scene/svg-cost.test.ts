import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import { isEngineError } from '../../src/core/errors.js';
import { assertSafeSvg } from '../../src/scene/assets/svg-safety.js';

const SIZE = { width: 1280, height: 720 };
const wrap = (inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720">${inner}</svg>`;
const check = (svg: string): void => assertSafeSvg(Buffer.from(svg), 'layer "x": a.svg', SIZE);

const times = (n: number, make: (i: number) => string): string => Array.from({ length: n }, (_, i) => make(i)).join('');
const rules = (n: number, elements: number): string =>
  wrap(`<style>${times(n, (i) => `.a${i},rect{fill:red}`)}</style>${'<rect/>'.repeat(elements)}`);
const filter = (primitives: string): string =>
  wrap(`<filter id="f">${primitives}</filter><rect width="1280" height="720" filter="url(#f)"/>`);
/** Nine levels of ten references: a thousand million squares. */
const levels = (level: (i: number) => string): string => times(9, level);

const COSTLY: Record<string, [limit: string, svg: string]> = {
  'style rules times elements': ['selectorsTimesElements', rules(1000, 500)],
  'style sheets of half a megabyte': ['styleBytes', wrap(`<style>${'/**/.a{fill:red}'.repeat(50_000)}</style>`)],
  'one text of 20,000 letters': ['letters', wrap(`<text>${'ab cd'.repeat(4000)}</text>`)],
  'letters in CDATA and spans': [
    'letters',
    wrap(`<text><![CDATA[${'a'.repeat(3000)}]]><tspan>${'b'.repeat(3000)}</tspan></text>`),
  ],
  'a text that is used again and again': [
    'letters',
    wrap(`<text id="t">${'a'.repeat(100)}</text>${'<use href="#t"/>'.repeat(50)}`),
  ],
  'four megabytes of markup': ['markupBytes', wrap(`<path d="M0 0${'l1 2'.repeat(1_100_000)}"/>`)],
  'elements inside each other': ['depth', wrap('<g>'.repeat(20_000) + '</g>'.repeat(20_000))],
  'more elements than a screen has': ['elements', wrap('<rect/>'.repeat(120_000))],
  'uses of uses': [
    'elements',
    wrap(`<rect id="a0"/>${levels((i) => `<g id="a${i + 1}">${`<use href="#a${i}"/>`.repeat(10)}</g>`)}`),
  ],
  'uses of uses by xlink, beside a harmless href': [
    'elements',
    wrap(
      `<rect id="a0"/>${levels((i) => `<g id="a${i + 1}">${`<use href="#n" xlink:href="#a${i}"/>`.repeat(10)}</g>`)}`,
    ),
  ],
  'patterns in patterns': [
    'elements',
    wrap(
      `<pattern id="p0"><rect/></pattern>${levels((i) => `<pattern id="p${i + 1}">${`<rect fill="url(#p${i})"/>`.repeat(10)}</pattern>`)}`,
    ),
  ],
  'patterns in patterns by a style sheet': [
    'elements',
    wrap(
      `<style>${levels((i) => `.c${i}{fill:url('#p${i}')}`)}</style><pattern id="p0"><rect/></pattern>${levels((i) => `<pattern id="p${i + 1}">${`<rect class="b c${i}"/>`.repeat(10)}</pattern>`)}`,
    ),
  ],
  'two elements of one id': [
    'letters',
    wrap(`<g id="t"/><text id="t">${'a'.repeat(100)}</text>${'<use href="#t"/>'.repeat(50)}`),
  ],
  'a long chain of references': [
    'referenceDepth',
    wrap(times(100, (i) => `<linearGradient id="g${i}" href="#g${i + 1}"/>`)),
  ],
  'a wide dilation': ['filterMegapixels', filter('<feMorphology operator="dilate" radius="200"/>')],
  'a dilation that a view box makes wide': [
    'filterMegapixels',
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12.8 7.2"><filter id="f"><feMorphology radius="2"/></filter><g filter="url(#f)"/></svg>',
  ],
  'a large convolution': [
    'filterMegapixels',
    filter(`<feConvolveMatrix order="30" kernelMatrix="${'1 '.repeat(900)}"/>`),
  ],
  'noise over noise': ['filterMegapixels', filter('<feTurbulence baseFrequency=".1" numOctaves="9"/>'.repeat(8))],
  'one filter on many elements': [
    'filterMegapixels',
    wrap(`<filter id="f"><feGaussianBlur stdDeviation="4"/></filter>${'<rect filter="url(#f)"/>'.repeat(60)}`),
  ],
};

t.test('refuses an expensive SVG with its limit and figure before drawing it', async (t) => {
  for (const [what, [limit, svg]] of Object.entries(COSTLY)) {
    const began = performance.now();
    try {
      check(svg);
      t.fail(`${what} was let through`);
    } catch (e) {
      if (!isEngineError(e)) throw e;
      t.equal(e.code, 'E_ASSET_TOO_COMPLEX', what);
      t.equal(e.details['limit'], limit, what);
      t.match(e.message, /layer "x": a\.svg: expected at most [\d,]+ .*, found [\d,.e+]+; simplify the SVG/);
      t.ok((e.details['found'] as number) > (e.details['most'] as number), `${what}: ${e.message}`);
    }
    t.ok(performance.now() - began < 10_000, `${what} is decided soon`);
  }
});

t.test('checks adversarial SVGs quickly', async (t) => {
  for (const svg of [
    wrap(`<style>${'/*'.repeat(200_000)}</style>`),
    wrap('<style>'.repeat(100)),
    wrap('<a b="'.repeat(200_000)),
    wrap(`<style>${'a{'.repeat(200_000)}</style>`),
    wrap(`<rect fill="${'url('.repeat(200_000)}"/>`),
    wrap(`<g id="a"><use href="#a"/></g><pattern id="p" href="#p"><rect fill="url(#p)"/></pattern>`),
  ]) {
    const began = performance.now();
    try {
      check(svg);
    } catch (e) {
      t.ok(isEngineError(e), String(e));
    }
    t.ok(performance.now() - began < 5000, svg.slice(0, 100));
  }
});

t.test('accepts the built-in drawings, logos, shadows and charts far below the limits', async (t) => {
  const folder = templatePath('');
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith('.svg'));
  t.ok(files.length > 40);
  for (const file of files) {
    t.doesNotThrow(() => assertSafeSvg(readFileSync(join(folder, file)), file, { width: 1280, height: 720 }), file);
  }
  const fine = {
    'an illustration of an export': wrap(
      `<style>${times(60, (i) => `.cls-${i}{fill:url(#g${i % 5})}`)}</style>` +
        times(5, (i) => `<linearGradient id="g${i}"><stop/><stop offset="1"/></linearGradient>`) +
        times(3000, (i) => `<path class="cls-${i % 60}" d="M${i} 0h9v9z"/>`),
    ),
    'five stickers with a drop shadow': wrap(
      '<filter id="s"><feGaussianBlur in="SourceAlpha" stdDeviation="6"/><feOffset dy="4"/><feFlood flood-opacity=".4"/>' +
        '<feComposite in2="SourceAlpha" operator="in"/><feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter>' +
        times(5, (i) => `<g filter="url(#s)"><circle cx="${i * 99}" r="40"/><text>NEW</text></g>`),
    ),
    'a table of prices': wrap(times(80, (i) => `<text y="${i * 9}">Bamboo board no. ${i}: US$ 4.80</text>`)),
    'a pattern of uses': wrap(
      `<g id="leaf"><path d="M0 0h3"/><path d="M0 0v3"/></g>${times(900, (i) => `<use href="#leaf" x="${i}"/>`)}`,
    ),
    'an embedded photograph': wrap(`<image href="data:image/png;base64,${'A'.repeat(6_000_000)}"/>`),
  };
  for (const [what, svg] of Object.entries(fine)) t.doesNotThrow(() => check(svg), what);
});
