/// <reference lib="dom" />
import t from 'tap';
import { openBrowser, openCamera, refusal, servePage, steadyFrameRate } from './camera-kit.js';
import { onAir, templateRoom, until } from '../kit/on-air.js';
import { noChromium } from '../kit/chromium.js';

const SHOTS = process.env['SHOTS'];
const STRICT = "default-src 'none'; script-src 'self'; connect-src 'none'; frame-ancestors 'none'";

t.test('is a camera and a microphone for pages in Chromium', { skip: noChromium, timeout: 300_000 }, async (t) => {
  const room = await onAir(t, { ...templateRoom('minimal'), video: { width: 1280, height: 720, fps: 30 } });
  const viewers = () => room.live.snapshot().outputs.find(({ id }) => id === 'whep')?.viewers ?? 0;
  const strictPort = await servePage(t, STRICT);
  const publicPort = await servePage(t);
  // To the browser, one of the two pages comes from the internet, as a platform's pages do.
  const browser = await openBrowser(t, [`--ip-address-space-overrides=127.0.0.1:${publicPort}=public`]);
  await browser.set({ endpoint: `${room.url}/whep` });
  const page = await browser.open(`http://127.0.0.1:${strictPort}/`);
  const list = () =>
    page.evaluate(async () => (await navigator.mediaDevices.enumerateDevices()).map((one) => one.toJSON()));

  const permission = () =>
    page.evaluate(async () => (await navigator.permissions.query({ name: 'camera' as any })).state);

  await t.test('is visible to a page before it has asked, without id or name', async (t) => {
    t.same(
      await list(),
      ['audioinput', 'videoinput'].map((kind) => ({ deviceId: '', kind, label: '', groupId: '' })),
    );
    t.equal(await permission(), 'prompt');
  });
  await t.test('gives a page that asks as the samples do 1280×720 at 30 fps, under the strictest policy', async (t) => {
    const plain = await openCamera(page, { audio: false, video: true });
    t.match(plain, { label: 'Showroom Camera', width: 1280, height: 720, tracks: ['Showroom Camera'] });
    t.match(plain.settings, { width: 1280, height: 720, frameRate: 30, facingMode: 'user', resizeMode: 'none' });
    const fps = await steadyFrameRate(page, 30, 1.5);
    t.ok(fps > 28.5 && fps < 31.5, `${fps.toFixed(1)} frames a second`);
    const exact = await openCamera(page, {
      audio: true,
      video: { width: { exact: 1280 }, height: { exact: 720 } },
    });
    t.match(exact, { width: 1280, height: 720, tracks: ['Showroom Microphone', 'Showroom Camera'] });
    t.equal(await permission(), 'granted');
  });

  await t.test('delivers the room’s sound', async (t) => {
    const rms = () =>
      page.evaluate(async () => {
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        context.createMediaStreamSource((globalThis as any).stream).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        let sum = 0;
        for (let i = 0; i < 10; i += 1) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          analyser.getFloatTimeDomainData(samples);
          sum += samples.reduce((a, v) => a + v * v, 0) / samples.length;
        }
        await context.close();
        return Math.sqrt(sum / 10);
      });
    // The encoder of this sound starts with its first listener.
    await until('sound above −40 dBFS', async () => (await rms()) > 0.01, 20_000);
    t.pass();
  });

  await t.test('looks like the browser’s own devices, with stable ids for this site', async (t) => {
    const devices = await list();
    t.same(
      devices.map(({ kind, label }) => [kind, label]),
      [
        ['audioinput', 'Showroom Microphone'],
        ['videoinput', 'Showroom Camera'],
      ],
    );
    for (const { deviceId, groupId } of devices) for (const id of [deviceId, groupId]) t.match(id, /^[0-9a-f]{64}$/);
    t.equal(devices[0]!.groupId, devices[1]!.groupId);
    const look = await page.evaluate(async () => {
      const [microphone, camera] = (await navigator.mediaDevices.enumerateDevices()) as any[];
      const [track] = (globalThis as any).stream.getVideoTracks();
      const clone = track.clone();
      const seen = {
        kinds: camera instanceof MediaDeviceInfo && camera instanceof (globalThis as any).InputDeviceInfo,
        tags: [camera, track, clone].map((one) => Object.prototype.toString.call(one)),
        own: [Object.getOwnPropertyNames(camera), Object.getOwnPropertyNames(track)].flat(),
        sizes: [camera.getCapabilities(), track.getCapabilities()].map((one) => [one.width, one.height, one.frameRate]),
        audio: microphone.getCapabilities().channelCount,
        cloned: [clone.label, clone.id !== track.id, clone.getSettings().width],
        constraints: track.getConstraints(),
        natives: [
          MediaDevices.prototype.getUserMedia,
          MediaDevices.prototype.enumerateDevices,
          MediaStreamTrack.prototype.getSettings,
          Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'label')!.get!,
          Function.prototype.toString,
        ].map((one) => `${one.name} ${one.length} ${one}`),
      };
      clone.stop();
      return seen;
    });
    t.ok(look.kinds);
    t.same(look.tags, ['[object InputDeviceInfo]', '[object MediaStreamTrack]', '[object MediaStreamTrack]']);
    t.same(look.own, []);
    const sizes = [
      { max: 1280, min: 1 },
      { max: 720, min: 1 },
      { max: 30, min: 1 },
    ];
    t.same(look.sizes, [sizes, sizes]);
    t.same(look.audio, { max: 2, min: 1 });
    t.same(look.cloned, ['Showroom Camera', true, 1280]);
    t.same(look.constraints, { width: { exact: 1280 }, height: { exact: 720 } });
    t.same(
      look.natives,
      [
        ['getUserMedia', 0],
        ['enumerateDevices', 0],
        ['getSettings', 0],
        ['get label', 0],
        ['toString', 0],
      ].map(([name, length]) => `${name} ${length} function ${name}() { [native code] }`),
    );
    await page.reload();
    t.same(await list(), devices, 'after a reload they are the same, with names at once');
    await page.goto(`http://localhost:${strictPort}/`);
    await openCamera(page, { video: true, audio: true });
    const elsewhere = await list();
    for (const [i, { deviceId }] of elsewhere.entries())
      t.not(deviceId, devices[i]!.deviceId, 'another site, other ids');
    await page.goto(`http://127.0.0.1:${strictPort}/`);
  });

  await t.test('names constraints that cannot be met, and honours ideals and sizes', async (t) => {
    const camera = (await list()).find(({ kind }) => kind === 'videoinput')!.deviceId;
    for (const [video, expected] of [
      [{ width: { exact: 1920 } }, 'width'],
      [{ height: { min: 1080 } }, 'height'],
      [{ frameRate: { exact: 60 } }, 'frameRate'],
      [{ facingMode: { exact: 'environment' } }, 'facingMode'],
      [
        { deviceId: { exact: camera }, aspectRatio: { exact: 1 }, width: { exact: 640 }, height: { exact: 360 } },
        'aspectRatio',
      ],
    ] as const) {
      t.equal(await refusal(page, { video }), `OverconstrainedError ${expected}`, JSON.stringify(video));
    }
    t.equal(await refusal(page, { video: { deviceId: { exact: 'f00d' } } }), 'OverconstrainedError deviceId');
    t.equal(await refusal(page, {}), 'TypeError');
    const wished = await openCamera(page, { video: { facingMode: 'environment', width: 640, deviceId: camera } });
    t.match(wished, { label: 'Showroom Camera', width: 640, height: 360 });
    const slow = await openCamera(page, { video: { deviceId: { exact: camera }, frameRate: { max: 10 } } });
    t.equal(slow.settings['frameRate'], 10);
    const fps = await steadyFrameRate(page, 10, 1);
    t.ok(fps > 9 && fps < 11, `${fps.toFixed(1)} frames a second`);
    const applied = await page.evaluate(async () => {
      const [track] = (globalThis as any).stream.getVideoTracks() as MediaStreamTrack[];
      await track!.applyConstraints({ width: { exact: 640 }, height: { exact: 480 } });
      const refused = await track!.applyConstraints({ width: { exact: 5000 } }).catch((e: any) => e.constraint);
      await new Promise((resolve) => setTimeout(resolve, 800));
      const video = document.querySelector('video')!;
      return { refused, size: [video.videoWidth, video.videoHeight], width: track!.getSettings().width };
    });
    t.same(applied, { refused: 'width', size: [640, 480], width: 640 });
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/camera-640x480.png` });
  });

  await t.test('serves a page from the internet, which must not connect to this machine itself', async (t) => {
    const outside = await browser.open(`http://127.0.0.1:${publicPort}/`);
    const own = await outside.evaluate(
      (url) => fetch(url).then(String, (e: Error) => e.name),
      `${room.url}/camera.json`,
    );
    t.equal(own, 'TypeError', 'the browser blocks the page’s own request');
    t.match(await openCamera(outside, { video: true }), { label: 'Showroom Camera', width: 1280, height: 720 });
    await outside.close();
    await until('the closed page’s session is released', () => viewers() <= 1);
  });

  await t.test('shows the room in its panel and keeps settings', async (t) => {
    const id = new URL(browser.worker!.url()).hostname;
    const panel = await browser.open(`chrome-extension://${id}/panel.html?popup`);
    await panel.setViewportSize({ width: 360, height: 600 });
    await panel.waitForSelector('#state[data-state=live]');
    await panel.waitForSelector('#screen.playing', { timeout: 15_000 });
    t.equal(await panel.textContent('#size'), '1280×720 · 30 fps');
    if (SHOTS !== undefined) {
      await panel.screenshot({ path: `${SHOTS}/camera-popup.png`, fullPage: true });
      await panel.goto(`chrome-extension://${id}/panel.html`);
      await panel.waitForSelector('#screen.playing', { timeout: 15_000 });
      await panel.setViewportSize({ width: 900, height: 900 });
      await panel.screenshot({ path: `${SHOTS}/camera-options.png`, fullPage: true });
    }
    await panel.fill('#endpoint', 'nonsense:');
    await panel.evaluate(() => (document.querySelector('#endpoint') as HTMLInputElement).removeAttribute('type'));
    await panel.click('form button');
    await panel.waitForSelector('#note.bad');
    t.match(await panel.textContent('#note'), /Expected an address/);
    await panel.fill('#endpoint', `${room.url}/whep `);
    await panel.click('form button');
    await panel.waitForSelector('#note:not(.bad)');
    t.equal(await panel.textContent('#note'), 'Saved.');
    const kept = await browser.worker!.evaluate(() => (globalThis as any).chrome.storage.local.get('settings'));
    const { endpoint, preferred, sites } = (kept as any).settings;
    t.same([endpoint, preferred, sites[0]], [`${room.url}/whep`, true, 'alibaba.com']);
    await panel.close();
  });

  await t.test('is tried on the page that explains it', async (t) => {
    const how = await browser.open(`${room.url}/camera`);
    await how.click('#test');
    await how.waitForSelector('#found[data-state=good]');
    t.equal(await how.textContent('#found'), 'It works: Showroom Camera, 1280×720, 30 fps');
    if (SHOTS !== undefined) {
      await how.setViewportSize({ width: 900, height: 1200 });
      await how.waitForTimeout(500);
      await how.screenshot({ path: `${SHOTS}/camera-how-en.png`, fullPage: true });
      await how.click('#language');
      await how.screenshot({ path: `${SHOTS}/camera-how-zh.png`, fullPage: true });
    }
    await how.close();
  });
});
