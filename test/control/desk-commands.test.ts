/// <reference lib="dom" />
import t from 'tap';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { DESK, keep, PHONE, serveDesk } from '../kit/desk-page.js';
import { until } from '../kit/until.js';
import { sampled } from '../kit/whole.js';
import { fakeRoom } from './fake-room.js';

const WORDS = {
  'en-GB': {
    ...{ mute: 'Mute', muted: 'Muted', blank: 'Blank', dump: 'Dump', resume: 'Resume' },
    dumped: 'Dropped 0.3 s (8 frames). Nobody sees or hears them.',
    isMuted: 'Viewers see the show and hear nothing. Muted by hand.',
    both: 'Viewers see the slate and hear nothing. Blanked and muted.',
    held: 'Viewers see the slate and hear the show. Forbidden words on the picture.',
    air: 'Viewers see and hear the show. 1 of 1 output is live.',
  },
  'zh-CN': {
    ...{ mute: '静音', muted: '已静音', blank: '遮屏', dump: '丢弃', resume: '恢复' },
    dumped: '已丢弃 0.3 秒（8 帧），观众不会看到或听到。',
    isMuted: '观众看得到画面，听不到声音。人工静音。',
    both: '观众看到遮挡画面，听不到声音。已遮屏并静音。',
    held: '观众看到遮挡画面，能听到声音。画面中有违规文字。',
    air: '观众看得到、听得到，1 路输出中 1 路正常。',
  },
} as const;

for (const [locale, words] of sampled(Object.entries(WORDS), 2)) {
  t.test(`${locale}: commands act at once, are shown, and are taken back`, { skip: noChromium }, async (t) => {
    const room = fakeRoom();
    const { open, faults } = await serveDesk(t, room);
    for (const viewport of [DESK, PHONE]) {
      room.calls.length = 0;
      const page = await open({ locale, viewport });
      const state = page.locator('.state p');
      const button = (name: string) => page.getByRole('button', { name, exact: false }).first();
      const says = (text: string) => page.locator('.state p', { hasText: text }).waitFor();
      await says(words.air);
      t.equal(await button(words.resume).isDisabled(), true, 'there is nothing to resume');
      await button(words.dump).click();
      await page.getByText(words.dumped).waitFor();
      await button(words.mute).click();
      await says(words.isMuted);
      t.equal(await button(words.muted).getAttribute('aria-pressed'), 'true');
      await button(words.blank).click();
      await says(words.both);
      await keep(page, `commands-${locale}-${viewport.width}`);
      await button(words.resume).click();
      await says(words.air);
      t.match(room.state, { muted: false, blanked: false });
      room.state.holds.push('words');
      await says(words.held);
      t.match(await page.title(), /^▲ /, 'the title begins with the trouble');
      t.equal(await button(words.resume).isDisabled(), true, 'a resume would not lift it');
      room.state.holds.length = 0;
      await says(words.air);
      t.ok(await state.isVisible());
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth), viewport.width, 'nothing overflows');
      t.same(
        room.calls.filter((call) => /^(dump|resume)/.test(call)),
        ['dump', 'resume {}'],
      );
      await page.context().close();
    }
    t.same(faults, []);
  });
}

t.test('has a key for each command, except while somebody types', { skip: noChromium }, async (t) => {
  const room = fakeRoom();
  const { open } = await serveDesk(t, room);
  const page = await open();
  const other = await open();
  const field = page.getByRole('textbox', { name: 'Insert a line after this one' });
  await field.focus();
  await page.keyboard.type('mbr');
  t.same([room.state.muted, room.state.blanked], [false, false]);
  await page.keyboard.press('Alt+m');
  await until('with Alt in a field as well', () => room.state.muted);
  await page.keyboard.press('Escape');
  await page.keyboard.press('b');
  await until('blanked', () => room.state.blanked);
  // The other page hears of it by its socket.
  await other.locator('.state p', { hasText: 'Blanked and muted' }).waitFor({ timeout: 3000 });
  await page.keyboard.press('Control+b');
  await page.keyboard.press('r');
  await until('resumed', () => !room.state.muted && !room.state.blanked);
  await page.keyboard.press('d');
  await page.keyboard.press('p');
  await page.keyboard.press('n');
  await page.keyboard.press('1');
  const wanted = ['dump', 'script pause', 'script skip {}'];
  await until('all keys', () => wanted.every((one) => room.calls.some((call) => call.startsWith(one))));
  await until('the pin', () => room.calls.some((call) => /pin/.test(call)));
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('m');
  t.equal(room.state.muted, false, 'nothing acts behind a dialog');
});

t.test('asks for the token, plays the picture without it, and refuses a wrong one', { skip: noChromium }, async (t) => {
  const room = fakeRoom();
  const { open, url } = await serveDesk(t, room);
  const page = await open({ token: false, viewport: PHONE, locale: 'zh-CN' });
  await page.locator('video').waitFor();
  await page.getByLabel('口令').fill('wrong');
  await page.getByRole('button', { name: '打开控制台' }).click();
  await page.getByText('口令不正确。').waitFor();
  t.ok(await page.getByRole('link', { name: '用作摄像头' }).isVisible());
  await page.getByLabel('口令').fill('x');
  await page.getByRole('button', { name: '打开控制台' }).click();
  await page.locator('.desk .state').waitFor();
  const browser = await launchChromium(t);
  const stale = await browser.newPage();
  await stale.goto(`${url}/#token=of-yesterday`);
  await stale.getByLabel('Token').waitFor();
  t.equal(new URL(stale.url()).hash, '', 'the token does not stay in the address');
});
