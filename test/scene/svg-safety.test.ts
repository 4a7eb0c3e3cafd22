import t from 'tap';
import { isEngineError } from '../../src/core/errors.js';
import { assertSafeSvg } from '../../src/scene/assets/svg-safety.js';

const wrap = (inner: string): string => `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${inner}</svg>`;
const check = (svg: string): void => assertSafeSvg(Buffer.from(svg), 'layer "x": a.svg');

const UNSAFE: Record<string, string> = {
  'a script': wrap('<script>1</script>'),
  'a script with a prefix': wrap('<svg:script xmlns:svg="http://www.w3.org/2000/svg"/>'),
  'foreign content': wrap('<foreignObject><p/></foreignObject>'),
  'an image from the network': wrap('<image href="http://example.com/a.png"/>'),
  'an image from the network by xlink': wrap('<image xlink:href="//example.com/a.png"/>'),
  'an image from a file': wrap('<image href="file:///etc/passwd"/>'),
  'an image from a relative file': wrap('<image href="secret.png"/>'),
  'a use of another file': wrap('<use href="other.svg#a"/>'),
  'an SVG inside a data URL': wrap('<image href="data:image/svg+xml;base64,AAAA"/>'),
  'a hidden reference in entities': wrap('<image href="&#x68;ttp://example.com/a.png"/>'),
  'a fill from outside': wrap('<rect fill="url(http://example.com/a.svg#g)"/>'),
  'a quoted url in a style': wrap(`<rect style="fill:url('http://example.com/a#g')"/>`),
  'an escaped url in a style': wrap('<rect style="fill:\\75rl(http://example.com/a)"/>'),
  'an import': wrap('<style>@import "http://example.com/a.css";</style>'),
  'an import in CDATA': wrap('<style><![CDATA[@import "a.css";]]></style>'),
  'an event handler': wrap('<rect onclick="x()"/>'),
  'a document type': '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
  'a document type from a file': `<!DOCTYPE svg SYSTEM "file:///etc/passwd">${wrap('')}`,
  'a document type from elsewhere': `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://example.com/svg11.dtd">${wrap('')}`,
  "the W3C's document type with entities": `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY a "b">]>${wrap('')}`,
  'an entity outside a document type': `<!ENTITY a SYSTEM "file:///etc/passwd">${wrap('')}`,
  'a style sheet instruction': `<?xml-stylesheet href="a.css"?>${wrap('')}`,
  'a base': '<svg xml:base="http://example.com/"><use href="#a"/></svg>',
  'an animated reference': wrap('<image><set attributeName="href" to="http://example.com"/></image>'),
  'another encoding': `<?xml version="1.0" encoding="UTF-7"?>${wrap('')}`,
};

t.test('refuses an SVG with external references and names the element', async (t) => {
  for (const [what, svg] of Object.entries(UNSAFE)) {
    try {
      check(svg);
      t.fail(`${what} was let through`);
    } catch (e) {
      t.ok(isEngineError(e) && e.code === 'E_SVG_UNSAFE' && e.message.includes('a.svg'), what);
    }
  }
});

t.test('accepts ordinary drawings', async (t) => {
  const fine = [
    wrap('<defs><linearGradient id="g"/></defs><rect fill="url(#g)"/><use href="#g"/>'),
    `<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->${wrap('<title>http://example.com is only text</title>')}`,
    `<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">${wrap('')}`,
    `<!DOCTYPE svg>${wrap('')}`,
    wrap('<image href="data:image/png;base64,iVBORw0KGgo="/>'),
    wrap('<style>.a{fill:red}</style><a xmlns:xlink="http://www.w3.org/1999/xlink"/>'),
    wrap('<g transform="rotate(5)" filter="url(#f)"><text>a &lt; b</text></g>'),
  ];
  for (const svg of fine) t.doesNotThrow(() => check(svg));
});

t.test('loads no font of a stranger', (t) => {
  const font = 'data:font/woff2;base64,d09GMgABAAAAAA==';
  for (const body of [
    `<style>@font-face { font-family: x; src: url(${font}) }</style>`,
    `<style>@FONT-FACE{font-family:x;src:url(file:///etc/passwd)}</style>`,
    `<style>@import "fonts.css";</style>`,
    `<font-face><font-face-src><font-face-uri xlink:href="x.svg#a"/></font-face-src></font-face>`,
    `<font-face-uri href="${font}"/>`,
    `<text style="src: url(${font})">a</text>`,
  ])
    t.throws(
      () =>
        assertSafeSvg(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${body}</svg>`), 'x'),
      { code: 'E_SVG_UNSAFE' },
      body,
    );
  t.end();
});
