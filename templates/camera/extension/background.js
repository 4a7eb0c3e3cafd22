"use strict";
(() => {
  // identity.ts
  async function deviceIds(salt, origin) {
    const hash = async (what) => {
      const bytes = new TextEncoder().encode(`${salt}
${origin}
${what}`);
      const digest = await crypto.subtle.digest("SHA-256", bytes);
      return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    };
    const [camera, microphone, group] = await Promise.all([hash("camera"), hash("microphone"), hash("group")]);
    return { camera, microphone, group };
  }
  var newSalt = () => Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // messages.ts
  var USUAL_PICTURE = { width: 1280, height: 720, frameRate: 30 };
  var DEFAULT_ENDPOINT = "http://127.0.0.1:8080/whep";

  // sites.ts
  var DEFAULT_SITES = [
    "alibaba.com",
    "taobao.com",
    "tmall.com",
    "1688.com",
    "aliexpress.com",
    "lazada.com",
    "dingtalk.com",
    "localhost",
    "127.0.0.1"
  ];
  function siteMatches(host, sites) {
    const name = host.toLowerCase();
    return sites.some((site) => {
      const bare = normaliseSite(site);
      return bare === "*" || bare !== "" && (name === bare || name.endsWith(`.${bare}`));
    });
  }
  function normaliseSite(text) {
    const trimmed = text.trim().toLowerCase();
    if (trimmed === "*") return "*";
    return trimmed.replace(/^[a-z][a-z0-9+.-]*:\/\//, "").replace(/[/?#].*$/, "").replace(/:\d+$/, "").replace(/^(\*\.)+/, "").replace(/^\.+|\.+$/g, "");
  }
  function sitePatterns(site) {
    if (site === "*") return ["https://*/*"];
    if (site === "localhost" || site.startsWith("127.")) return [`http://${site}/*`, `https://${site}/*`];
    return /^[\d.]+$/.test(site) ? [`https://${site}/*`] : [`https://*.${site}/*`];
  }

  // settings.ts
  var DEFAULTS = { endpoint: DEFAULT_ENDPOINT, token: "", preferred: true, sites: DEFAULT_SITES };
  var readSettings = async (store) => ({
    ...DEFAULTS,
    ...await store.get("settings")
  });
  async function readSalt(store) {
    const kept = await store.get("salt");
    if (kept !== void 0) return kept;
    const salt = newSalt();
    await store.set("salt", salt);
    return salt;
  }

  // whep-client.ts
  var ANSWER_MS = 8e3;
  var LOOK_MS = 2500;
  var withToken = (endpoint, headers = {}) => endpoint.token === "" ? headers : { ...headers, authorization: `Bearer ${endpoint.token}` };
  async function whepOffer(http, endpoint, sdp) {
    const headers = withToken(endpoint, { "content-type": "application/sdp" });
    const reply = await http("POST", endpoint.url, { headers, body: sdp, timeoutMs: ANSWER_MS });
    if (reply.status !== 201 && reply.status !== 200) {
      throw new Error(`WHEP: expected 201, found ${reply.status}`);
    }
    const location = reply.header("location");
    const session = location === null ? "" : new URL(location, endpoint.url);
    const ours = session !== "" && session.origin === new URL(endpoint.url).origin;
    return { answer: reply.body, session: ours ? session.href : "" };
  }
  async function whepDrop(http, endpoint, session) {
    if (session === "") return;
    await http("DELETE", session, { headers: withToken(endpoint), timeoutMs: ANSWER_MS });
  }
  async function iceServers(http, endpoint) {
    const reply = await http("OPTIONS", endpoint.url, { headers: withToken(endpoint), timeoutMs: LOOK_MS });
    return parseIceLinks(reply.header("link") ?? "");
  }
  function parseIceLinks(link) {
    const servers = [];
    for (const [, url, rest] of link.matchAll(/<([^>]+)>((?:\s*;\s*[^,;="]+(?:=(?:"(?:[^"\\]|\\.)*"|[^,;"]*))?)*)/g)) {
      const field = (name) => {
        const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;,\\s]+))`, "i").exec(rest ?? "");
        return (found?.[1] ?? found?.[2])?.replace(/\\(.)/g, "$1");
      };
      if (url === void 0 || field("rel") !== "ice-server") continue;
      const username = field("username");
      const credential = field("credential");
      servers.push({
        urls: url,
        ...username === void 0 ? {} : { username },
        ...credential === void 0 ? {} : { credential }
      });
    }
    return servers;
  }
  async function lookAtRoom(http, endpoint) {
    let reply;
    try {
      reply = await http("GET", new URL("/camera.json", endpoint.url).href, { timeoutMs: LOOK_MS });
    } catch {
      return void 0;
    }
    if (reply.status >= 500) return void 0;
    try {
      const { width, height, frameRate } = JSON.parse(reply.body);
      if (isSize(width) && isSize(height) && isSize(frameRate)) return { width, height, frameRate };
    } catch {
    }
    return USUAL_PICTURE;
  }
  var isSize = (value) => typeof value === "number" && value >= 1 && value <= 8192;

  // camera-service.ts
  var LOOK_KEPT_MS = 400;
  var GRANTS_KEPT = 500;
  var CameraService = class {
    constructor(store, http) {
      this.store = store;
      this.http = http;
    }
    store;
    http;
    /** Session addresses by the opaque names given to pages: a page must not choose the target of a request. */
    sessions = /* @__PURE__ */ new Map();
    salt;
    looked;
    /** `origin` is the asking page's, as reported by the browser. */
    async answer(request, origin) {
      return await this.handle(request, origin);
    }
    async handle(request, origin) {
      const settings = await readSettings(this.store);
      const endpoint = { url: settings.endpoint, token: settings.token };
      if (request.kind === "state") return this.state(settings, origin);
      if (request.kind === "drop") return this.drop(endpoint, request.session);
      if (!this.offered(settings, origin)) throw new Error("the camera is not offered on this site");
      switch (request.kind) {
        case "offer":
          return this.offer(endpoint, request.sdp);
        case "servers":
          return iceServers(this.http, endpoint).catch(() => []);
        case "granted":
          return this.grant(origin, request.video, request.audio);
      }
    }
    /** Whether the engine answers, and with which picture; cached for a moment. */
    look(settings) {
      const key = `${settings.endpoint}
${settings.token}`;
      const nowMs = Date.now();
      if (this.looked?.key !== key || nowMs - this.looked.atMs > LOOK_KEPT_MS) {
        const picture = lookAtRoom(this.http, { url: settings.endpoint, token: settings.token });
        this.looked = { key, atMs: nowMs, picture };
      }
      return this.looked.picture;
    }
    offered(settings, origin) {
      return URL.canParse(origin) && siteMatches(new URL(origin).hostname, settings.sites);
    }
    async state(settings, origin) {
      const offered = this.offered(settings, origin);
      const [ids, granted, picture] = await Promise.all([
        (this.salt ??= readSalt(this.store)).then((salt) => deviceIds(salt, origin)),
        this.store.get("granted"),
        offered ? this.look(settings) : void 0
      ]);
      return {
        offered,
        available: picture !== void 0,
        preferred: settings.preferred,
        ...picture ?? USUAL_PICTURE,
        ids,
        granted: granted?.[origin] ?? { video: false, audio: false }
      };
    }
    async offer(endpoint, sdp) {
      const { answer, session } = await whepOffer(this.http, endpoint, sdp);
      const name = newSalt();
      this.sessions.set(name, session);
      return { answer, session: name };
    }
    async drop(endpoint, name) {
      const session = this.sessions.get(name);
      this.sessions.delete(name);
      if (session !== void 0) await whepDrop(this.http, endpoint, session);
      return null;
    }
    async grant(origin, video, audio) {
      const { [origin]: before, ...others } = await this.store.get("granted") ?? {};
      const now = { video: video || before?.video === true, audio: audio || before?.audio === true };
      const kept = [...Object.entries(others), [origin, now]].slice(-GRANTS_KEPT);
      await this.store.set("granted", Object.fromEntries(kept));
      return null;
    }
  };

  // extension-parts.ts
  var extensionStore = {
    async get(key) {
      return (await chrome.storage.local.get(key))[key];
    },
    async set(key, value) {
      await chrome.storage.local.set({ [key]: value });
    }
  };
  var fetchHttp = async (method, url, { headers, body, timeoutMs = 5e3 } = {}) => {
    const reply = await fetch(url, {
      method,
      ...headers === void 0 ? {} : { headers },
      ...body === void 0 ? {} : { body },
      signal: AbortSignal.timeout(timeoutMs),
      credentials: "omit",
      cache: "no-store"
    });
    return { status: reply.status, body: await reply.text(), header: (name) => reply.headers.get(name) };
  };

  // background-entry.ts
  var service = new CameraService(extensionStore, fetchHttp);
  chrome.runtime.onConnect.addListener((line) => {
    const origin = line.sender?.origin ?? "";
    const sessions = /* @__PURE__ */ new Set();
    line.onMessage.addListener((message) => {
      const { id, request } = message;
      service.answer(request, origin).then(
        (reply) => {
          if (request.kind === "offer") sessions.add(reply.session);
          if (request.kind === "drop") sessions.delete(request.session);
          line.postMessage({ id, reply });
        },
        (error) => line.postMessage({ id, error: error instanceof Error ? error.message : String(error) })
      );
    });
    line.onDisconnect.addListener(() => {
      for (const session of sessions) service.answer({ kind: "drop", session }, origin).catch(() => void 0);
    });
  });
  async function registerSites() {
    const { sites } = await readSettings(extensionStore);
    const added = sites.filter((site) => !DEFAULT_SITES.includes(site)).flatMap(sitePatterns);
    const allowed = await Promise.all(added.map((origin) => chrome.permissions.contains({ origins: [origin] })));
    const matches = added.filter((_, i) => allowed[i]);
    await chrome.scripting.unregisterContentScripts();
    if (matches.length === 0) return;
    const common = { matches, runAt: "document_start", allFrames: true, matchOriginAsFallback: true };
    await chrome.scripting.registerContentScripts([
      { ...common, id: "page", js: ["page.js"], world: "MAIN" },
      { ...common, id: "isolated", js: ["isolated.js"], world: "ISOLATED" }
    ]);
  }
  var registering = Promise.resolve();
  var register = () => {
    registering = registering.then(registerSites).catch(() => void 0);
  };
  chrome.runtime.onInstalled.addListener(register);
  chrome.permissions.onAdded.addListener(register);
  chrome.permissions.onRemoved.addListener(register);
  chrome.storage.onChanged.addListener((changes) => {
    if ("settings" in changes) register();
  });
})();
