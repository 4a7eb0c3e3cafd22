/// <reference lib="dom" />
import { createHmac } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import t from 'tap';
import { axe, keep } from '../kit/desk-page.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { PASSWORD, startStudio } from '../server/studio-rig.js';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator app shows now (RFC 6238). */
function totp(secret: string, nowMs = Date.now()): string {
  const bits = [...secret].map((one) => BASE32.indexOf(one).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash.at(-1)! & 15;
  return String((hash.readUInt32BE(at) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
}

async function signIn(page: Page, url: string, email: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

t.test(
  'invites a person, who adds a second factor, signs in with it and with a backup code, and resets the password',
  { skip: noChromium, timeout: 120_000 },
  async (t) => {
    const rig = await startStudio();
    t.teardown(() => rig.close());
    const { url } = rig.server;
    const browser = await launchChromium(t);
    const faults: string[] = [];
    const open = async (): Promise<{ page: Page; context: BrowserContext }> => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(error.message));
      return { page, context };
    };
    const owner = (await open()).page;
    await signIn(owner, url, 'ona@example.com', PASSWORD);
    await owner.getByText('No room yet').waitFor();
    await owner.getByRole('link', { name: 'People and roles' }).click();
    await owner.getByRole('button', { name: 'Invite' }).click();
    await owner.getByRole('dialog').getByLabel('E-mail').fill('budi@example.com');
    await owner.getByRole('dialog').getByLabel('Role').click();
    await owner.getByRole('option', { name: 'Moderator' }).click();
    await keep(owner, 'people-invite');
    await owner.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
    const shown = owner.getByRole('dialog').getByRole('textbox');
    await owner.waitForFunction(() =>
      /invite#/.test(document.querySelector<HTMLInputElement>('[role=dialog] input')?.value ?? ''),
    );
    const link = await shown.inputValue();

    const guest = await open();
    const { page } = guest;
    await page.goto(link);
    await page.getByLabel('Your name').fill('Budi');
    await page.getByLabel('Password').fill('nine blue saucepans');
    t.same(await axe(page), [], 'the invitation');
    await keep(page, 'invitation');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('No room yet').waitFor();
    t.equal(await page.getByRole('link', { name: 'Make a room' }).count(), 0, 'a moderator makes no rooms');

    await page.goto(`${url}/account`);
    const second = page.locator('section', { hasText: 'Second factor' }).first();
    await second.getByLabel('Password').fill('nine blue saucepans');
    await second.getByRole('button').first().click();
    await page.locator('svg.code').waitFor();
    const secret = (await page.locator('code').first().textContent())!.replaceAll(' ', '');
    t.match(secret, /^[A-Z2-7]{16,}$/);
    await second.getByLabel('Code of six digits').fill('000000');
    await second.getByRole('button').first().click();
    await second.getByRole('alert').waitFor();
    await second.getByLabel('Code of six digits').fill(totp(secret));
    await second.getByRole('button').first().click();
    await page.locator('.codes code').first().waitFor();
    const [backup] = await page.locator('.codes code').allTextContents();
    t.same(await axe(page), [], 'the second factor');
    await keep(page, 'second-factor');

    await guest.context.clearCookies();
    await signIn(page, url, 'budi@example.com', 'nine blue saucepans');
    await page.getByLabel('Code of six digits').fill('123456');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('[aria-invalid=true]').waitFor();
    await page.getByLabel('Code of six digits').fill(totp(secret));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('No room yet').waitFor();

    await guest.context.clearCookies();
    await signIn(page, url, 'budi@example.com', 'nine blue saucepans');
    await page.getByRole('button', { name: /backup/i }).click();
    await page.getByLabel(/backup/i).fill(backup!);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('No room yet').waitFor();

    await owner.getByRole('button', { name: 'Done' }).click();
    await owner.reload();
    await owner.getByRole('button', { name: /Budi/ }).last().click();
    await owner.getByRole('menuitem', { name: /password|reset/i }).click();
    await owner.waitForFunction(() =>
      /reset#/.test(document.querySelector<HTMLInputElement>('[role=dialog] input')?.value ?? ''),
    );
    const reset = await owner.getByRole('dialog').getByRole('textbox').inputValue();
    await page.goto(reset);
    await page.getByLabel('New password').fill('ten white teapots now');
    t.same(await axe(page), [], 'the reset');
    await page.getByRole('button', { name: /set/i }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await guest.context.clearCookies();
    await signIn(page, url, 'budi@example.com', 'nine blue saucepans');
    await page.locator('[aria-invalid=true]').waitFor();
    await signIn(page, url, 'budi@example.com', 'ten white teapots now');
    await page.getByLabel('Code of six digits').fill(totp(secret));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('No room yet').waitFor();
    await page.goto(reset);
    await page.getByLabel('New password').fill('another one entirely');
    await page.getByRole('button', { name: /set/i }).click();
    await page.getByRole('alert').waitFor();
    t.same(faults, [], 'the link is spent');
  },
);
