/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import type { RoomSnapshot } from '../../src/config/api/room-handle.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { until } from '../kit/until.js';
import { fakeRoom } from './fake-room.js';
import { sampled } from '../kit/whole.js';

const PAGES = { camera: '/camera' };
const STATES = ['live', 'backoff', 'wedged', 'connecting', 'degraded', 'stopped'] as const;

/** A room with long texts: all states of outputs, long names, a day on air. */
async function serve(t: Test): Promise<string> {
  const room = fakeRoom();
  const usual = room.snapshot();
  const [output] = usual.outputs;
  const long = 'connection refused by the remote server at an address without a place to break the line';
  const outputs = STATES.map((state, i) => ({
    ...output!,
    id: `output-${i}`,
    state,
    bytesSent: 9e10,
    lastError: long,
  }));
  const figures: RoomSnapshot = {
    ...usual,
    onAirMs: 93_784_000,
    frames: { ...usual.frames, rendered: 99_813_520, replaced: 9_413_520 },
    outputs,
  };
  room.snapshot = () => figures;
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
  t.teardown(() => server.close());
  return server.url;
}

/** Width of an element's text in ems: a Chinese character takes one, the empty box of a missing one about half. */
const emsOf = (page: Page, selector: string): Promise<number> =>
  page.evaluate((one) => {
    const element = document.querySelector(one)!;
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().width / Number.parseFloat(getComputedStyle(element).fontSize);
  }, selector);

t.test('shows Chinese on a machine without a Chinese font', { skip: noChromium }, async (t) => {
  const url = await serve(t);
  const browser = await launchChromium(t);
  for (const [name, path] of Object.entries(PAGES)) {
    const page = await browser.newPage({ locale: 'en-GB' });
    const slices: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => request.url().includes('/fonts/files/') && slices.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(url + path, { waitUntil: 'domcontentloaded' });
    const chinese = async (text: string, ems: number): Promise<boolean> => {
      await page.waitForFunction((wanted) => document.querySelector('#language')!.textContent === wanted, text);
      for (let tries = 0; tries < 100; tries += 1) {
        if (Math.abs((await emsOf(page, '#language')) - ems) < 0.1) return true;
        await page.waitForTimeout(50);
      }
      return false;
    };
    t.ok(await chinese('中文', 2), `${name}: the button in an English page`);
    t.ok(slices.length <= 4, `${name}: ${slices.length} slices for two characters`);
    await page.click('#language');
    t.equal(await page.textContent('#language'), 'English');
    t.equal(await page.evaluate(() => document.documentElement.lang.slice(0, 2)), 'zh');
    t.same(errors, [], `${name}: nothing its policy forbids`);
    await page.close();
  }
});

t.test('the desk shows Chinese on a machine without a Chinese font, in slices', { skip: noChromium }, async (t) => {
  const url = await serve(t);
  const browser = await launchChromium(t);
  const page = await browser.newPage({ locale: 'zh-CN' });
  await page.goto(`${url}/#token=x`, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('.desk .cmd');
  await until(
    'two characters as wide as two',
    async () => Math.abs((await emsOf(page, '.desk .cmd > span')) - 2) < 0.1,
  );
  await page.close();
});

t.test('fits the width of a phone', { skip: noChromium }, async (t) => {
  const url = await serve(t);
  const browser = await launchChromium(t);
  for (const locale of sampled(['zh-CN', 'en-GB'], 2)) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale, isMobile: true });
    for (const [name, path] of Object.entries(PAGES)) {
      const page = await context.newPage();
      await page.addInitScript(() => sessionStorage.clear());
      await page.goto(url + path, { waitUntil: 'domcontentloaded' });
      // Styles and fonts may come after the document.
      const styled = (): Promise<boolean> =>
        page.evaluate(() =>
          [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].every(
            ({ sheet }) => sheet !== null,
          ),
        );
      await until('the styles', styled);
      await page.evaluate(async () => void (await document.fonts.ready));
      const { wide, broken } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        broken: [...document.querySelectorAll('button, .pill, dd, td.num')]
          .filter((one) => one.getClientRects().length > 0)
          .filter((one) => {
            const range = document.createRange();
            range.selectNodeContents(one);
            const lines = new Set([...range.getClientRects()].map((rect) => Math.round(rect.bottom / 8)));
            return lines.size > 1 || one.scrollWidth > one.clientWidth + 1;
          })
          .map((one) => one.textContent),
      }));
      t.equal(wide, 360, `${name} in ${locale}`);
      t.same(broken, [], `${name} in ${locale}: buttons, states and figures stay on their line`);
      await page.close();
    }
    await context.close();
  }
});
