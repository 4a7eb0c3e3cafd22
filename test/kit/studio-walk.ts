/** A person in front of the studio: clicks are counted, and there is a pause before each, as people make them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { packageRoot } from '../../src/core/files/paths.js';
import { until, wait } from './until.js';

const root = packageRoot();
const require = createRequire(import.meta.url);

export const OWNER = {
  name: 'Lin Yue',
  company: 'Oakmere Home',
  email: 'lin.yue@oakmere.example',
  password: 'seven green kettles',
} as const;
/** A product page as a browser saves it. */
export const SAVED_PAGE = join(root, 'test/listing/fixtures/alibaba-ladder.html');

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}

/** Rooms go on without their studio, so they are ended by the marks that it left. */
function endRooms(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (!name.endsWith('.run.json')) continue;
    const { process: mark } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      process?: { pid: number } | null;
    };
    try {
      if (mark) process.kill(mark.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

export interface RunningStudio {
  readonly url: string;
  readonly pid: number;
  readonly setUp: string;
  close(): Promise<void>;
}

/** `engine studio` on an empty data folder. Its rooms end with it. */
export async function startStudio(options: readonly string[] = []): Promise<RunningStudio> {
  const data = mkdtempSync(join(tmpdir(), 'showroom-studio-'));
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [join(root, 'dist/cli/main.js'), 'studio', '--data', data, '--port', String(port), ...options],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', LANG: 'en_US.UTF-8' } },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
  const url = `http://127.0.0.1:${port}`;
  const link = (): string | undefined => /https?:\/\/\S+\/setup#[\w-]+/.exec(said)?.[0];
  try {
    await until('the studio answers', () => link() !== undefined || child.exitCode !== null, 60_000);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${String(error)}\n${said}`, { cause: error });
  }
  const code = link()?.split('#')[1];
  if (code === undefined) throw new Error(`the studio did not start:\n${said}`);
  return {
    url,
    pid: child.pid!,
    setUp: `${url}/setup#${code}`,
    async close() {
      child.kill('SIGTERM');
      await Promise.race([ended(child), wait(8000)]);
      child.kill('SIGKILL');
      endRooms(join(data, 'run'));
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Until the page shows the room's picture. The page's policy forbids what `waitForFunction` does. */
export function playing(page: Page): Promise<void> {
  return until(
    'the picture in the page',
    () => page.evaluate('(document.querySelector("video")?.videoWidth ?? 0) > 0'),
    240_000,
  );
}

/** An RTMP server that anybody may push to and play from. */
export async function startReceiver(): Promise<{ readonly server: string; close(): Promise<void> }> {
  const port = await freePort();
  const code = `
    import NodeMediaServer from ${JSON.stringify(require.resolve('node-media-server'))};
    new NodeMediaServer({ bind: '127.0.0.1', rtmp: { port: ${port}, chunk_size: 60000, gop_cache: true, ping: 30, ping_timeout: 60 } }).run();`;
  // It keeps a history of streams in its folder.
  const folder = mkdtempSync(join(tmpdir(), 'showroom-receiver-'));
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore', cwd: folder });
  const server = `rtmp://127.0.0.1:${port}/live`;
  await wait(1500);
  return {
    server,
    async close() {
      child.kill('SIGKILL');
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Finding {
  readonly page: string;
  readonly rule: string;
  readonly target: string;
  readonly help: string;
}

export class Person {
  clicks = 0;
  readonly findings: Finding[] = [];
  private readonly startedMs = performance.now();

  /** `pauseMs` before each click and each field: people look first. */
  constructor(
    readonly page: Page,
    private readonly pauseMs = 700,
  ) {}

  get seconds(): number {
    return (performance.now() - this.startedMs) / 1000;
  }

  async click(target: Locator): Promise<void> {
    await target.waitFor({ state: 'visible', timeout: 60_000 });
    await wait(this.pauseMs);
    await target.click();
    this.clicks += 1;
  }

  /** A field reached by Tab costs no click; the first one does. */
  async type(target: Locator, text: string): Promise<void> {
    await wait(this.pauseMs);
    await target.focus();
    await target.fill(text);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Runs axe on the page as it stands; what it finds is kept. */
  async axe(name: string): Promise<void> {
    const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    // By evaluation, not as a script of the page: its policy allows none but the studio's own.
    await this.page.evaluate(source);
    const found = (await this.page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
        .then((r) => r.violations.flatMap((v) => v.nodes.map((n) => ({ rule: v.id, help: v.help, target: n.target.join(' ') }))))`,
    )) as { rule: string; help: string; target: string }[];
    this.findings.push(...found.map((one) => ({ page: name, ...one })));
  }
}

/** What a walk may do at each place: a picture, axe. */
export type AtPlace = (place: string) => Promise<void>;
const nothing: AtPlace = () => Promise.resolve();

/** 1. The one-time link, the owner's account. */
export async function createOwner(person: Person, link: string, at = nothing): Promise<void> {
  const { page } = person;
  await page.goto(link);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await person.click(page.getByLabel('Your name'));
  await person.type(page.getByLabel('Your name'), OWNER.name);
  await person.type(page.getByLabel('Company'), OWNER.company);
  await person.type(page.getByLabel('E-mail'), OWNER.email);
  await person.type(page.getByLabel('Password'), OWNER.password);
  await at('first-run');
  await person.click(person.button('Create account'));
}

/** 2. A template becomes a room. Resolves to the room's id. */
export async function chooseTemplate(person: Person, name: string, at = nothing): Promise<string> {
  const { page } = person;
  await page.waitForURL(/\/templates/);
  const tile = page.getByRole('button', { name: new RegExp(`^${name}`) }).first();
  await person.click(tile);
  await page.getByRole('img').first().waitFor();
  await at('templates');
  await person.click(person.button('Use this template'));
  await page.waitForURL(/\/rooms\/[^/]+\/products/, { timeout: 60_000 });
  return /\/rooms\/([^/]+)\//.exec(page.url())?.[1] ?? '';
}

/** 3. A saved page becomes a product and its script. */
export async function addSavedPage(person: Person, file = SAVED_PAGE, at = nothing): Promise<void> {
  const { page } = person;
  const choosing = page.waitForEvent('filechooser');
  await person.click(person.button('Saved page').first());
  await (await choosing).setFiles(file);
  const list = page.getByRole('list', { name: 'Products in the order of the show' });
  // The script is written and the template's own goods have left.
  await list.getByText('example', { exact: true }).last().waitFor({ state: 'detached', timeout: 150_000 });
  await page.getByText('Judging…').first().waitFor({ state: 'hidden', timeout: 60_000 });
  await at('products');
}

/** 5. A destination, its test push, Start. */
export async function goOnAir(person: Person, server: string, key: string, at = nothing): Promise<void> {
  const { page } = person;
  await person.click(page.getByRole('link', { name: /Go live$/ }));
  await person.click(person.button('Own RTMP server'));
  await person.type(page.getByLabel('Server address'), server);
  await person.type(page.getByLabel('Stream key'), key);
  await person.click(person.button('Add and test'));
  // On a busy machine the push may be called too slow, which is no reason not to start.
  const over = page.getByText(/^(test passed|too slow)/).or(page.getByRole('alert'));
  await over.first().waitFor({ timeout: 120_000 });
  await at('go-live');
  await person.click(person.button('Start now'));
  await page.waitForURL(/\/desk$/, { timeout: 240_000 });
}
