import type { Scope } from '../device-list.js';
import { CameraService } from '../camera-service.js';
import { installCamera } from '../install-camera.js';
import type { Bridge } from '../messages.js';
import { endpointFault, normaliseSite, readSettings, type Store, type Stored, withSite } from '../settings.js';
import type { Http } from '../whep-client.js';

interface GmReply {
  readonly status: number;
  readonly responseText: string;
  readonly responseHeaders: string;
}
declare const unsafeWindow: Scope | undefined;
declare function GM_getValue(name: string): unknown;
declare function GM_setValue(name: string, value: unknown): void;
declare function GM_registerMenuCommand(title: string, run: () => void): void;
declare function GM_xmlhttpRequest(details: Record<string, unknown>): void;

const CHINESE = navigator.language.toLowerCase().startsWith('zh');
const words = CHINESE
  ? {
      address: '设置直播间地址（WHEP）…',
      token: '设置访问口令…',
      site: '在本站启用或停用摄像头',
      preferred: '默认使用本摄像头：开或关',
      askAddress: '引擎打印的 WHEP 地址',
      askToken: '访问口令，不需要则留空',
      badAddress: '请填写 http:// 或 https:// 开头的地址',
      on: '已开启',
      off: '已关闭',
    }
  : {
      address: 'Set the room’s address (WHEP)…',
      token: 'Set a token…',
      site: 'Offer the camera on this site, or stop',
      preferred: 'Use it by default: on or off',
      askAddress: 'The WHEP address that the engine prints',
      askToken: 'Token; empty for none',
      badAddress: 'Expected an address that begins with http:// or https://',
      on: 'It is on now.',
      off: 'It is off now.',
    };

const store: Store = {
  async get<K extends keyof Stored>(key: K): Promise<Stored[K]> {
    return GM_getValue(key) as Stored[K];
  },
  async set(key, value) {
    GM_setValue(key, value);
  },
};

const http: Http = (method, url, { headers, body, timeoutMs = 5000 } = {}) =>
  new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error(`${method}: the engine does not answer`));
    GM_xmlhttpRequest({
      method,
      url,
      headers,
      data: body,
      timeout: timeoutMs,
      anonymous: true,
      onload: ({ status, responseText, responseHeaders }: GmReply) =>
        resolve({
          status,
          body: responseText,
          header: (name) => new RegExp(`^${name}:\\s*(.*?)\\s*$`, 'im').exec(responseHeaders)?.[1] ?? null,
        }),
      onerror: fail,
      ontimeout: fail,
    });
  });

const listeners: (() => void)[] = [];
async function change(edit: (now: Awaited<ReturnType<typeof readSettings>>) => Stored['settings']): Promise<void> {
  await store.set('settings', edit(await readSettings(store)));
  for (const listener of listeners) listener();
}

function menu(): void {
  GM_registerMenuCommand(
    words.address,
    () =>
      void change((now) => {
        const given = prompt(words.askAddress, now.endpoint)?.trim() ?? now.endpoint;
        if (endpointFault(given) === undefined) return { ...now, endpoint: given };
        alert(words.badAddress);
        return now;
      }),
  );
  GM_registerMenuCommand(
    words.token,
    () => void change((now) => ({ ...now, token: prompt(words.askToken, now.token)?.trim() ?? now.token })),
  );
  GM_registerMenuCommand(
    words.site,
    () =>
      void change((now) => {
        const sites = withSite(now.sites, normaliseSite(location.hostname), true);
        const off = sites.length === now.sites.length;
        alert(off ? words.off : words.on);
        return { ...now, sites: off ? withSite(now.sites, location.hostname, false) : sites };
      }),
  );
  GM_registerMenuCommand(
    words.preferred,
    () =>
      void change((now) => {
        alert(now.preferred ? words.off : words.on);
        return { ...now, preferred: !now.preferred };
      }),
  );
}

const service = new CameraService(store, http);
const bridge: Bridge = {
  request: (request) => service.answer(request, location.origin),
  onChange: (listener) => void listeners.push(listener),
};

installCamera(typeof unsafeWindow === 'undefined' ? (window as unknown as Scope) : unsafeWindow, bridge);
if (window.top === window) menu();
