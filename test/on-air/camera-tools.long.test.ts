/// <reference lib="dom" />
import t, { type Test } from 'tap';
import type { Page } from 'playwright-core';
import { ControlServer } from '../../src/control/control-server.js';
import type { CapturedProduct, PageCapture } from '../../src/config/api/products-handle.js';
import type { PageComment } from '../../src/config/api/events-handle.js';
import { silentLog } from '../../src/core/log.js';
import { takeCapture } from '../../src/intake/take-capture.js';
import { fakeRoom } from '../control/fake-room.js';
import { fixture } from '../listing/fixture.js';
import { noChromium } from '../kit/chromium.js';
import { until } from '../kit/until.js';
import { openBrowser, servePage, type CameraBrowser } from './camera-kit.js';

const TOKEN = 'the-token-of-this-room';

/** The engine's API over a room that reads pages as a real one does, and keeps what arrives. */
async function engine(t: Test, port = 0) {
  const captures: { capture: PageCapture; save: boolean }[] = [];
  const comments: { site: string; comments: readonly PageComment[] }[] = [];
  const control = await ControlServer.start({
    room: {
      ...fakeRoom(),
      intake: {
        take: async (capture, { save = false } = {}): Promise<CapturedProduct> => {
          captures.push({ capture, save });
          const { product, warnings, listing } = await takeCapture(capture, { language: 'en', log: silentLog });
          return {
            product,
            warnings,
            origins: listing.origins,
            ...(save ? { file: 'var/fake/products/p/product.json' } : {}),
          };
        },
      },
      sources: {
        health: () => [],
        takePage: (site, batch) => {
          comments.push({ site, comments: batch });
          return { taken: batch.length, repeated: 0, dropped: 0 };
        },
      },
    },
    host: '127.0.0.1',
    port,
    token: TOKEN,
    log: silentLog,
  });
  t.teardown(() => control.close());
  return { control, captures, comments };
}

/** The extension's panel for the tab that shows `page`. */
async function openPanel(browser: CameraBrowser, page: Page): Promise<Page> {
  const tab = await browser.worker!.evaluate(async (url) => {
    const tabs = (globalThis as any).chrome.tabs;
    return ((await tabs.query({})) as { id: number; url?: string }[]).find((one) => one.url === url)!.id;
  }, page.url());
  return browser.open(`chrome-extension://${new URL(browser.worker!.url()).host}/panel.html?tab=${tab}`);
}

const pair = (browser: CameraBrowser, url: string, token = TOKEN): Promise<void> =>
  browser.set({ endpoint: `${url}/whep`, token });

t.test('sends the product of a page to the paired engine', { skip: noChromium }, async (t) => {
  const { control, captures } = await engine(t);
  const browser = await openBrowser(t);
  await pair(browser, control.url);
  // The fixture has a broken line, against readers that run a page's scripts; a browser would stop at it.
  const html = fixture('alibaba-ladder.html').replace(/^.*broken: .*$/m, '');
  const port = await servePage(t, undefined, html);
  const page = await browser.open(`http://127.0.0.1:${port}/product-detail/Portable-Speaker_1601000000042.html`);
  const panel = await openPanel(browser, page);
  await until('paired', async () => /Paired with the room “fake”/.test((await panel.textContent('#paired')) ?? ''));
  await panel.click('#send-product');
  await until('sent', async () => (await panel.textContent('#product-note'))?.startsWith('Sent:') === true);
  t.same(
    captures.map(({ save }) => save),
    [false, true],
  );
  const [{ capture }] = captures as [(typeof captures)[0]];
  t.equal(capture.url, page.url());
  t.ok(capture.data?.['detailData'], 'the page’s own object');
  t.notMatch(capture.html, /<script(?! type="application\/ld\+json")|<style/);
  const { product } = await takeCapture(capture, { language: 'en', log: silentLog });
  t.ok(product.title.length > 5);
  t.ok(product.priceLadder.length >= 2, 'the price ladder');
  t.match(await panel.textContent('#product-note'), new RegExp(`${product.title.slice(0, 20)}.*product.json`));
  const visible = await page.evaluate(() =>
    JSON.stringify([...Object.keys(globalThis)].filter((k) => /showroom/i.test(k))),
  );
  t.equal(visible, '[]', 'nothing of the extension is left in the page');
});

t.test('sends the script of a page that has no object any more', { skip: noChromium }, async (t) => {
  const { control, captures } = await engine(t);
  const browser = await openBrowser(t);
  await pair(browser, control.url);
  const port = await servePage(t, undefined, fixture('alibaba-ladder.html'));
  const panel = await openPanel(browser, await browser.open(`http://127.0.0.1:${port}/item`));
  await panel.click('#send-product');
  await until('sent', async () => (await panel.textContent('#product-note'))?.startsWith('Sent:') === true);
  t.same(captures[0]!.capture.data, {});
  t.match(captures[0]!.capture.html, /window\.detailData/);
});

t.test('sends the products of 1688, Taobao and a shop with JSON-LD', { skip: noChromium }, async (t) => {
  const { control, captures } = await engine(t);
  const browser = await openBrowser(t);
  await pair(browser, control.url);
  for (const [file, name] of [
    ['1688-desktop.html', 'context'],
    ['taobao.html', '__ICE_APP_CONTEXT__'],
    ['shopify.html', 'jsonLd'],
  ] as const) {
    const port = await servePage(t, undefined, fixture(file));
    const page = await browser.open(`http://127.0.0.1:${port}/item`);
    const panel = await openPanel(browser, page);
    captures.length = 0;
    await panel.click('#send-product');
    await until(
      `${file} is sent`,
      async () => (await panel.textContent('#product-note'))?.startsWith('Sent:') === true,
    );
    t.ok(captures[0]!.capture.data?.[name], `${file}: ${name}`);
    await panel.close();
    await page.close();
  }
});

t.test(
  'says in words that the page is no product, that the token is wrong, that no engine answers',
  { skip: noChromium },
  async (t) => {
    const { control } = await engine(t);
    const browser = await openBrowser(t);
    await pair(browser, control.url);
    const page = await browser.open(`http://127.0.0.1:${await servePage(t, undefined, fixture('bot-wall.html'))}/`);
    const panel = await openPanel(browser, page);
    const note = async (): Promise<string> => (await panel.textContent('#product-note')) ?? '';
    await panel.click('#send-product');
    await until('told', async () => /It did not work: .*a check that keeps programs out/.test(await note()));
    await pair(browser, control.url, 'a-wrong-token-of-another-room');
    await panel.click('#send-product');
    await until('told', async () => /refused the token/.test(await note()));
    await control.close();
    await panel.click('#send-product');
    await until('told', async () => /does not answer/.test(await note()));
  },
);

const CHAT = `<!doctype html><main><div class="panel"><ul class="list">
<li class="row first"><span class="name">Ann:</span> <span class="words">before the start</span></li>
<li class="row"><span class="name">Bob:</span> <span class="words">also before</span></li></ul></div>
<p id="clicks">0</p></main>
<script>
document.querySelector('.list').addEventListener('click', () => { document.querySelector('#clicks').textContent = 'clicked' });
window.say = (user, text, max = 1000) => {
  const li = document.createElement('li');
  li.className = 'row';
  li.innerHTML = '<span class="name"></span> <span class="words"></span>';
  document.querySelector('.list').append(li);
  li.querySelector('.name').textContent = user + ':';
  li.querySelector('.words').textContent = text;
  while (document.querySelectorAll('.row').length > max) document.querySelector('.row').remove();
};
window.redraw = () => { const list = document.querySelector('.list'); const old = list.innerHTML; list.innerHTML = ''; list.innerHTML = old; };
</script>`;

t.test('reads new comments of a page after three clicks, each once', { skip: noChromium }, async (t) => {
  const { control, comments } = await engine(t);
  const browser = await openBrowser(t);
  await pair(browser, control.url);
  const port = await servePage(t, undefined, CHAT);
  const page = await browser.open(`http://127.0.0.1:${port}/live`);
  const panel = await openPanel(browser, page);
  await panel.click('#read-comments');
  await page.bringToFront();
  // The picker's bar is in a closed shadow root: its host is all that the page sees.
  await until('picker', () => page.evaluate(() => document.documentElement.lastElementChild?.localName === 'div'));
  await page.click('.row:nth-child(2) .words');
  await page.click('.row:nth-child(1) .name');
  await page.click('.row:nth-child(2) .words');
  t.equal(await page.textContent('#clicks'), '0', 'the page does not react to the clicks');
  await until('reading', () => comments.length > 0);
  t.same(comments, [{ site: `127.0.0.1:${port}`, comments: [] }], 'what stood there is history');

  const say = (user: string, text: string, max?: number): Promise<void> =>
    page.evaluate(([u, w, m]) => (globalThis as any).say(u, w, m), [user, text, max] as const);
  const arrived = (): string[] => comments.flatMap((one) => one.comments.map(({ user, text }) => `${user}: ${text}`));
  await say('Cy', 'how much is it?');
  await say('Di', '1');
  await say('Di', '1');
  await until('three', () => arrived().length === 3);
  t.same(arrived(), ['Cy: how much is it?', 'Di: 1', 'Di: 1']);
  await page.evaluate(() => (globalThis as any).redraw());
  await say('Ed', 'after the redraw', 3);
  await until('four', () => arrived().length === 4);
  t.equal(arrived().at(-1), 'Ed: after the redraw');
  const ids = comments.flatMap((one) => one.comments.map(({ id }) => id));
  t.equal(new Set(ids).size, 4);
  await until('counted', async () => /4 sent/.test((await panel.textContent('#comments-note')) ?? ''));

  await page.reload();
  await say('Fay', 'after the reload');
  await until('five', () => arrived().includes('Fay: after the reload'));
  t.equal(arrived().length, 5, 'a reload sends nothing twice');

  await panel.click('#stop-comments');
  await until('stopped', async () => (await panel.textContent('#comments-note')) === '');
  await say('Gus', 'after the end');
  await say('Hal', 'after the end');
  await new Promise((resolve) => setTimeout(resolve, 800));
  t.notOk(arrived().some((line) => line.includes('after the end')));
});

t.test('keeps comments while the engine restarts', { skip: noChromium }, async (t) => {
  const first = await engine(t);
  const browser = await openBrowser(t);
  await pair(browser, first.control.url);
  const port = await servePage(t, undefined, CHAT);
  const page = await browser.open(`http://127.0.0.1:${port}/live`);
  await browser.worker!.evaluate(
    (host) =>
      (globalThis as any).chrome.storage.local.set({
        readers: { [host]: { item: '.list > li.row', user: 'span.name', text: 'span.words' } },
      }),
    `127.0.0.1:${port}`,
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  await page.reload();
  await until('reading', () => first.comments.length > 0);
  await first.control.close();
  await page.evaluate(() => (globalThis as any).say('Cy', 'while it was away'));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const second = await engine(t, first.control.port);
  await until('arrived', () =>
    second.comments.some((one) => one.comments.some(({ text }) => text === 'while it was away')),
  );
  t.equal(second.comments.flatMap((one) => one.comments).length, 1);
});
