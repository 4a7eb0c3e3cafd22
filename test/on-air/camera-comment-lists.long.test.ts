/// <reference lib="dom" />
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import type { Frame } from 'playwright-core';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from '../control/fake-room.js';
import { noChromium } from '../kit/chromium.js';
import { until } from '../kit/until.js';
import { openBrowser } from './camera-kit.js';

const TOKEN = 'the-token-of-this-room';

/** Pages of other shapes: each adds a comment with `say(user, text)`. */
const PAGES: Readonly<Record<string, string>> = {
  // Neither classes nor an element for the words; the newest on top; recycled to four rows.
  '/bare': `<div id="chat"><div><b>Ann</b>: old one</div><div><b>Bob</b>: old two</div></div><script>
    window.say = (user, text) => {
      const chat = document.querySelector('#chat');
      const row = chat.children.length >= 4 ? chat.lastElementChild : document.createElement('div');
      row.innerHTML = '<b></b>: ';
      row.firstChild.textContent = user;
      row.append(text);
      chat.prepend(row);
    };</script>`,
  // Generated class names, a state that one row has, a badge that some rows have, rows in wrappers that move.
  '/built': `<section><div class="list--x9"><div class="wrap--a1"><div class="row--b2 hover--z"><span class="lv--c3">LV3</span><span class="nick--d4">Ann</span><div class="body--e5"><p>old one</p></div></div></div>
    <div class="wrap--a1"><div class="row--b2"><span class="nick--d4">Bob</span><div class="body--e5"><p>old two</p></div></div></div></div></section><script>
    window.say = (user, text) => {
      const wrap = document.createElement('div');
      wrap.className = 'wrap--a1';
      wrap.innerHTML = '<div class="row--b2"><span class="nick--d4"></span><div class="body--e5"><p></p></div></div>';
      wrap.querySelector('.nick--d4').textContent = user;
      wrap.querySelector('p').textContent = text;
      document.querySelector('.list--x9').append(wrap);
    };</script>`,
  '/outer': '<h1>Live</h1><iframe src="/bare" width="600" height="300"></iframe>',
};

async function site(t: Test): Promise<number> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html').end(`<!doctype html>${PAGES[request.url!] ?? ''}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

interface Clicks {
  readonly path: string;
  readonly item: string;
  readonly user: string;
  readonly text: string;
  /** The comments are in the page's frame. */
  readonly framed?: boolean;
}

const SHAPES: Readonly<Record<string, Clicks>> = {
  'a list without classes, the newest on top, rows reused': {
    path: '/bare',
    item: '#chat > div:nth-child(2)',
    user: '#chat > div:nth-child(1) b',
    text: '#chat > div:nth-child(2)',
  },
  'generated class names, badges and wrappers': {
    path: '/built',
    item: '.row--b2 p',
    user: '.row--b2 .nick--d4',
    text: '.row--b2 p',
  },
  'a list in a frame': {
    path: '/outer',
    item: '#chat > div:nth-child(2)',
    user: '#chat > div:nth-child(1) b',
    text: '#chat > div:nth-child(2)',
    framed: true,
  },
};

for (const [shape, { path, item, user, text, framed = false }] of Object.entries(SHAPES)) {
  t.test(`reads ${shape}`, { skip: noChromium }, async (t) => {
    const arrived: string[] = [];
    let batches = 0;
    const control = await ControlServer.start({
      room: {
        ...fakeRoom(),
        sources: {
          health: () => [],
          takePage: (_site, comments) => {
            batches += 1;
            arrived.push(...comments.map((one) => `${one.user}: ${one.text}`));
            return { taken: comments.length, repeated: 0, dropped: 0 };
          },
        },
      },
      host: '127.0.0.1',
      port: 0,
      token: TOKEN,
      log: silentLog,
    });
    t.teardown(() => control.close());
    const browser = await openBrowser(t);
    await browser.set({ endpoint: `${control.url}/whep`, token: TOKEN });
    const page = await browser.open(`http://127.0.0.1:${await site(t)}${path}`);
    const tab = await browser.worker!.evaluate(async (url) => {
      const tabs = (await (globalThis as any).chrome.tabs.query({})) as { id: number; url?: string }[];
      return tabs.find((one) => one.url === url)!.id;
    }, page.url());
    const panel = await browser.open(`chrome-extension://${new URL(browser.worker!.url()).host}/panel.html?tab=${tab}`);
    await panel.click('#read-comments');
    await page.bringToFront();
    const frame: Frame = framed ? page.frames()[1]! : page.mainFrame();
    await until('picker', () => frame.evaluate(() => document.documentElement.lastElementChild?.localName === 'div'));
    // At the end of a row: its bare words, not the name.
    const right = { position: { x: 75, y: 8 } };
    const left = { position: { x: 8, y: 8 } };
    await page.mouse.move(5, 40);
    await frame.click(item, item.endsWith('p') ? left : right);
    await frame.click(user);
    await frame.click(text, text.endsWith('p') ? left : right);
    await until('reading', () => batches > 0);
    for (const [name, words] of [
      ['Cy', 'how much?'],
      ['Di', 'in red?'],
      ['Di', 'in red?'],
      ['Ed', 'in: blue?'],
    ] as const) {
      await frame.evaluate(([u, w]) => (globalThis as any).say(u, w), [name, words] as const);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    await until('four', () => arrived.length >= 4).catch(() => undefined);
    t.same(arrived, ['Cy: how much?', 'Di: in red?', 'Di: in red?', 'Ed: in: blue?']);
  });
}
