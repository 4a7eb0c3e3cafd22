/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import type { AgendaItemSnapshot } from '../../src/core/handles/agenda-handle.js';
import type { EventRecord, OpenQuestion } from '../../src/core/handles/events-handle.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { fakeRoom } from './fake-room.js';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** For people: `SHOTS=folder` keeps screenshots. */
const keep = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
};

const comment = (seq: number, more: Partial<EventRecord>): EventRecord => ({
  ...{ id: `e${seq}`, seq, platform: 'taobao', kind: 'comment', user: 'Anna', atMs: 0, state: 'answered' },
  ...more,
});
const question = (id: string, text: string): OpenQuestion => ({
  ...{ id, text, user: 'Ben', language: 'en', product: null, count: 1, atMs: 1, reason: 'unknown' },
});
const line = (id: string, kind: string, text: string): AgendaItemSnapshot => ({
  ...{ id, kind, text, role: 'host', state: 'waiting', waitedMs: 100 },
});

const PRODUCTS = [
  { id: 'bottle', title: 'Insulated Steel Bottle 750 ml', price: { amount: 4.8, currency: 'USD', unit: 'piece' } },
  { id: 'boards', title: 'Bamboo Cutting Board Set', price: { amount: 6.5, currency: 'USD', unit: 'set' } },
];

/** A room with comments of every fate, waiting lines and two products. */
async function serve(t: Test) {
  const room = fakeRoom();
  const { calls } = room;
  const comments = [
    comment(5, {
      text: '<img src=x onerror=alert(1)> How much for 500 pieces?',
      answer: 'From 500 pieces it is 4.80 US dollars.',
    }),
    comment(4, { user: '王芳', text: '起订量多少', state: 'answering' }),
    comment(3, { user: 'Eve', text: 'WhatsApp +1 415 555 2671', state: 'hostile' }),
    comment(2, { user: 'Lucía', text: '¿Flota en el agua?', state: 'unanswered', reason: 'nobody knows the answer' }),
    comment(1, { user: '', kind: 'like' }),
  ];
  let open = [question('q1', 'Does it float on water?'), question('q2', 'Is it loud?')];
  let waiting = [
    line('say-3', 'operator', 'The mug is back in stock.'),
    line('reply-4', 'reply', 'The minimum order is 500.'),
  ];
  let paused = false;
  const stock: Record<string, string> = {};
  let pinned: string | null = null;
  const usual = { ...room.agenda.snapshot() };
  Object.assign(room.agenda, {
    snapshot: () => ({ ...usual, paused, waiting }),
    cancel: async (id: string) => {
      calls.push(`cancel ${id}`);
      waiting = waiting.filter((one) => one.id !== id);
    },
  });
  Object.assign(room.script, {
    pause: async () => {
      paused = true;
      calls.push('pause');
      return room.script.snapshot();
    },
    resume: async () => {
      paused = false;
      calls.push('continue');
      return room.script.snapshot();
    },
  });
  const answer = room.events.answer;
  Object.assign(room.events, {
    recent: () => comments,
    questions: () => open,
    answer: async (id: string, text: string) => {
      calls.push(`answer ${id} ${text}`);
      const result = await answer('q1', text);
      if (result.result === 'queued') open = open.filter((one) => one.id !== id);
      return result;
    },
  });
  const state = (one: (typeof PRODUCTS)[number]) => ({
    ...{ id: one.id, shown: one.id === 'bottle', pinned: pinned === one.id, segments: 1 },
    product: { ...one, stock: stock[one.id] ?? 'on-sale' },
  });
  Object.assign(room.products, {
    list: () => ({ shown: 'bottle', pinned, products: PRODUCTS.map(state) }),
    get: (id: string) => state(PRODUCTS.find((one) => one.id === id)!),
    patch: async (id: string, body: { stock: string }) => {
      stock[id] = body.stock;
      calls.push(`${body.stock} ${id}`);
      return { ...state(PRODUCTS.find((one) => one.id === id)!), atFrame: 7, breaks: [] };
    },
    pin: async (id: string | null) => {
      pinned = id;
      calls.push(`pin ${id}`);
      return { pinned, shown: 'bottle', atFrame: 7, segments: 1 };
    },
  });
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
  t.teardown(() => server.close());
  const browser = await launchChromium(t);
  const errors: string[] = [];
  const show = async (locale: string, viewport: typeof DESK): Promise<Page> => {
    const page = await browser.newPage({ locale, viewport, isMobile: viewport === PHONE });
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('dialog', (dialog) => errors.push(dialog.message()));
    await page.goto(`${server.url}/#token=x`, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('#comments li');
    await page.waitForSelector('#products li');
    return page;
  };
  return { calls, show, errors };
}

const textsOf = (page: Page, selector: string): Promise<string[]> =>
  page.$$eval(selector, (nodes) => nodes.map((node) => node.textContent ?? ''));

const WORDS = {
  'en-GB': { states: ['answered', 'waiting', 'blocked', 'no answer'], pause: 'Pause script', soldOut: 'Sold out' },
  'zh-CN': { states: ['已回答', '等待回答', '已拦截', '未回答'], pause: '暂停话术', soldOut: '售罄' },
} as const;

for (const [locale, words] of Object.entries(WORDS)) {
  t.test(
    `${locale}: shows comments with their fate and answer, as text, and no hostile word`,
    { skip: noChromium },
    async (t) => {
      const { show, errors } = await serve(t);
      for (const [name, viewport] of Object.entries({ desk: DESK, phone: PHONE })) {
        const page = await show(locale, viewport);
        t.same(await textsOf(page, '#comments .pill'), words.states);
        t.match((await textsOf(page, '#comments .words'))[0], /<img src=x/, 'markup is text');
        t.equal((await textsOf(page, '#comments small'))[0], '→ From 500 pieces it is 4.80 US dollars.');
        t.notMatch(await page.textContent('body'), /415 555|Eve/);
        t.equal(await page.textContent('#script-pause'), words.pause);
        t.equal((await textsOf(page, '#products button')).at(-1), words.soldOut);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        t.equal(wide, viewport.width, `nothing overflows the ${name}`);
        await keep(page, `viewers-${locale}-${name}`);
        await page.close();
      }
      t.same(errors, [], 'nothing its policy forbids');
    },
  );
}

t.test('an answer goes to its question; a refused one stays in its box', { skip: noChromium }, async (t) => {
  const { show, calls } = await serve(t);
  const page = await show('en-GB', DESK);
  const box = page.locator('#questions li').filter({ hasText: 'Is it loud?' }).locator('input');
  await box.fill('Ask by phone');
  // Polls go on while somebody types.
  await page.waitForTimeout(2500);
  t.equal(await box.inputValue(), 'Ask by phone', 'what was typed stays');
  t.ok(await box.evaluate((node) => node === document.activeElement), 'and the focus too');
  await box.press('Enter');
  await page.waitForFunction(() => /Refused/.test(document.querySelector('#viewer-result')!.textContent!));
  t.equal(await box.inputValue(), 'Ask by phone');
  await box.fill('It is silent.');
  await box.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('#questions li').length === 1);
  t.same(
    calls.filter((call) => call.startsWith('answer')),
    ['answer q2 Ask by phone', 'answer q2 It is silent.'],
  );
});

t.test('script, waiting lines and products have their buttons', { skip: noChromium }, async (t) => {
  const { show, calls } = await serve(t);
  const page = await show('en-GB', DESK);
  const says = (selector: string, text: string): Promise<unknown> =>
    page.waitForFunction(([one, wanted]) => document.querySelector(one!)!.textContent === wanted, [
      selector,
      text,
    ] as const);
  await page.click('#script-pause');
  await says('#script-pause', 'Continue script');
  await page.click('#script-pause');
  await says('#script-pause', 'Pause script');
  await page.click('#script-skip');
  await page.locator('#agenda li').filter({ hasText: 'back in stock' }).locator('button').click();
  await page.waitForFunction(() => document.querySelectorAll('#agenda li').length === 1);
  const boards = page.locator('#products li').filter({ hasText: 'Bamboo' });
  await boards.locator('button').first().click();
  await says('#products li:nth-child(2) button', 'Unpin');
  await boards.locator('button').first().click();
  await says('#products li:nth-child(2) button', 'Pin');
  await boards.locator('button').last().click();
  await says('#products li:nth-child(2) button:last-child', 'Back on sale');
  const wanted = ['pause', 'continue', 'script skip {}', 'cancel say-3', 'pin boards', 'pin null', 'sold-out boards'];
  t.same(
    calls.filter((call) => !/^(offer|delete|candidate)/.test(call)),
    wanted,
  );
});
