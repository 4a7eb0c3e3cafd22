/// <reference lib="dom" />
import sharp from 'sharp';
import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import { axe, browseDesk, keep } from '../kit/desk-page.js';
import { noChromium } from '../kit/chromium.js';
import { onAir, templateRoom } from '../kit/on-air.js';
import { until } from '../kit/until.js';

t.test(
  'runs a show from the desk: picture, sound, a product, an answer on the picture, commands, takeover, by keys alone',
  { skip: noChromium, timeout: 300_000 },
  async (t) => {
    const audio = { music: { src: templatePath('music', 'calm.flac'), gainDb: 0, instrumental: true } };
    // An edit on air takes pictures of the room's own folder, or as data.
    const asData = async ({ id, title, image, price, minimumOrder }: any): Promise<any> => {
      const png = await sharp(image).resize(160).png().toBuffer();
      return { id, title, price, minimumOrder, image: `data:image/png;base64,${png.toString('base64')}` };
    };
    const [first, second] = await Promise.all<any>(templateRoom('demo-portrait')['products'].slice(0, 2).map(asData));
    const minimal = templateRoom('minimal');
    const room = await onAir(t, {
      ...minimal,
      video: { width: 256, height: 456, fps: 15 },
      layers: [...minimal['layers'], { id: 'news', type: 'text', text: 'Back in stock', x: 8, y: 60, z: 500 }],
      products: [first, second],
      audio,
      takeover: { quickPhrases: [{ id: 'back', text: 'We are back in a minute.' }] },
    });
    const { live, api } = room;
    const { open, faults } = await browseDesk(t, room.url, 'on-air-test');
    const page = await open({ viewport: { width: 1440, height: 900 } });
    const frames = () =>
      page.evaluate(
        () => (document.querySelector('video') as any).getVideoPlaybackQuality().totalVideoFrames as number,
      );
    await page.waitForFunction(() => (document.querySelector('video') as any).videoWidth === 256, undefined, {
      timeout: 30_000,
    });
    const before = await frames();
    await page.keyboard.press('l');
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
    t.equal(await page.evaluate(() => (document.querySelector('video') as any).muted), false);
    await until('twenty more frames', async () => (await frames()) > before + 20);
    const meter = await page.locator('.bars').getAttribute('aria-label');
    t.match(meter, /Level: left −\d+, right −\d+ dB/);
    await page.locator('.now .t').filter({ hasText: /\w/ }).waitFor();

    await t.test('pins a product, and marks it as sold out and back', async (t) => {
      await page.keyboard.press('2');
      await until('the pin', () => live.products.list().pinned === second.id);
      await page.keyboard.press('2');
      await until('no pin', () => live.products.list().pinned === null);
      await page.keyboard.press('Shift+2');
      const refusal = page.locator('.things .said.bad');
      await page.getByText('Sold out, script skips it').or(refusal).first().waitFor({ timeout: 90_000 });
      t.equal(await refusal.count(), 0, (await refusal.allTextContents()).join(' '));
      await page.keyboard.press('Shift+2');
      await page.getByText('Sold out, script skips it').waitFor({ state: 'detached', timeout: 90_000 });
      t.pass();
    });

    await t.test('answers a comment, which comes on the picture with its answer', async () => {
      await api('POST', '/api/events', {
        id: 'c1',
        platform: 'youtube',
        kind: 'comment',
        user: 'Anna',
        text: 'Will there be more colours?',
      });
      await page.locator('.com li', { hasText: 'more colours' }).waitFor({ timeout: 3000 });
      await page.keyboard.press('c');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('Two new colours come next month.');
      await page.keyboard.press('Enter');
      const isShown = (): boolean =>
        JSON.stringify(live.layers.list()).includes('A viewer asks about colours and variants.');
      await until('the question on the picture', isShown, 60_000);
      await page.locator('.com li', { hasText: 'more colours' }).locator('.st.ok').first().waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    });

    await t.test('mutes, blanks and resumes', async () => {
      await page.keyboard.press('m');
      await until('silence', () => live.snapshot().muted);
      await page.locator('.state b', { hasText: 'MUTED' }).waitFor();
      await page.keyboard.press('b');
      await until('the slate', () => live.snapshot().blanked);
      await page.locator('.state b', { hasText: 'BLANKED' }).waitFor();
      await page.keyboard.press('r');
      await until('the show', () => !live.snapshot().muted && !live.snapshot().blanked);
      await page.locator('.state b', { hasText: 'ON AIR' }).waitFor();
    });

    await t.test('takes over, speaks and gives back', async () => {
      await page.keyboard.press('t');
      await page.locator('.state b', { hasText: 'YOU SPEAK' }).waitFor();
      await until('the focus in the field', () =>
        page.locator('.take textarea').evaluate((node) => node === document.activeElement),
      );
      await page.keyboard.type('A warm welcome to everybody who has just joined us');
      await page.keyboard.press('Enter');
      await until(
        'the line is spoken',
        () => live.agenda.snapshot().current?.text.startsWith('A warm welcome') === true,
        60_000,
      );
      await page.keyboard.press('Alt+t');
      await until('it is given back', () => !live.takeover.state().on);
    });

    await t.test('hides a layer and shows it again', async () => {
      await page.getByRole('tab', { name: 'Layers' }).click();
      const row = page
        .locator('.lays li')
        .filter({ has: page.locator('button') })
        .first();
      await row.locator('button').click();
      await until('it is hidden', () => /"hidden":true/.test(JSON.stringify(live.layers.list())));
      await row.locator('button').click();
      await until('it is back', () => !/"hidden":true/.test(JSON.stringify(live.layers.list())));
    });

    await t.test('axe finds nothing, and the policy refuses nothing', async (t) => {
      t.same(await axe(page), []);
      await keep(page, 'desk-on-air');
      t.same(faults, []);
    });
    t.equal(live.snapshot().outputs.find((o) => o.id === 'whep')?.viewers, 1);
  },
);
