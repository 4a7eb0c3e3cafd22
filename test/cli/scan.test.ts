import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { makeCode } from '../kit/draw-code.js';
import { barsOf, RETAIL_FORMS } from '../codescan/draw-retail.js';
import { runWithInput, values } from './run-with-input.js';
import { sampled, whole } from '../kit/whole.js';

interface Scanned {
  file: string;
  verdict?: string;
  hits?: { rule: string; kind: string; text?: string; page?: number; box?: Record<string, number> }[];
  error?: string;
}

const CODE = 'https://example.com/add-me';

/** A page with or without a code at (x, y), `module` pixels a module. */
async function page(width: number, height: number, at?: { x: number; y: number; module: number }): Promise<Buffer> {
  const code = at === undefined ? '' : await codeSvg(at.x, at.y, at.module);
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="#c9d8e6"/><circle cx="${width / 3}" cy="${height / 3}" r="30" fill="#e07a5f"/>
    ${code}</svg>`;
  return Buffer.from(drawing);
}

async function codeSvg(x: number, y: number, module: number): Promise<string> {
  const { width, height, dark } = await makeCode(CODE);
  let squares = '';
  for (let i = 0; i < width * height; i += 1) {
    if (dark[i] === 0) continue;
    squares += `<rect x="${x + (i % width) * module}" y="${y + Math.floor(i / width) * module}" width="${module}" height="${module}"/>`;
  }
  const quiet = 4 * module;
  const side = width * module + 2 * quiet;
  return `<rect x="${x - quiet}" y="${y - quiet}" width="${side}" height="${side}" fill="#fff"/>${squares}`;
}

t.test('reads every format in both modes, and folders recursively', async (t) => {
  const dir = t.testdir();
  mkdirSync(join(dir, 'deep', 'er'), { recursive: true });
  symlinkSync(dir, join(dir, 'deep', 'loop'));
  writeFileSync(join(dir, 'notes.txt'), 'no picture');
  const drawing = await page(640, 480, { x: 200, y: 120, module: 6 });
  writeFileSync(join(dir, 'code.svg'), drawing);
  for (const format of ['png', 'jpeg', 'webp', 'gif', 'avif', 'tiff'] as const) {
    writeFileSync(join(dir, 'deep', 'er', `code.${format}`), await sharp(drawing).toFormat(format).toBuffer());
  }
  writeFileSync(
    join(dir, 'deep', 'clean.png'),
    await sharp(await page(640, 480))
      .png()
      .toBuffer(),
  );
  const names = ['avif', 'gif', 'jpeg', 'png', 'tiff', 'webp'].map((f) => join(dir, 'deep', 'er', `code.${f}`));
  const expected = [join(dir, 'code.svg'), join(dir, 'deep', 'clean.png'), ...names];
  for (const mode of sampled(['live', 'admission'], 2)) {
    const answer = await runWithInput(['scan', dir, '--mode', mode, '--json']);
    t.equal(answer.code, 1, answer.stderr);
    const found = values<Scanned>(answer);
    t.strictSame(
      found.map((f) => f.file),
      expected,
      'in order of their names, each once',
    );
    for (const { file, verdict, hits } of found) {
      if (file.endsWith('clean.png')) {
        t.strictSame({ verdict, hits }, { verdict: 'clean', hits: [] });
        continue;
      }
      t.equal(verdict, 'violation', `${mode} ${file}`);
      t.match(hits, [{ rule: '3.3', kind: 'qr', text: CODE }]);
      const box = hits![0]!.box!;
      // The drawing may be read at another size; boxes are in its own.
      for (const [side, right] of [
        [box.x, 200],
        [box.y, 120],
        [box.width, 150],
        [box.height, 150],
      ]) {
        t.ok(Math.abs(side! - right!) <= 26, `${mode} ${file}: ${JSON.stringify(box)}`);
      }
    }
  }
});

if (whole)
  t.test('judges large, upright and transparent pictures as a room shows them', async (t) => {
    const dir = t.testdir();
    const large = await page(4000, 3000, { x: 2600, y: 1800, module: 24 });
    writeFileSync(join(dir, 'large.jpg'), await sharp(large).jpeg().toBuffer());
    // 60 pixels in a portrait frame: lost if the frame were shrunk to the height of a landscape one.
    const portrait = await page(720, 1280, { x: 300, y: 1000, module: 2 });
    writeFileSync(join(dir, 'portrait.png'), await sharp(portrait).png().toBuffer());
    const ink = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">${(await codeSvg(100, 100, 6)).replace(/<rect[^>]*fill="#fff"\/>/, '').replaceAll('<rect', '<rect fill="#fff"')}</svg>`;
    writeFileSync(join(dir, 'white-ink.png'), await sharp(Buffer.from(ink)).png().toBuffer());
    const answer = await runWithInput(['scan', dir, '--mode', 'live', '--json']);
    const found = values<Scanned>(answer);
    t.strictSame(
      found.map((f) => f.verdict),
      ['violation', 'violation', 'violation'],
    );
    const box = found[0]!.hits![0]!.box!;
    t.ok(Math.abs(box['x']! - 2600) < 80 && Math.abs(box['y']! - 1800) < 80, JSON.stringify(box));
    t.ok(Math.abs(box['width']! - 600) < 120, 'in pixels of the file');
  });

t.test('reports a code in any picture of an animation with its number', async (t) => {
  const dir = t.testdir();
  const plain = await sharp(await page(320, 240))
    .png()
    .toBuffer();
  // A GIF merges two equal pictures.
  const other = await sharp(plain).negate({ alpha: false }).toBuffer();
  const coded = await sharp(await page(320, 240, { x: 90, y: 40, module: 5 }))
    .png()
    .toBuffer();
  const moving = await sharp([plain, other, coded], { join: { animated: true } })
    .gif({ delay: [100, 100, 100] })
    .toBuffer();
  writeFileSync(join(dir, 'moving.gif'), moving);
  const answer = await runWithInput(['scan', join(dir, 'moving.gif'), '--json']);
  t.match(values<Scanned>(answer), [{ verdict: 'violation', hits: [{ kind: 'qr', page: 3 }] }]);
});

t.test('gives an unreadable file its line, exits with 2 and holds nothing up', async (t) => {
  const dir = t.testdir({
    'a.png': 'not a picture',
    'far.svg':
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="http://example.com/a.png"/></svg>',
    empty: {},
  });
  const picture = await sharp(await page(320, 240))
    .png()
    .toBuffer();
  writeFileSync(join(dir, 'cut.png'), picture.subarray(0, picture.length / 2));
  writeFileSync(join(dir, 'good.png'), picture);
  const paths = [dir, join(dir, 'none.png'), join(dir, 'empty'), '--mode', 'live'];
  const answer = await runWithInput(['scan', ...paths, '--json']);
  t.equal(answer.code, 2);
  const found = values<Scanned>(answer);
  t.strictSame(
    found.map((f) => [f.file.slice(dir.length + 1), f.verdict ?? 'error']),
    [
      ['a.png', 'error'],
      ['cut.png', 'error'],
      ['far.svg', 'error'],
      ['good.png', 'clean'],
      ['none.png', 'error'],
      ['empty', 'error'],
    ],
  );
  for (const { file, error } of found) if (error !== undefined) t.ok(error.startsWith(file), error);
  t.match(found[2]!.error, /self-contained SVG/);
  if (!whole) return;
  const words = await runWithInput(['scan', ...paths]);
  t.equal(words.lines.length, found.length, 'also one line a file for people');
  t.match(words.lines[3], /^clean +.*good\.png$/);
});

t.test('exits with 0 when all is clean, and ends quietly when the reader leaves early', async (t) => {
  const dir = t.testdir();
  const clean = await sharp(await page(320, 240))
    .png()
    .toBuffer();
  for (let i = 0; i < 6; i += 1) writeFileSync(join(dir, `clean-${i}.png`), clean);
  const all = await runWithInput(['scan', dir, '--mode', 'live']);
  t.equal(all.code, 0, all.stderr);
  t.equal(all.lines.length, 6);
  for (const mode of sampled(['live', 'admission'], 2)) {
    const { code, stderr } = await runWithInput(['scan', dir, '--mode', mode], { headLines: 2 });
    t.strictSame([code, stderr], [0, ''], mode);
  }
  const wrong = await runWithInput(['scan', dir, '--mode', 'deep']);
  t.not(wrong.code, 0);
  t.match(wrong.stderr, /admission, live/);
});

if (whole)
  t.test('treats a retail barcode as clean, and as a code by option', async (t) => {
    const dir = t.testdir();
    const { width, height, dark } = await barsOf(RETAIL_FORMS[0]);
    const bars = await sharp(Buffer.from(dark.map((d) => (d ? 20 : 240))), { raw: { width, height, channels: 1 } })
      .resize(width * 3, height * 3, { kernel: 'nearest' })
      .extend({ top: 60, bottom: 60, left: 60, right: 60, background: '#f0f0f0' })
      .png()
      .toBuffer();
    const box = join(dir, 'box.png');
    writeFileSync(box, bars);
    for (const mode of sampled(['admission', 'live'], 2)) {
      const allowed = await runWithInput(['scan', box, '--json', '--mode', mode]);
      t.match(values<Scanned>(allowed), [{ verdict: 'clean', hits: [] }], mode);
      t.equal(allowed.code, 0);
      const refused = await runWithInput(['scan', box, '--json', '--mode', mode, '--retail-barcodes']);
      const [found] = values<Scanned>(refused);
      t.match(found, { verdict: 'violation', hits: [{ rule: '3.3', kind: 'ean13', text: '4006381333931' }] }, mode);
      t.equal(refused.code, 1);
    }
  });
