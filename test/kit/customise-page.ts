import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { LocalRoomHost } from '../../src/fleet/local/local-room-host.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { newToken } from '../../src/control/auth.js';
import { StudioServer } from '../../src/server/studio-server.js';
import { launchChromium } from './chromium.js';
import { until } from './until.js';

/** A start of the engine while others use the machine. */
export const START_MS = 240_000;
/** How often a command is sent that a busy engine has given up. */
const TRIES = 5;
/** The engine as it is built. */
const command = [process.execPath, join(packageRoot(), 'dist', 'cli', 'main.js')];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface LayerState {
  readonly id: string;
  readonly layer: {
    readonly type: string;
    readonly src?: string;
    readonly x?: number;
    readonly rotate?: number;
    readonly hidden?: boolean;
    readonly locked?: boolean;
    readonly [key: string]: unknown;
  };
  readonly box: Box | null;
}

/** A studio without accounts whose one room is in preview, by the engine itself, and its page. */
export async function openCustomise(t: Test) {
  const data = mkdtempSync(join(tmpdir(), 'customise-'));
  const studio = await StudioServer.start({
    data,
    host: '127.0.0.1',
    port: 0,
    noAuth: true,
    log: silentLog,
    createHost: ({ seal, events }) =>
      new LocalRoomHost({ folder: join(data, 'run'), seal, newToken, log: silentLog, events, command }),
  });
  const call = async <T>(method: string, path: string, body?: unknown, tries = TRIES): Promise<T> => {
    const reply = await fetch(`${studio.url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    // "Send it again when the machine has time."
    if (reply.status === 504 && tries > 1) return call(method, path, body, tries - 1);
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 300)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const { id: room } = await call<{ id: string }>('POST', '/api/rooms', {
    name: 'Trial',
    template: 'kitchen',
    language: 'en',
    orientation: 'portrait',
  });
  t.teardown(async () => {
    await call('POST', `/api/rooms/${room}/stop`, {}).catch(() => undefined);
    await studio.close();
    rmSync(data, { recursive: true, force: true });
  });
  const browser = await launchChromium(t);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('response', (reply) => {
    if (reply.status() >= 400) t.comment(`${reply.status()} ${reply.request().method()} ${reply.url()}`);
  });
  await page.goto(`${studio.url}/rooms/${room}/customise`);
  await page.waitForSelector('.frame video', { timeout: START_MS });
  await until('a decoded picture', () => page.evaluate('(document.querySelector("video")?.videoWidth ?? 0) > 0'));
  const file = join(data, 'rooms', room, 'room.json');
  const engine = `/api/rooms/${room}/engine/api`;
  const list = () =>
    call<{ canvas: { width: number; height: number }; shot: string; layers: LayerState[] }>('GET', `${engine}/layers`);
  const saved = <T>(): T => JSON.parse(readFileSync(file, 'utf8')) as T;
  return { page, call, room, engine, list, saved };
}
