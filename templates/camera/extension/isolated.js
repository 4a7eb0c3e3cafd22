"use strict";
(() => {
  // page-port.ts
  var READY_EVENT = "showroom-camera-ready";
  var CONNECT_EVENT = "showroom-camera-connect";

  // isolated-entry.ts
  function serve(port) {
    let line;
    const waiting = /* @__PURE__ */ new Set();
    const open = () => {
      if (line !== void 0) return line;
      const opened = chrome.runtime.connect({ name: "page" });
      opened.onMessage.addListener((message) => {
        if ("id" in message) waiting.delete(message.id);
        port.postMessage(message);
      });
      opened.onDisconnect.addListener(() => {
        line = void 0;
        for (const id of waiting) port.postMessage({ id, error: "the extension went away" });
        waiting.clear();
      });
      line = opened;
      return opened;
    };
    port.onmessage = ({ data }) => {
      waiting.add(data.id);
      try {
        open().postMessage(data);
      } catch (error) {
        waiting.delete(data.id);
        port.postMessage({ id: data.id, error: String(error) });
      }
    };
    chrome.storage.onChanged.addListener((changes) => {
      if ("settings" in changes) port.postMessage({ changed: true });
    });
  }
  document.addEventListener(
    CONNECT_EVENT,
    (event) => {
      const [port] = event.ports;
      if (port !== void 0) serve(port);
    },
    { once: true }
  );
  document.dispatchEvent(new Event(READY_EVENT));
})();
