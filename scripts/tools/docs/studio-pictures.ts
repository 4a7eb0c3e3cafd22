/**
 * `npm run build && npm run tool -- studio-pictures [--out docs/studio] [--theme dark] [--width 1440] [--height 900]`
 *
 * Takes the pictures of the studio for the docs: walks from an empty data folder to a room on air, as the test does, then
 * looks at the desk with comments and their answers, the report, and the people.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { CHROMIUM, QUIET_FLAGS } from '../../../test/kit/chromium-flags.js';
import {
  addSavedPage,
  chooseTemplate,
  createOwner,
  goOnAir,
  Person,
  playing,
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
const QUALITY = 80;
const MAX_PICTURES_MS = 60_000;
/** Whether each picture within the window has come. */
const ALL_SHOWN = `[...document.images].every((image) => {
  const { top, bottom } = image.getBoundingClientRect();
  return bottom < 0 || top > innerHeight || (image.complete && image.naturalWidth > 0);
})`;
const WANTED = new Set(['templates', 'products', 'customise', 'go-live', 'desk', 'report', 'people']);
const DESTINATIONS = ['Alibaba.com', 'YouTube'];
const PEOPLE = [
  ['budi@oakmere.example', 'operator'],
  ['priya@oakmere.example', 'moderator'],
] as const;
const COMMENTS = [
  ['Anna_W', 'alibaba', 'How much for 2,000 pieces?'],
  ['Priya M.', 'youtube', 'Is it safe in the dishwasher?'],
  ['陈晓', 'taobao', '可以先看样品吗？'],
  ['Sari', 'youtube', 'Which colours are there?'],
  ['Ben_K', 'alibaba', 'Nice colours'],
  ['Diego R.', 'youtube', 'Can the lid have our logo too, or only the steel?'],
] as const;

const studio = await startStudio();
const receiver = await startReceiver();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET_FLAGS });
try {
  mkdirSync(values.out, { recursive: true });
  const page = await (await open(browser)).newPage();
  const person = new Person(page, 0);
  const picture = (place: string): Promise<void> => take(page, place);
  const call = async <T>(method: string, path: string, data: unknown): Promise<T> => {
    const reply = await page.request.fetch(studio.url + path, { method, data, headers: { origin: studio.url } });
    if (!reply.ok()) throw new Error(`${method} ${path}: ${reply.status()} ${await reply.text()}`);
    return (reply.status() === 204 ? undefined : await reply.json()) as T;
  };

  await createOwner(person, studio.setUp, picture);
  const room = await chooseTemplate(person, 'Kitchen', picture);
  await addSavedPage(person, undefined, picture);

  const ids: string[] = [];
  for (const name of DESTINATIONS) {
    const body = { name, preset: 'rtmp', server: receiver.server, key: name.toLowerCase().replaceAll(/\W/g, '') };
    ids.push((await call<{ id: string }>('POST', '/api/destinations', body)).id);
  }
  await call('PUT', `/api/rooms/${room}/destinations`, { ids });
  for (const [email, role] of PEOPLE) await call('POST', '/api/people/invitations', { email, role });
  await page.goto(`${studio.url}/rooms/${room}/products`);
  await goOnAir(person, receiver.server, 'walk', picture);
  await playing(page);
  await page.waitForTimeout(30_000);
  await page.goto(`${studio.url}/rooms/${room}/reports`);
  await page.getByRole('table').first().waitFor();
  await picture('report');
  await page.goto(`${studio.url}/people`);
  await page.getByText(PEOPLE[0][0]).waitFor();
  await picture('people');
} finally {
  await browser.close();
  await receiver.close();
  await studio.close();
}

// Customise and the desk show the demo room: a show with pictures of its products.
const demo = await startStudio(['--demo', '--no-viewers']);
const second = await chromium.launch({ executablePath: CHROMIUM, args: QUIET_FLAGS });
try {
  const page = await (await open(second)).newPage();
  await createOwner(new Person(page, 0), demo.setUp, async () => undefined);
  await page.waitForURL((url) => !url.pathname.startsWith('/setup'));
  await page.waitForTimeout(2000);
  const reply = await page.request.get(`${demo.url}/api/rooms`);
  const [room] = ((await reply.json()) as { rooms: { id: string }[] }).rooms;
  await page.goto(`${demo.url}/rooms/${room!.id}/customise`);
  await playing(page);
  await page.getByRole('button', { name: 'Samples on request', exact: true }).click();
  await page.waitForTimeout(4000);
  await take(page, 'customise');
  await page.goto(`${demo.url}/rooms/${room!.id}/desk`);
  await playing(page);
  for (const [i, [user, platform, text]] of COMMENTS.entries()) {
    const data = { id: `c${i}`, platform, kind: 'comment', user, text };
    const path = `${demo.url}/api/rooms/${room!.id}/engine/api/events`;
    await page.request.post(path, { data, headers: { origin: demo.url } });
    await page.waitForTimeout(4000);
  }
  await page.waitForTimeout(15_000);
  const chosen = page.locator('.com li .head', { hasText: 'logo' });
  if (await chosen.isVisible()) {
    await chosen.click();
    await page.locator('.com textarea').fill('Yes. From 500 pieces we engrave your logo into the lid, too.');
    await page.evaluate('document.activeElement.blur()');
  }
  await page.waitForTimeout(3000);
  await take(page, 'desk');
} finally {
  await second.close();
  await demo.close();
}

/** A window of the wanted size and theme. */
async function open(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: Number(values.width), height: Number(values.height) },
    locale: 'en-US',
  });
  await context.addInitScript(`localStorage.setItem('theme', ${JSON.stringify(values.theme)})`);
  return context;
}

async function take(page: Page, place: string): Promise<void> {
  if (!WANTED.has(place)) return;
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  const end = Date.now() + MAX_PICTURES_MS;
  while (Date.now() < end && !(await page.evaluate(ALL_SHOWN))) await page.waitForTimeout(250);
  const jpeg = await sharp(await page.screenshot())
    .jpeg({ quality: QUALITY, mozjpeg: true })
    .toBuffer();
  writeFileSync(join(values.out, `${place}.jpg`), jpeg);
  process.stdout.write(`${place}: ${Math.round(jpeg.length / 1024)} kB\n`);
}
