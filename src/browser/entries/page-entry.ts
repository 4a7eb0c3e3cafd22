import type { Scope } from '../device-list.js';
import { installCamera } from '../install-camera.js';
import { type Bridge, CONNECT_EVENT, READY_EVENT, type Call, type FromExtension } from '../messages.js';

/** The half in the page's world: it has the page's constructors, and none of the extension's rights. */
function connect(): Bridge {
  const { port1: port, port2 } = new MessageChannel();
  const calls = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const listeners: (() => void)[] = [];
  let next = 1;
  port.onmessage = ({ data }: MessageEvent<FromExtension>) => {
    if ('changed' in data) {
      for (const listener of listeners) listener();
      return;
    }
    const call = calls.get(data.id);
    calls.delete(data.id);
    if ('error' in data) call?.reject(new Error(data.error));
    else call?.resolve(data.reply as never);
  };
  const offer = (): void => void document.dispatchEvent(new MessageEvent(CONNECT_EVENT, { ports: [port2] }));
  // The first half to load waits for the other; both run before the page's own scripts.
  document.addEventListener(READY_EVENT, offer, { once: true });
  offer();
  return {
    request: (request) =>
      new Promise((resolve, reject) => {
        const id = next++;
        calls.set(id, { resolve: resolve as (value: never) => void, reject });
        port.postMessage({ id, request } satisfies Call);
      }),
    onChange: (listener) => void listeners.push(listener),
  };
}

installCamera(window as unknown as Scope, connect());
