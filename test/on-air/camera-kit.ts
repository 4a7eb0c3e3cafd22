/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page, Worker } from 'playwright-core';
import type { Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { cameraPath } from '../../src/core/files/paths.js';
import { WhepServer } from '../../src/outputs/whep/whep-server.js';
import { CHROMIUM, QUIET_FLAGS } from '../kit/chromium.js';
import { fakeRoom } from '../control/fake-room.js';
import { SyntheticRoom } from '../encoder/synthetic-room.js';

export const EXTENSION = cameraPath('extension');

/**
 * The engine's own API, encoder and WHEP over a cheap picture; it can be closed and started again at the same address,
 * like a restarted engine.
 */
export class SmallRoom {
  url = '';
  private parts: { room: SyntheticRoom; whep: WhepServer; control: ControlServer } | undefined;

  private constructor(private readonly size: { width: number; height: number }) {}

  static async start(t: Test, size: { width: number; height: number }): Promise<SmallRoom> {
    const small = new SmallRoom(size);
    t.teardown(() => small.stop());
    await small.start();
    return small;
  }

  async start(): Promise<void> {
    const room = await SyntheticRoom.start(this.size);
    const whep = new WhepServer({ source: room.supervisor, rate: room.rate, maxViewers: 4, log: silentLog });
    const handle = fakeRoom();
    const control = await ControlServer.start({
      room: {
        ...handle,
        snapshot: () => ({ ...handle.snapshot(), ...this.size, fps: 30 }),
        whepOffer: (sdp) => whep.offer(sdp),
        whepDelete: (id) => whep.delete(id),
      },
      host: '127.0.0.1',
      port: this.url === '' ? 0 : Number(new URL(this.url).port),
      token: 'x',
      log: silentLog,
    });
    this.parts = { room, whep, control };
    this.url = control.url;
  }

  async stop(): Promise<void> {
    const { room, whep, control } = this.parts ?? {};
    this.parts = undefined;
    await control?.close();
    await whep?.close();
    await room?.close();
  }
}

const PAGE = '<!doctype html><video autoplay muted playsinline></video>';

/** Serves one page, by default an empty one with a video, optionally under a policy. */
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

/** Chromium as a person runs it, with the extension loaded unpacked unless disabled. */
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
    args: ['--headless=new', ...QUIET_FLAGS, ...load, ...flags],
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

/** Opens a camera in the page as the web's samples do, shows it, and returns its properties. */
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

/** The error name and constraint of a rejected `getUserMedia`; undefined when it resolves. */
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

/** Frames per second shown by the page's video. */
export async function frameRate(page: Page, seconds = 4): Promise<number> {
  const frames = (): Promise<number> =>
    page.evaluate(() => document.querySelector('video')!.getVideoPlaybackQuality().totalVideoFrames);
  const [before, startMs] = [await frames(), performance.now()];
  await page.waitForTimeout(seconds * 1000);
  return ((await frames()) - before) / ((performance.now() - startMs) / 1000);
}

/** The measured rate nearest to the expected one: other work on the machine delays a browser and lets it catch up. */
export async function steadyFrameRate(page: Page, expected: number, within: number, looks = 16): Promise<number> {
  let nearest = 0;
  for (let i = 0; i < looks && Math.abs(nearest - expected) > within; i += 1) {
    const rate = await frameRate(page, 3);
    if (Math.abs(rate - expected) < Math.abs(nearest - expected)) nearest = rate;
  }
  return nearest;
}
