/// <reference lib="dom" />
import t, { type Test } from 'tap';
import type { EventRecord } from '../../src/config/api/events-handle.js';
import { noChromium } from '../kit/chromium.js';
import { axe, DESK, keep, PHONE, serveDesk } from '../kit/desk-page.js';
import { until } from '../kit/until.js';
import { fakeRoom } from './fake-room.js';

const comment = (seq: number, more: Partial<EventRecord>): EventRecord => ({
  ...{ id: `e${seq}`, seq, platform: 'taobao', kind: 'comment', user: 'Anna', atMs: Date.now(), state: 'answered' },
  ...more,
});
const LONG = `${'Is it loud in the night? '.repeat(20)}😀`.slice(0, 500);

/** A room with comments of every fate, and one whose writer wishes us no good. */
async function serve(t: Test) {
  const room = fakeRoom();
  // Numbers of later comments follow these.
  const likes = Array.from(
    { length: 20 },
    (_, n) => ({ id: `l${n}`, platform: 'taobao', kind: 'like', user: 'Ben' }) as const,
  );
  room.events.take(likes);
  const comments = [
    comment(9, { text: '<img src=x onerror=alert(1)> How much for 500?', answer: 'It is 4.80 US dollars.' }),
    comment(8, {
      user: '<b onclick=alert(2)>Eve</b>',
      text: LONG,
      state: 'unanswered',
      reason: 'nobody knows the answer',
    }),
    comment(7, { user: 'مريم الحلوة', text: 'كم السعر؟', state: 'answering' }),
    comment(6, { user: 'Mallory', text: 'WhatsApp +1 415 555 2671', state: 'hostile' }),
    comment(5, { user: '王芳', text: '颜色好看', state: 'ignored' }),
  ];
  room.events.recent = () => comments;
  return { room, comments, ...(await serveDesk(t, room)) };
}

for (const [locale, states] of [
  ['en-GB', ['answered', 'open', 'waits', 'blocked', 'no question']],
  ['zh-CN', ['已答', '待答', '排队中', '已拦', '非提问']],
] as const) {
  t.test(`${locale}: comments are text, each with its fate, and no hostile word`, { skip: noChromium }, async (t) => {
    const { open, faults } = await serve(t);
    for (const viewport of [DESK, PHONE]) {
      const page = await open({ locale, viewport });
      await page.locator('.com li').first().waitFor();
      const texts = await page.locator('.com li .head').allTextContents();
      t.equal(texts.length, 5);
      for (const [i, state] of states.entries()) t.match(texts[i], state);
      t.match(texts[0], '<img src=x', 'markup is text');
      t.notMatch(await page.textContent('body'), '415 555');
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth), viewport.width, 'nothing overflows');
      t.same(await page.locator('.com img, .com b').count(), 0);
      t.same(await axe(page), [], `${viewport.width}: axe finds nothing`);
      await keep(page, `comments-${locale}-${viewport.width}`);
      await page.context().close();
    }
    t.same(faults, [], 'nothing runs, nothing is refused by the policy');
  });
}

t.test('answers, shows and hides with the keyboard alone; a refused answer stays', { skip: noChromium }, async (t) => {
  const { open, room } = await serve(t);
  const { calls } = room;
  const page = await open();
  await page.locator('.com li').first().waitFor();
  await page.keyboard.press('c');
  await page.keyboard.press('ArrowDown');
  await page.locator('.com li.sel', { hasText: 'Is it loud' }).waitFor();
  const draft = page.locator('.com textarea');
  await until('the suggested answer', async () => (await draft.inputValue()) === 'It weighs 780 grams.');
  t.match(await page.locator('.com li.sel .say').textContent(), 'From: attribute Weight');
  await page.keyboard.press('Enter');
  await until('the focus in the answer', () => draft.evaluate((node) => node === document.activeElement));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Ask me by phone');
  await page.keyboard.press('Enter');
  await page.getByText('Not spoken. phone number').waitFor();
  t.equal(await draft.inputValue(), 'Ask me by phone', 'it can be mended');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('It is silent.');
  await page.keyboard.press('Enter');
  await page.getByText('It is spoken next.').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await page.keyboard.press('h');
  await page.getByText('is hidden: no answer').waitFor();
  t.same(
    calls.filter((call) => /^(answer|show)/.test(call)),
    ['answer 8 Ask me by phone', 'answer 8 It is silent.', 'show 8'],
  );
  t.same(room.desk.hidden(), [{ platform: 'taobao', user: '<b onclick=alert(2)>Eve</b>' }]);

  await t.test('a list with a chosen row stands still, and new comments wait at its edge', async (t) => {
    const before = await page.locator('.com li').count();
    room.events.take([{ id: 'n1', platform: 'taobao', kind: 'comment', user: 'Ben', text: 'New one' }]);
    await page.getByRole('button', { name: '1 new' }).waitFor();
    t.equal(await page.locator('.com li').count(), before);
    await page.getByRole('button', { name: '1 new' }).click();
    await page.locator('.com li', { hasText: 'New one' }).waitFor();
  });
});

t.test('a cut connection is said, and what was missed comes after it, once', { skip: noChromium }, async (t) => {
  const { open, room } = await serve(t);
  const cuts: (() => Promise<void>)[] = [];
  let lets = true;
  const page = await open({
    prepare: (page) =>
      page.routeWebSocket(/api\/live/, async (socket) => {
        if (!lets) return socket.close();
        socket.connectToServer();
        cuts.push(() => socket.close());
      }),
  });
  await page.locator('.com li').first().waitFor();
  lets = false;
  await cuts[0]!();
  await page.getByText('The show goes on. Trying again').waitFor();
  room.events.take([{ id: 'm1', platform: 'taobao', kind: 'comment', user: 'Ben', text: 'Missed one' }]);
  lets = true;
  await page.locator('.com li', { hasText: 'Missed one' }).waitFor();
  t.equal(await page.locator('.com li').count(), 6, 'and nothing twice');
  t.ok(cuts.length >= 2);
});
