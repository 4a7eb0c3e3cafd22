import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import type { RoomSnapshot } from '../../src/config/api/room-handle.js';
import { recogniser as recogniserSection } from '../../src/config/sections/services/recogniser.js';
import { takeover as takeoverSection } from '../../src/config/sections/takeover.js';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { microphoneLink } from '../../src/room/open/open-desks.js';
import type { LineRequest } from '../../src/show/agenda/agenda.js';
import { wavOf } from '../../src/speech/recogniser/http-recogniser.js';
import { openRecogniser } from '../../src/speech/recogniser/open-recogniser.js';
import { TakeoverDesk } from '../../src/takeover/takeover-desk.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { DESK, keep, PHONE, serveDesk } from '../kit/desk-page.js';
import { ffmpeg } from '../kit/on-air.js';
import { transcriptionServer } from '../kit/transcription-server.js';
import { until } from '../kit/until.js';
import { sampled } from '../kit/whole.js';
import { firstSound, madeUpVoice } from '../takeover/made-up-voice.js';
import { fakeRoom } from './fake-room.js';

/// <reference lib="dom" />
t.test('desk commands', async (t) => {
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

  t.test(
    'asks for the token, plays the picture without it, and refuses a wrong one',
    { skip: noChromium },
    async (t) => {
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
    },
  );
});

/// <reference lib="dom" />
t.test('take over page', async (t) => {
  /** A second of voice, a second and a half of silence, again and again. */
  function fakeMicrophone(t: Test): string {
    const file = join(t.testdir(), 'voice.wav');
    writeFileSync(file, wavOf(madeUpVoice(2500, [[500, 1500]]), 48_000));
    return file;
  }

  t.test('a microphone of the page becomes judged lines of the agenda', { skip: noChromium }, async (t) => {
    const server = await transcriptionServer(t, ({ pcm, rateHz }) => {
      const at = firstSound(pcm, rateHz);
      return { text: 'Hello', words: [{ word: 'Hello', start: at, end: at + 1 }] };
    });
    const lines: LineRequest[] = [];
    const desk = new TakeoverDesk({
      config: takeoverSection.parse({ delayMs: 5000 }),
      agenda: {
        add: (request) => {
          lines.push(request);
          request.onOutcome?.({ outcome: 'scheduled', startFrame: 0, endFrame: 1 });
          return { id: `takeover-${lines.length}` };
        },
        hold: () => undefined,
        cancel: () => false,
      },
      runner: { pause: async () => undefined, resume: async () => undefined, paused: false },
      say: async () => ({ id: '', result: 'queued', hits: [] }),
      recogniser: openRecogniser(recogniserSection.parse({ kind: 'http', baseUrl: server.baseUrl }), {}),
      noVoice: '',
      language: () => 'en',
      judge: () => [],
      decode: async () => new Float32Array(0),
      link: (events) => microphoneLink(events, { ffmpegPath: ffmpeg, log: silentLog }),
      note: () => undefined,
      operated: () => undefined,
      log: silentLog,
      nowMs: () => performance.now(),
    });
    t.teardown(() => desk.close());
    const usual = fakeRoom();
    const room = { ...usual, takeover: desk, snapshot: () => ({ ...usual.snapshot(), takeover: desk.state() }) };
    const control = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
    t.teardown(() => control.close());
    const browser = await launchChromium(t, [
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${fakeMicrophone(t)}`,
    ]);
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(`${control.url}/#token=x`, { waitUntil: 'domcontentloaded' });
    await page.locator('.take').getByRole('button', { name: 'Microphone' }).click();
    await page.locator('.take').getByRole('button', { name: 'Speak' }).click();
    await until('the microphone is connected', () => desk.state().voice?.connected === true);
    await until('two lines', () => lines.length >= 2, 30_000);
    const { voice, text, kind, pauseMs } = lines[0]!;
    t.match({ text, kind, pauseMs }, { text: 'Hello', kind: 'takeover', pauseMs: 0 });
    const seconds = voice!.pcm.filter((x) => Math.abs(x) > 0.005).length / 48_000;
    // A busy machine loses parts of the fake microphone's beep.
    t.ok(seconds > 0.1 && seconds < 2, `${seconds.toFixed(2)} s of sound`);
    t.ok(voice!.phonemes.length > 0);
    t.comment(`delay to the schedule: ${desk.state().voice!.lastDelayMs} ms`);
    await page.getByText('You are heard 5 s later, after the judge.').waitFor();
    await page.locator('.take').getByRole('button', { name: 'Give back' }).click();
    await until('it is given back', () => desk.state().on === false && desk.state().voice?.connected === false);
  });

  t.test('types lines and sends quick phrases', { skip: noChromium }, async (t) => {
    const room = fakeRoom();
    const { open } = await serveDesk(t, room);
    for (const [locale, refused, tab, take, back] of [
      ['en-GB', 'Not spoken. phone number', 'Take over', 'Take over', 'Give back'],
      ['zh-CN', '未播出。电话号码', '接管', '接管', '交还'],
    ] as const) {
      const page = await open({ locale, viewport: PHONE });
      await page.getByRole('tab', { name: tab }).click();
      const panel = page.locator('.take');
      await panel.getByRole('button', { name: take }).click();
      await panel.getByRole('button', { name: back }).waitFor();
      const field = panel.getByRole('textbox');
      await field.fill('my phone');
      await field.press('Enter');
      await panel.getByText(refused).waitFor();
      t.equal(await field.inputValue(), 'my phone', 'it can be mended');
      await panel.locator('.q button').first().click();
      await until('the phrase is sent', () => room.calls.includes('takeover say {"phrase":"hello"}'));
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width, 'nothing overflows');
      await keep(page, `take-over-${locale}`);
      await panel.getByRole('button', { name: back }).click();
      await panel.getByRole('button', { name: take }).waitFor();
      room.calls.length = 0;
      await page.context().close();
    }
  });
});

/// <reference lib="dom" />
t.test('pages', async (t) => {
  const PAGES = { camera: '/camera' };
  const STATES = ['live', 'backoff', 'wedged', 'connecting', 'degraded', 'stopped'] as const;

  /** A room with long texts: all states of outputs, long names, a day on air. */
  async function serve(t: Test): Promise<string> {
    const room = fakeRoom();
    const usual = room.snapshot();
    const [output] = usual.outputs;
    const long = 'connection refused by the remote server at an address without a place to break the line';
    const outputs = STATES.map((state, i) => ({
      ...output!,
      id: `output-${i}`,
      state,
      bytesSent: 9e10,
      lastError: long,
    }));
    const figures: RoomSnapshot = {
      ...usual,
      onAirMs: 93_784_000,
      frames: { ...usual.frames, rendered: 99_813_520, replaced: 9_413_520 },
      outputs,
    };
    room.snapshot = () => figures;
    const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
    t.teardown(() => server.close());
    return server.url;
  }

  /** Width of an element's text in ems: a Chinese character takes one, the empty box of a missing one about half. */
  const emsOf = (page: Page, selector: string): Promise<number> =>
    page.evaluate((one) => {
      const element = document.querySelector(one)!;
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect().width / Number.parseFloat(getComputedStyle(element).fontSize);
    }, selector);

  t.test('shows Chinese on a machine without a Chinese font', { skip: noChromium }, async (t) => {
    const url = await serve(t);
    const browser = await launchChromium(t);
    for (const [name, path] of Object.entries(PAGES)) {
      const page = await browser.newPage({ locale: 'en-GB' });
      const slices: string[] = [];
      const errors: string[] = [];
      page.on('request', (request) => request.url().includes('/fonts/files/') && slices.push(request.url()));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.goto(url + path, { waitUntil: 'domcontentloaded' });
      const chinese = async (text: string, ems: number): Promise<boolean> => {
        await page.waitForFunction((wanted) => document.querySelector('#language')!.textContent === wanted, text);
        for (let tries = 0; tries < 100; tries += 1) {
          if (Math.abs((await emsOf(page, '#language')) - ems) < 0.1) return true;
          await page.waitForTimeout(50);
        }
        return false;
      };
      t.ok(await chinese('中文', 2), `${name}: the button in an English page`);
      t.ok(slices.length <= 4, `${name}: ${slices.length} slices for two characters`);
      await page.click('#language');
      t.equal(await page.textContent('#language'), 'English');
      t.equal(await page.evaluate(() => document.documentElement.lang.slice(0, 2)), 'zh');
      t.same(errors, [], `${name}: nothing its policy forbids`);
      await page.close();
    }
  });

  t.test('the desk shows Chinese on a machine without a Chinese font, in slices', { skip: noChromium }, async (t) => {
    const url = await serve(t);
    const browser = await launchChromium(t);
    const page = await browser.newPage({ locale: 'zh-CN' });
    await page.goto(`${url}/#token=x`, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('.desk .cmd');
    await until(
      'two characters as wide as two',
      async () => Math.abs((await emsOf(page, '.desk .cmd > span')) - 2) < 0.1,
    );
    await page.close();
  });

  t.test('fits the width of a phone', { skip: noChromium }, async (t) => {
    const url = await serve(t);
    const browser = await launchChromium(t);
    for (const locale of sampled(['zh-CN', 'en-GB'], 2)) {
      const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale, isMobile: true });
      for (const [name, path] of Object.entries(PAGES)) {
        const page = await context.newPage();
        await page.addInitScript(() => sessionStorage.clear());
        await page.goto(url + path, { waitUntil: 'domcontentloaded' });
        // Styles and fonts may come after the document.
        const styled = (): Promise<boolean> =>
          page.evaluate(() =>
            [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].every(
              ({ sheet }) => sheet !== null,
            ),
          );
        await until('the styles', styled);
        await page.evaluate(async () => void (await document.fonts.ready));
        const { wide, broken } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth,
          broken: [...document.querySelectorAll('button, .pill, dd, td.num')]
            .filter((one) => one.getClientRects().length > 0)
            .filter((one) => {
              const range = document.createRange();
              range.selectNodeContents(one);
              const lines = new Set([...range.getClientRects()].map((rect) => Math.round(rect.bottom / 8)));
              return lines.size > 1 || one.scrollWidth > one.clientWidth + 1;
            })
            .map((one) => one.textContent),
        }));
        t.equal(wide, 360, `${name} in ${locale}`);
        t.same(broken, [], `${name} in ${locale}: buttons, states and figures stay on their line`);
        await page.close();
      }
      await context.close();
    }
  });
});
