import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { cover as coverSchema } from '../../src/config/sections/cover.js';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/files/paths.js';
import { Admission } from '../../src/admission/admission.js';
import { checkCover } from '../../src/check/check-cover.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { PictureProcess } from '../../src/scene/drawing/picture-process.js';
import { loadSharp } from '../../src/scene/sharp.js';
import { makeCode } from '../kit/draw-code.js';

const demo = templatePath('rooms', 'demo-portrait', 'assets');
const admission = new Admission({
  kernels: loadKernels(),
  log: silentLog,
  ledger: () => undefined,
  judge: new TextJudge(),
  room: loadRoom(templatePath('rooms', 'demo-portrait', 'room.json')),
});
t.teardown(() => admission.close());
const dir = t.testdir();

interface Change {
  svg?: string;
  width?: number;
  height?: number;
  blur?: number;
}

/** A cover of the demo's set and bottle, with a drawing on it. */
async function coverFile(
  name: string,
  { svg = '', width = 750, height = 750, blur = 0 }: Change = {},
): Promise<string> {
  const sharp = await loadSharp();
  const bottle = await sharp(join(demo, 'bottle.svg'))
    .resize(Math.round(width * 0.6), Math.round(height * 0.6), { fit: 'inside' })
    .png()
    .toBuffer();
  const set = await sharp(join(demo, 'background.svg')).resize(width, height, { fit: 'cover' }).png().toBuffer();
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  const whole = await sharp(set)
    .composite([{ input: bottle }, { input: Buffer.from(drawing) }])
    .png()
    .toBuffer();
  const path = join(dir, `${name}.png`);
  writeFileSync(path, blur === 0 ? whole : await sharp(whole).blur(blur).png().toBuffer());
  return path;
}

const { page } = new PictureProcess({ log: silentLog });

async function check(src: string, more: object = {}): Promise<string[]> {
  const faults = await checkCover(coverSchema.parse({ src, ...more }), admission, page);
  return faults.map((f) => `${f.severity} ${f.rule}: ${f.expected}, found ${f.found}`);
}

t.test('accepts a sharp picture of the right size', async (t) => {
  t.same(await check(await coverFile('good')), []);
});

t.test('checks size and ratio against the room’s limits', async (t) => {
  const found = await check(await coverFile('flat', { width: 900, height: 300 }));
  t.match(found, [/^fault 5\.9: a shorter side of at least 500 px, found 900×300/, /^fault 5\.9: a ratio of 1:1/]);
  t.same(await check(await coverFile('flat'), { ratios: ['1:1'] }), []);
  t.match(await check(await coverFile('square'), { ratios: ['16:9'] }), [
    /a ratio of 16:9, found 750×750 \(1\.00 : 1\)/,
  ]);
});

t.test('refuses a blurred picture, black borders and plain colour, with their shares', async (t) => {
  t.match(await check(await coverFile('soft', { blur: 8 })), [/^fault 5\.9: a picture in focus .*found 0\.\d/]);
  const bars = '<rect width="750" height="60"/><rect y="690" width="750" height="60"/>';
  t.match(await check(await coverFile('bars', { svg: bars })), [/black borders, found 7.9 % at top and bottom/]);
  const plain = '<rect width="750" height="750" fill="#88aacc"/>';
  t.match(await check(await coverFile('plain', { svg: plain })), [/found only plain colour/]);
});

t.test('refuses a code and a contact by their rules; warns about other words', async (t) => {
  const { width, height, dark } = await makeCode('https://example.com/add-me');
  let squares = '<rect x="400" y="400" width="300" height="300" fill="#fff"/>';
  for (let i = 0; i < width * height; i += 1) {
    if (dark[i] !== 0)
      squares += `<rect x="${440 + (i % width) * 8}" y="${440 + Math.floor(i / width) * 8}" width="8" height="8"/>`;
  }
  t.match((await check(await coverFile('code', { svg: squares })))[0], /^fault 3\.3: .*found qr/);
  const words = (text: string): string =>
    `<rect x="20" y="560" width="710" height="120" fill="#fff"/><text x="40" y="640" font-size="56" font-family="Noto Sans SC">${text}</text>`;
  const contact = await check(await coverFile('contact', { svg: words('WhatsApp 13812345678') }));
  t.match(contact[0], /^fault 3\.2: /);
  const calm = await coverFile('calm', { svg: words('Steel bottles live') });
  t.match(await check(calm), [/^warning 5\.9: a cover without words .*Steel bottles/i]);
  t.match(await check(calm, { text: 'refuse' }), [/^fault 5\.9/]);
});

t.test('names a missing file', async (t) => {
  await t.rejects(check('/nowhere/cover.png'), { code: 'E_ASSET_MISSING', where: '/nowhere/cover.png' });
});
