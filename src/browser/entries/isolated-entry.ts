import { CONNECT_EVENT, READY_EVENT, type Call, type FromExtension } from '../messages.js';

/**
 * The half in the extension's world: relays requests from the page's half to the extension, and answers back. Its port
 * to the extension closes when the page is gone, so no session stays open at the engine.
 */
function serve(port: MessagePort): void {
  let line: chrome.runtime.Port | undefined;
  const waiting = new Set<number>();
  const open = (): chrome.runtime.Port => {
    if (line !== undefined) return line;
    const opened = chrome.runtime.connect({ name: 'page' });
    opened.onMessage.addListener((message: FromExtension) => {
      if ('id' in message) waiting.delete(message.id);
      port.postMessage(message);
    });
    opened.onDisconnect.addListener(() => {
      // The browser lets the extension's worker sleep; the next request wakes it.
      line = undefined;
      for (const id of waiting) port.postMessage({ id, error: 'the extension went away' } satisfies FromExtension);
      waiting.clear();
    });
    line = opened;
    return opened;
  };
  port.onmessage = ({ data }: MessageEvent<Call>) => {
    waiting.add(data.id);
    try {
      open().postMessage(data);
    } catch (error) {
      waiting.delete(data.id);
      port.postMessage({ id: data.id, error: String(error) } satisfies FromExtension);
    }
  };
  chrome.storage.onChanged.addListener((changes) => {
    if ('settings' in changes) port.postMessage({ changed: true } satisfies FromExtension);
  });
}

document.addEventListener(
  CONNECT_EVENT,
  (event) => {
    const [port] = (event as MessageEvent).ports;
    if (port !== undefined) serve(port);
  },
  { once: true },
);
document.dispatchEvent(new Event(READY_EVENT));
