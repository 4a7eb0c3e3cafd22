import type { Store, Stored } from './settings.js';
import type { Http } from './whep-client.js';

export const extensionStore: Store = {
  async get(key) {
    return ((await chrome.storage.local.get(key)) as Stored)[key];
  },
  async set(key, value) {
    await chrome.storage.local.set({ [key]: value });
  },
};

export const fetchHttp: Http = async (method, url, { headers, body, timeoutMs = 5000 } = {}) => {
  const reply = await fetch(url, {
    method,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(timeoutMs),
    credentials: 'omit',
    cache: 'no-store',
  });
  return { status: reply.status, body: await reply.text(), header: (name) => reply.headers.get(name) };
};
