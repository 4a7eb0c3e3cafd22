/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import type { Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import type { RoomHandle } from '../../src/config/api/room-handle.js';
import { launchChromium } from './chromium.js';

export const DESK = { width: 1366, height: 657 };
export const PHONE = { width: 390, height: 844 };

export interface DeskServer {
  readonly url: string;
  /** What pages said that they should not: faults, violations of the policy, dialogs. */
  readonly faults: string[];
  open(options?: {
    readonly locale?: string;
    readonly viewport?: typeof DESK;
    readonly token?: boolean;
    readonly path?: string;
    /** Before the page is opened. */
    readonly prepare?: (page: Page) => Promise<void>;
  }): Promise<Page>;
}

const NO_NEWS = /Failed to load resource|net::ERR|WebSocket connection/;

/** Serves the desk of a room to Chromium. */
export async function serveDesk(t: Test, room: RoomHandle): Promise<DeskServer> {
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
  t.teardown(() => server.close());
  return browseDesk(t, server.url, 'x');
}

/** Opens the desk at an address. */
export async function browseDesk(t: Test, url: string, secret: string): Promise<DeskServer> {
  const browser = await launchChromium(t);
  const faults: string[] = [];
  return {
    url,
    faults,
    async open({ locale = 'en-GB', viewport = DESK, token = true, path = '/', prepare } = {}) {
      const context = await browser.newContext({ locale, viewport, hasTouch: viewport.width < 700 });
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('dialog', (dialog) => faults.push(dialog.message()));
      page.on('console', (message) => {
        if (message.type() === 'error' && !NO_NEWS.test(message.text())) faults.push(message.text());
      });
      await prepare?.(page);
      await page.goto(`${url}${path}${token ? `#token=${secret}` : ''}`, { waitUntil: 'domcontentloaded' });
      if (token && path === '/') await page.waitForSelector('.desk .state.ok, .desk .state.warn, .desk .state.bad');
      return page;
    },
  };
}

/** Violations that axe finds, one line each. */
export async function axe(page: Page): Promise<string[]> {
  // As a debugger and not as a script of the page, whose policy allows none from elsewhere.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async () => {
    const { violations } = await (globalThis as any).axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }: any) =>
      nodes.map(({ target, failureSummary }: any) => `${id}: ${target} ${String(failureSummary).slice(0, 200)}`),
    );
  });
}

/** For people: `SHOTS=folder` keeps screenshots. */
export async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}
