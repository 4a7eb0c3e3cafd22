/// <reference lib="dom" />
import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import { onAir, templateRoom } from '../kit/on-air.js';
import { until } from '../kit/until.js';
import { launchChromium, noChromium } from '../kit/chromium.js';

t.test(
  'plays the watch page in Chromium: picture, sound and figures, without an error',
  { skip: noChromium, timeout: 300_000 },
  async (t) => {
    const audio = { music: { src: templatePath('music', 'calm.flac'), gainDb: 0, instrumental: true } };
    const room = await onAir(t, { ...templateRoom('minimal'), video: { width: 256, height: 256, fps: 15 }, audio });
    const browser = await launchChromium(t, ['--disable-quic']);
    const page = await browser.newPage({ viewport: { width: 800, height: 600 }, locale: 'en-GB' });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`${room.url}/#token=on-air-test`);
    const frames = () =>
      page.evaluate(
        () => (document.querySelector('video') as any).getVideoPlaybackQuality().totalVideoFrames as number,
      );
    await page.waitForFunction(() => (document.querySelector('video') as any).videoWidth === 256, undefined, {
      timeout: 20_000,
    });
    const before = await frames();
    await page.click('#sound');
    const energy = await page.evaluate(async () => {
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      context.createMediaStreamSource((document.querySelector('video') as any).srcObject).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      let sum = 0;
      for (let i = 0; i < 20; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        analyser.getFloatTimeDomainData(samples);
        sum += samples.reduce((a, v) => a + v * v, 0) / samples.length;
      }
      return Math.sqrt(sum / 20);
    });
    t.ok(energy > 0.01, `sound at ${energy.toFixed(3)} RMS`);
    await until('twenty more frames', async () => (await frames()) > before + 20);
    t.ok((await frames()) > before + 20, 'the picture moves');
    t.match(await page.textContent('#state'), 'On air');
    t.match(await page.textContent('#outputs'), /local/);
    t.ok(await page.isVisible('#say'));

    await t.test('lets the operator speak, blank and resume', async (t) => {
      await page.fill('#say-text', 'A warm welcome to everybody who has just joined us');
      await page.click('#say button');
      await page.waitForFunction(() => document.querySelector('#say-result')!.textContent !== '');
      t.match(await page.textContent('#say-result'), 'It will be spoken.');
      await page.click('[data-do=blank]');
      await page.waitForSelector('#state[data-state=blanked]');
      await page.click('[data-do=resume]');
      await page.waitForSelector('#state[data-state=on-air]');
    });
    if (process.env['SHOTS'] !== undefined) await page.screenshot({ path: `${process.env['SHOTS']}/watch.png` });
    t.same(errors, [], 'no page error');
    t.equal(room.live.snapshot().outputs.find((o) => o.id === 'whep')?.viewers, 1);
  },
);
