// Takes the pictures of docs/your-first-show.md: walks through the studio on an empty data folder, as the test does.
//   npm run build && npm run tool -- first-show-pictures [--out docs/studio] [--theme dark] [--width 1440] [--height 900]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { CHROMIUM, QUIET_FLAGS } from '../../../test/kit/chromium-flags.js';
import {
  addSavedPage,
  chooseTemplate,
  createOwner,
  goOnAir,
  Person,
  startReceiver,
  startStudio,
} from '../../../test/kit/studio-walk.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'docs/studio' },
    theme: { type: 'string', default: 'dark' },
    width: { type: 'string', default: '1440' },
    height: { type: 'string', default: '900' },
  },
});
const QUALITY = 82;

const studio = await startStudio();
const receiver = await startReceiver();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET_FLAGS });
try {
  mkdirSync(values.out, { recursive: true });
  const context = await browser.newContext({
    viewport: { width: Number(values.width), height: Number(values.height) },
    locale: 'en-US',
  });
  await context.addInitScript(`localStorage.setItem('theme', ${JSON.stringify(values.theme)})`);
  const page = await context.newPage();
  const person = new Person(page, 0);
  const picture = async (place: string): Promise<void> => {
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    const jpeg = await sharp(await page.screenshot())
      .jpeg({ quality: QUALITY, mozjpeg: true })
      .toBuffer();
    writeFileSync(join(values.out, `${place}.jpg`), jpeg);
    process.stdout.write(`${place}: ${Math.round(jpeg.length / 1024)} kB\n`);
  };
  await createOwner(person, studio.setUp, picture);
  await chooseTemplate(person, 'Kitchen', picture);
  await addSavedPage(person, undefined, picture);
  await goOnAir(person, receiver.server, 'walk', picture);
  await page.waitForTimeout(6000);
  await picture('desk');
} finally {
  await browser.close();
  await receiver.close();
  await studio.close();
}
