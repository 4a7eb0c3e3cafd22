/// <reference lib="dom" />
import t from 'tap';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { PASSWORD, startStudio } from '../server/studio-rig.js';

/** Runs if any page takes it for markup. */
const hostile = (where: string): string => `<img src=x onerror="window.hacked='${where}'">${where}`;

t.test(
  'words of people, products and receivers are text on every page',
  { skip: noChromium, timeout: 120_000 },
  async (t) => {
    const rig = await startStudio();
    t.teardown(() => rig.close());
    const { owner } = rig;
    const { id } = await rig.room(hostile('room'));
    const { link } = (await owner.post('/api/people/invitations', { email: 'mallory@example.com', role: 'editor' }))
      .body;
    const guest = rig.anybody();
    const taken = await guest.post(`/api/invitations/${String(link).split('#')[1]}`, {
      name: hostile('person'),
      password: PASSWORD,
    });
    t.equal(taken.status < 300, true, JSON.stringify(taken.body));
    const made = await owner.post('/api/destinations', {
      name: hostile('receiver'),
      preset: 'rtmp',
      server: 'rtmp://203.0.113.7/live',
      key: 'k',
    });
    t.equal(made.status < 300, true, JSON.stringify(made.body));
    await owner.call('PUT', `/api/rooms/${id}/destinations`, { ids: [made.body.id] });
    const { room, version } = (await owner.get(`/api/rooms/${id}/file`)).body;
    const first = room.products?.[0];
    const changes = [
      ...(first === undefined ? [] : [{ path: '/products/0/title', value: hostile('product') }]),
      { path: '/script/segments', value: [{ ...room.script.segments[0], lines: [{ text: hostile('line') }] }] },
    ];
    t.equal((await owner.call('PATCH', `/api/rooms/${id}/file`, { base: version, changes })).status, 200);

    const browser = await launchChromium(t);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    const [name, ...value] = owner.cookie.split('=');
    await context.addCookies([{ name: name!, value: value.join('='), url: rig.server.url }]);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('dialog', (dialog) => faults.push(dialog.message()));
    page.on('console', (message) => {
      if (/Content Security Policy directive 'script/.test(message.text())) faults.push(message.text());
    });
    const places: readonly (readonly [string, readonly string[]])[] = [
      ['/', ['room']],
      [`/rooms/${id}/products`, ['room', 'line', ...(first === undefined ? [] : ['product'])]],
      [`/rooms/${id}/live`, ['room', 'receiver']],
      [`/rooms/${id}/template`, ['room']],
      [`/rooms/${id}/reports`, ['room']],
      ['/people', ['person']],
      ['/audit', []],
    ];
    for (const [path, shown] of places) {
      await page.goto(rig.server.url + path);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      for (const where of shown) {
        await page.getByText(`>${where}`).first().waitFor({ state: 'attached', timeout: 10_000 });
        t.pass(`${path} shows the words of the ${where} as they are`);
      }
      t.equal(
        await page.evaluate(() => (window as { hacked?: string }).hacked),
        undefined,
        `${path} runs none of them`,
      );
      t.equal(await page.locator('img[src=x]').count(), 0, `${path} makes no picture of them`);
    }
    t.same(faults, []);
  },
);
