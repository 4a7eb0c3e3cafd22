import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/files/paths.js';
import { checkLikeness } from '../../src/check/check-likeness.js';
import { PictureProcess } from '../../src/scene/drawing/picture-process.js';
import { loadSharp } from '../../src/scene/sharp.js';

const dir = t.testdir();
const { draw } = new PictureProcess({ log: silentLog });
const drawn = (name: string): string => templatePath('rooms', 'demo-portrait', 'assets', `${name}.svg`);
const [bottle, lunchbox, boards] = ['bottle', 'lunchbox', 'boards'].map(drawn) as [string, string, string];
const sharp = await loadSharp();
const png = await sharp(bottle).resize(800, 800, { fit: 'inside' }).png().toBuffer();

const file = (name: string, bytes: Buffer): string => {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
};
const savedAgain = file(
  'again.jpg',
  await sharp(png)
    .resize(300)
    .flatten({ background: '#fff' })
    .extend({ top: 60, bottom: 10, left: 90, right: 20, background: '#fff' })
    .jpeg({ quality: 60 })
    .toBuffer(),
);
const otherColour = file('blue.png', await sharp(png).tint('#3050ff').png().toBuffer());

const check = async (images: readonly string[], more: object = {}): Promise<string[]> => {
  const products = images.map((image, i) => ({
    ...{ id: `p${i}`, title: `Product ${i}`, image },
    price: { amount: 1, currency: 'USD' },
  }));
  const room = {
    ...{ name: 'alike', presenter: { pack: 'mei' }, products },
    layers: [{ id: 'who', type: 'presenter', anchor: 'bottom', width: '100%', height: '80%' }],
    script: { segments: [{ lines: [{ text: 'Welcome' }] }] },
    ...more,
  };
  const faults = await checkLikeness(parseRoom(JSON.stringify(room), join(dir, 'room.json')), draw);
  return faults.map((f) => `${f.severity} ${f.rule} ${f.where}: ${f.expected}, found ${f.found}`);
};

t.test('accepts different goods, and one product in two colours', async (t) => {
  t.same(await check([bottle, lunchbox, boards, otherColour]), []);
});

t.test('reports the picture of another product, also smaller and with margins', async (t) => {
  t.match(await check([lunchbox, bottle, savedAgain]), [
    /^warning 5\.5 products\[2\] "p2": a picture of its own.*, found that of product "p1" \(bottle\.svg; \d(\.\d)? %/,
  ]);
  const thrice = await check([bottle, bottle, bottle]);
  t.match(thrice, [/^warning 5\.5 products\[1\] .*"p0"/, /^warning 5\.5 products\[2\] .*"p0"/]);
});

t.test('reports a repeated slideshow picture at its place', async (t) => {
  const show = (items: string[]) => ({ layers: [{ id: 'show', type: 'media', items }, ...PRESENTER] });
  t.same(await check([], show([bottle, lunchbox])), []);
  t.match(await check([], show([bottle, lunchbox, savedAgain])), [
    /^warning 5\.7 layers\[0\] "show"\.items\[2\]: .*, found that of items\[0\]/,
  ]);
});

const PRESENTER = [{ id: 'who', type: 'presenter', anchor: 'bottom', width: '100%', height: '80%' }];

t.test('reports a cover equal to a product’s picture, not one of the show', async (t) => {
  const set = drawn('background');
  const ofTheShow = file(
    'cover.png',
    await sharp(await sharp(set).resize(600, 600, { fit: 'cover' }).png().toBuffer())
      .composite([{ input: await sharp(png).resize(300, 300, { fit: 'inside' }).toBuffer() }])
      .png()
      .toBuffer(),
  );
  t.same(await check([bottle, lunchbox], { cover: ofTheShow }), []);
  t.match(await check([bottle, lunchbox], { cover: savedAgain }), [/^warning 5\.9 cover: .*"p0"/]);
});

t.test('leaves an unreadable picture to the check that loads it', async (t) => {
  const broken = file('broken.png', Buffer.from('no picture'));
  t.same(await check([broken, '/nowhere/a.png', broken]), []);
});
