// Takes the picture of the desk for README.md and docs/run-a-show.md: a real room on air, with comments and their answers.
//   npm run build && npm run tool -- desk-picture [--out docs/studio] [--theme dark] [--language en] [--width 1440] [--height 900]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { CHROMIUM, QUIET_FLAGS } from '../../../test/kit/chromium-flags.js';
import { createOwnerByApi, startReceiver, startStudio } from '../../../test/kit/studio-by-api.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'docs/studio' },
    theme: { type: 'string', default: 'dark' },
    language: { type: 'string', default: 'en' },
    width: { type: 'string', default: '1440' },
    height: { type: 'string', default: '900' },
    /** Pages of the room beside its desk. */
    pages: { type: 'string', default: 'desk' },
    /** Put behind the names of the files. */
    suffix: { type: 'string', default: '' },
  },
});
const QUALITY = 84;
const COMMENTS = [
  ['Anna_W', 'alibaba', 'How much for 2,000 pieces?'],
  ['陈晓', 'taobao', '可以先看样品吗？'],
  ['Priya M.', 'youtube', 'Is it safe in the dishwasher?'],
  ['Sari', 'youtube', 'Which colours are there?'],
  ['Ben_K', 'alibaba', 'Nice colours'],
  ['Diego R.', 'youtube', 'Can the lid have our logo too, or only the steel?'],
] as const;
const PATHS: Readonly<Record<string, string>> = {
  desk: '/desk',
  report: '/reports',
  products: '/products',
  customise: '/customise',
  live: '/live',
  template: '/template',
};
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const studio = await startStudio();
const receiver = await startReceiver();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET_FLAGS });
try {
  mkdirSync(values.out, { recursive: true });
  const { call, cookie } = await createOwnerByApi(studio);
  const room = await call<{ id: string }>('POST', '/api/rooms', {
    ...{ name: 'Oakmere Home', template: 'kitchen', language: 'en', orientation: 'portrait' },
  });
  const ids: string[] = [];
  for (const name of ['Alibaba.com', 'YouTube', 'Taobao Live']) {
    const made = await call<{ id: string }>('POST', '/api/destinations', {
      ...{ name, preset: 'rtmp', server: receiver.server, key: name.toLowerCase().replaceAll(/\W/g, '') },
    });
    ids.push(made.id);
  }
  await call('PUT', `/api/rooms/${room.id}/destinations`, { ids });
  await call('POST', `/api/rooms/${room.id}/start`, {});
  const context = await browser.newContext({
    viewport: { width: Number(values.width), height: Number(values.height) },
    locale: values.language === 'zh' ? 'zh-CN' : 'en-US',
    hasTouch: Number(values.width) < 700,
  });
  await context.addCookies([{ ...cookie, url: studio.url }]);
  await context.addInitScript(`localStorage.setItem('theme', ${JSON.stringify(values.theme)})`);
  const page = await context.newPage();
  await page.goto(`${studio.url}/rooms/${room.id}/desk`);
  await page.waitForFunction('document.querySelector("video")?.videoWidth > 0');
  for (const [i, [user, platform, text]] of COMMENTS.entries()) {
    await call('POST', `/api/rooms/${room.id}/engine/api/events`, {
      id: `c${i}`,
      platform,
      kind: 'comment',
      user,
      text,
    });
    await wait(4000);
  }
  await wait(20_000);
  const chosen = page.locator('.com li .head', { hasText: 'logo' });
  if (await chosen.isVisible()) {
    await chosen.click();
    await page.locator('.com textarea').fill('Yes. From 500 pieces we engrave your logo into the lid, too.');
    await page.evaluate('document.activeElement.blur()');
  }
  await wait(4000);
  for (const name of values.pages.split(',')) {
    if (name !== 'desk')
      await page.goto(name === 'wall' ? studio.url : `${studio.url}/rooms/${room.id}${PATHS[name] ?? `/${name}`}`);
    await wait(name === 'desk' ? 0 : 6000);
    await keep(page, name);
  }
} finally {
  await browser.close();
  await receiver.close();
  await studio.close();
}

async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  const jpeg = await sharp(await page.screenshot())
    .jpeg({ quality: QUALITY, mozjpeg: true })
    .toBuffer();
  writeFileSync(join(values.out, `${name}${values.suffix}.jpg`), jpeg);
  process.stdout.write(`${name}: ${Math.round(jpeg.length / 1024)} kB\n`);
}
