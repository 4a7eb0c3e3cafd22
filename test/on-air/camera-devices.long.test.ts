/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import t from 'tap';
import { cameraPath } from '../../src/core/files/paths.js';
import { frameRate, openBrowser, openCamera, refusal, servePage, SmallRoom, steadyFrameRate } from './camera-kit.js';
import { until } from '../kit/on-air.js';
import { noChromium } from '../kit/chromium.js';

const list = (page: Page) =>
  page.evaluate(async () =>
    (await navigator.mediaDevices.enumerateDevices())
      .filter(({ kind }) => kind === 'videoinput')
      .map(({ label, deviceId }) => ({ label, deviceId })),
  );

t.test(
  'gives each page the camera it asks for, beside a camera of the machine',
  { skip: noChromium, timeout: 300_000 },
  async (t) => {
    const { url } = await SmallRoom.start(t, { width: 360, height: 640 });
    const port = await servePage(t);
    const browser = await openBrowser(t, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
    const settings = { endpoint: `${url}/whep` };
    await browser.set(settings);
    const page = await browser.open(`http://127.0.0.1:${port}/`);

    const ours = await openCamera(page, { video: { width: { ideal: 1280 }, height: { ideal: 720 } } });
    t.match(ours, { label: 'Showroom Camera', width: 360, height: 640 }, 'preferred, and never larger than the room');
    const devices = await list(page);
    t.equal(devices[0]!.label, 'Showroom Camera');
    const fake = devices.find(({ label }) => label.startsWith('fake'));
    t.ok(fake, JSON.stringify(devices));

    const theirs = await openCamera(page, { video: { deviceId: { exact: fake!.deviceId } }, audio: true });
    t.same(theirs.tracks[1], fake!.label, 'the machine’s camera by its id');
    t.equal(theirs.tracks[0], 'Showroom Microphone', 'with the room’s sound, since none is named');
    const large = await openCamera(page, { video: { width: { exact: 640 }, height: { exact: 480 } } });
    t.match(large, { label: fake!.label, width: 640 }, 'the machine’s camera meets constraints the room cannot');
    const wish = await openCamera(page, { video: { deviceId: fake!.deviceId } });
    t.equal(wish.label, fake!.label);
    t.equal(
      await refusal(page, { video: { deviceId: { exact: devices[0]!.deviceId }, width: { min: 1000 } } }),
      'OverconstrainedError width',
    );

    await browser.set({ ...settings, preferred: false });
    t.equal((await openCamera(page, { video: true })).label, fake!.label, 'not preferred');
    t.equal((await list(page)).at(-1)!.label, 'Showroom Camera', 'and last in the list');
    const old = await page.evaluate(
      (id) =>
        new Promise((resolve) =>
          (navigator as any).webkitGetUserMedia(
            { video: { mandatory: { sourceId: id, maxWidth: 180 } } },
            (stream: MediaStream) => {
              const [track] = stream.getVideoTracks();
              resolve([track!.label, track!.getSettings().width, track!.getSettings().height]);
            },
            (error: Error) => resolve(error.name),
          ),
        ),
      devices[0]!.deviceId,
    );
    t.same(old, ['Showroom Camera', 180, 320], 'by the old call, with the old labels');

    await t.test('denies the camera to a frame without permission', async (t) => {
      const inner = await page.evaluate(
        (address) =>
          new Promise((resolve) => {
            const frame = document.createElement('iframe');
            frame.src = address;
            addEventListener('message', ({ data }) => resolve(data), { once: true });
            frame.onload = () => frame.contentWindow!.postMessage('ask', '*');
            document.body.append(frame);
          }),
        `http://localhost:${await servePage(t, undefined, ASKING)}/`,
      );
      t.match(inner, /^NotAllowedError/);
    });
  },
);

/** A page that asks for a camera on request, and reports the result. */
const ASKING = `<!doctype html><script>
addEventListener('message', async () => {
  const tell = (text) => parent.postMessage(text, '*');
  try { tell((await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks()[0].label); }
  catch (error) { tell(error.name); }
});</script>`;

t.test(
  'the userscript does the same where a script manager runs it',
  { skip: noChromium, timeout: 300_000 },
  async (t) => {
    const { url } = await SmallRoom.start(t, { width: 360, height: 640 });
    const port = await servePage(t);
    const browser = await openBrowser(t, [], false);
    // What script managers give: requests without the page's limits, a store, a menu.
    await browser.context.exposeFunction(
      'managerRequest',
      async (method: string, address: string, body: any, headers: any) => {
        const reply = await fetch(address, { method, body, headers });
        const lines = [...reply.headers].map(([name, value]) => `${name}: ${value}`);
        return { status: reply.status, responseText: await reply.text(), responseHeaders: lines.join('\r\n') };
      },
    );
    const served = await (await fetch(`${url}/camera/showroom-camera.user.js`)).text();
    t.not(served, readFileSync(cameraPath('showroom-camera.user.js'), 'utf8'), 'with this engine’s address');
    await browser.context.addInitScript({
      content: `(() => {
      const unsafeWindow = window, kept = new Map(), request = window.managerRequest;
      const GM_getValue = (key) => kept.get(key), GM_setValue = (key, value) => kept.set(key, value);
      const GM_registerMenuCommand = () => undefined;
      const GM_xmlhttpRequest = ({ method, url, data, headers, onload, onerror }) =>
        request(method, url, data, headers).then(onload, onerror);
      ${served}
    })();`,
    });
    const page = await browser.open(`http://127.0.0.1:${port}/`);
    const opened = await openCamera(page, { video: { width: 180 }, audio: true });
    t.match(opened, { width: 180, height: 320, tracks: ['Showroom Microphone', 'Showroom Camera'] });
    const fps = await steadyFrameRate(page, 30, 1.5);
    t.ok(fps > 28.5, `${fps.toFixed(1)} frames a second`);
    t.equal((await list(page))[0]!.label, 'Showroom Camera');
    const peak = await page.evaluate(async () => {
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      context.createMediaStreamSource((globalThis as any).stream).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      let most = 0;
      for (let i = 0; i < 400 && most < 0.1; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        analyser.getFloatTimeDomainData(samples);
        most = Math.max(most, ...samples.map(Math.abs));
      }
      return most;
    });
    t.ok(peak > 0.1, `the room’s beep is heard, peak ${peak.toFixed(2)}`);
  },
);

t.test('survives an engine that goes and returns', { skip: noChromium, timeout: 300_000 }, async (t) => {
  const room = await SmallRoom.start(t, { width: 320, height: 180 });
  const browser = await openBrowser(t);
  await browser.set({ endpoint: `${room.url}/whep` });
  const page = await browser.open(`http://127.0.0.1:${await servePage(t)}/`);
  await t.test('keeps the same track over an engine restart, then shows pictures again', async (t) => {
    await openCamera(page, { video: true, audio: true });
    t.ok((await steadyFrameRate(page, 30, 1.5)) > 28.5);
    await page.evaluate(() => {
      (globalThis as any).changes = 0;
      navigator.mediaDevices.addEventListener('devicechange', () => ((globalThis as any).changes += 1));
    });
    await room.stop();
    await page.waitForTimeout(1500);
    const standing = await frameRate(page, 2);
    t.ok(standing >= 2 && standing < 12, `the last picture is repeated, ${standing.toFixed(1)} times a second`);
    await room.start();
    const backMs = performance.now();
    await until('pictures', async () => (await frameRate(page, 0.5)) > 15, 20_000);
    t.comment(`pictures ${Math.round(performance.now() - backMs)} ms after the engine was back`);
    const seen = await page.evaluate(() => ({
      states: (globalThis as any).stream
        .getTracks()
        .map((track: MediaStreamTrack) => `${track.readyState} ${track.muted}`),
      changes: (globalThis as any).changes,
    }));
    t.same(seen, { states: ['live false', 'live false'], changes: 0 }, 'the page has not noticed');
  });

  await t.test('disappears and returns like an unplugged camera', async (t) => {
    const changes = () => page.evaluate(() => (globalThis as any).changes as number);
    const before = await changes();
    await page.evaluate(() => {
      const [, track] = (globalThis as any).stream.getTracks() as MediaStreamTrack[];
      (globalThis as any).ended = new Promise((resolve) => track!.addEventListener('ended', () => resolve('ended')));
    });
    await browser.set({ endpoint: `${room.url}/whep`, sites: ['alibaba.com'] });
    t.equal(await page.evaluate(() => (globalThis as any).ended), 'ended', 'disabled on this site: its tracks end');
    await until('devicechange', async () => (await changes()) > before);
    t.same(await list(page), []);
    t.equal(await refusal(page, { video: true }), 'NotFoundError', "the browser's error without a camera");
    await browser.set({ endpoint: `${room.url}/whep` });
    await until('devicechange', async () => (await changes()) > before + 1);
    t.equal((await list(page)).length, 1);
    await room.stop();
    await until('devicechange', async () => (await changes()) > before + 2);
    t.same(await list(page), [], 'the engine has gone, and no page holds its camera');
  });
});
