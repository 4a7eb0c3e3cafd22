/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page, Worker } from 'playwright-core';
import type { Test } from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/paths.js';
import { LiveRoom } from '../../src/engine/live-room.js';
import { templateRoom, writeRoom } from './kit.js';

export const CHROMIUM = '/usr/bin/chromium';
export const EXTENSION = templatePath('camera', 'extension');

/** A room on air that can be ended and put on air again at the same address. */
export class RestartableRoom {
  url = '';
  private file = '';
  private parts: { live: LiveRoom; control: ControlServer } | undefined;

  static async start(t: Test, name: string): Promise<RestartableRoom> {
    const room = new RestartableRoom();
    room.file = writeRoom(t, templateRoom(name));
    t.teardown(() => room.stop());
    await room.start();
    return room;
  }

  get viewers(): number {
    return this.parts?.live.snapshot().outputs.find((o) => o.id === 'whep')?.viewers ?? 0;
  }

  async start(): Promise<void> {
    const live = await LiveRoom.start(loadRoom(this.file), { log: silentLog, signal: new AbortController().signal });
    const port = this.url === '' ? 0 : Number(new URL(this.url).port);
    const options = { room: live, host: '127.0.0.1', port, token: 'camera-test', log: silentLog };
    const control = await ControlServer.start(options);
    this.parts = { live, control };
    this.url = control.url;
  }

  async stop(): Promise<void> {
    const { live, control } = this.parts ?? {};
    this.parts = undefined;
    await control?.close();
    await live?.close();
  }
}

const PAGE = '<!doctype html><video autoplay muted playsinline></video>';

/** Serves one page, by default an empty one with a video, under a policy where one is given. */
export async function servePage(t: Test, csp?: string, html = PAGE): Promise<number> {
  const server = createServer((_, response) => {
    if (csp !== undefined) response.setHeader('content-security-policy', csp);
    response.setHeader('content-type', 'text/html').end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  return (server.address() as AddressInfo).port;
}

export interface CameraBrowser {
  readonly context: BrowserContext;
  /** The extension's worker, to change its settings; undefined without the extension. */
  readonly worker: Worker | undefined;
  set(settings: Record<string, unknown>): Promise<void>;
  open(url: string): Promise<Page>;
}

/** Chromium as a person runs it, with the extension loaded unpacked unless told otherwise. */
export async function openBrowser(t: Test, flags: readonly string[] = [], extension = true): Promise<CameraBrowser> {
  const { chromium } = await import('playwright-core');
  const profile = mkdtempSync(join(tmpdir(), 'showroom-browser-'));
  t.teardown(() => rmSync(profile, { recursive: true, force: true, maxRetries: 3 }));
  const load = extension ? [`--load-extension=${EXTENSION}`, `--disable-extensions-except=${EXTENSION}`] : [];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: false,
    ignoreDefaultArgs: ['--disable-extensions'],
    locale: 'en-GB',
    args: [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
      ...load,
      ...flags,
    ],
  });
  t.teardown(() => context.close());
  const worker = extension ? (context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))) : undefined;
  return {
    context,
    worker,
    set: async (settings) => {
      await worker!.evaluate((value) => (globalThis as any).chrome.storage.local.set({ settings: value }), settings);
    },
    open: async (url) => {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
  };
}

/** Opens a camera in the page as the web's samples do, shows it, and says what it is. */
export const openCamera = (page: Page, constraints: unknown): Promise<Opened> =>
  page.evaluate(async (asked) => {
    const stream = await navigator.mediaDevices.getUserMedia(asked as MediaStreamConstraints);
    (globalThis as any).stream = stream;
    const video = document.querySelector('video')!;
    video.srcObject = stream;
    await video.play();
    const [track] = stream.getVideoTracks();
    return {
      label: track?.label ?? '',
      settings: track?.getSettings() as never,
      width: video.videoWidth,
      height: video.videoHeight,
      tracks: stream.getTracks().map((one) => one.label),
    };
  }, constraints);

export interface Opened {
  readonly label: string;
  readonly settings: Record<string, unknown>;
  readonly width: number;
  readonly height: number;
  readonly tracks: readonly string[];
}

/** The name of what `getUserMedia` rejects with, and the constraint it names; undefined when it does not reject. */
export const refusal = (page: Page, constraints: unknown): Promise<string | undefined> =>
  page.evaluate(async (asked) => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(asked as MediaStreamConstraints);
      for (const track of stream.getTracks()) track.stop();
      return undefined;
    } catch (error) {
      const { name, constraint } = error as { name: string; constraint?: string };
      return constraint === undefined ? name : `${name} ${constraint}`;
    }
  }, constraints);

/** Frames a second that the page's video shows. */
export async function frameRate(page: Page, seconds = 4): Promise<number> {
  const frames = (): Promise<number> =>
    page.evaluate(() => document.querySelector('video')!.getVideoPlaybackQuality().totalVideoFrames);
  const [before, startMs] = [await frames(), performance.now()];
  await page.waitForTimeout(seconds * 1000);
  return ((await frames()) - before) / ((performance.now() - startMs) / 1000);
}

/** The best of a few looks: other work on the machine takes frames from a browser as it does from a person's. */
export async function bestFrameRate(page: Page, enough: number, looks = 6): Promise<number> {
  let best = 0;
  for (let i = 0; i < looks && best <= enough; i += 1) best = Math.max(best, await frameRate(page, 3));
  return best;
}
