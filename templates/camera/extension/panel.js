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
function siteMatches(host, sites2) {
  const name = host.toLowerCase();
  return sites2.some((site2) => {
    const bare = normaliseSite(site2);
    return bare === "*" || bare !== "" && (name === bare || name.endsWith(`.${bare}`));
  });
}
function normaliseSite(text) {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === "*") return "*";
  return trimmed.replace(/^[a-z][a-z0-9+.-]*:\/\//, "").replace(/[/?#].*$/, "").replace(/:\d+$/, "").replace(/^(\*\.)+/, "").replace(/^\.+|\.+$/g, "");
}
function withSite(sites2, host, on) {
  if (on) return siteMatches(host, sites2) ? [...sites2] : [...sites2, host.toLowerCase()];
  return sites2.filter((site2) => !siteMatches(host, [site2]));
}
function sitePatterns(site2) {
  if (site2 === "*") return ["https://*/*"];
  if (site2 === "localhost" || site2.startsWith("127.")) return [`http://${site2}/*`, `https://${site2}/*`];
  return /^[\d.]+$/.test(site2) ? [`https://${site2}/*`] : [`https://*.${site2}/*`];
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
function endpointFault(text) {
  if (!URL.canParse(text)) return "notUrl";
  return /^https?:$/.test(new URL(text).protocol) ? void 0 : "notHttp";
}

// whep-client.ts
var ANSWER_MS = 8e3;
var LOOK_MS = 2500;
var withToken = (endpoint2, headers = {}) => endpoint2.token === "" ? headers : { ...headers, authorization: `Bearer ${endpoint2.token}` };
async function whepOffer(http, endpoint2, sdp) {
  const headers = withToken(endpoint2, { "content-type": "application/sdp" });
  const reply = await http("POST", endpoint2.url, { headers, body: sdp, timeoutMs: ANSWER_MS });
  if (reply.status !== 201 && reply.status !== 200) {
    throw new Error(`WHEP: expected 201, found ${reply.status}`);
  }
  const location2 = reply.header("location");
  const session = location2 === null ? "" : new URL(location2, endpoint2.url);
  const ours = session !== "" && session.origin === new URL(endpoint2.url).origin;
  return { answer: reply.body, session: ours ? session.href : "" };
}
async function whepDrop(http, endpoint2, session) {
  if (session === "") return;
  await http("DELETE", session, { headers: withToken(endpoint2), timeoutMs: ANSWER_MS });
}
async function iceServers(http, endpoint2) {
  const reply = await http("OPTIONS", endpoint2.url, { headers: withToken(endpoint2), timeoutMs: LOOK_MS });
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
async function lookAtRoom(http, endpoint2) {
  let reply;
  try {
    reply = await http("GET", new URL("/camera.json", endpoint2.url).href, { timeoutMs: LOOK_MS });
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
    const endpoint2 = { url: settings.endpoint, token: settings.token };
    if (request.kind === "state") return this.state(settings, origin);
    if (request.kind === "drop") return this.drop(endpoint2, request.session);
    if (!this.offered(settings, origin)) throw new Error("the camera is not offered on this site");
    switch (request.kind) {
      case "offer":
        return this.offer(endpoint2, request.sdp);
      case "servers":
        return iceServers(this.http, endpoint2).catch(() => []);
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
  async offer(endpoint2, sdp) {
    const { answer, session } = await whepOffer(this.http, endpoint2, sdp);
    const name = newSalt();
    this.sessions.set(name, session);
    return { answer, session: name };
  }
  async drop(endpoint2, name) {
    const session = this.sessions.get(name);
    this.sessions.delete(name);
    if (session !== void 0) await whepDrop(this.http, endpoint2, session);
    return null;
  }
  async grant(origin, video2, audio) {
    const { [origin]: before, ...others } = await this.store.get("granted") ?? {};
    const now = { video: video2 || before?.video === true, audio: audio || before?.audio === true };
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

// panel-entry.ts
var $ = (id) => document.getElementById(id);
var word = (name, ...parts) => chrome.i18n.getMessage(name, parts);
var LOOK_MS2 = 2e3;
var OWN_ORIGINS = ["http://127.0.0.1/*", "http://localhost/*"];
var service = new CameraService(extensionStore, fetchHttp);
var form = $("form");
var endpoint = $("endpoint");
var token = $("token");
var sites = $("sites");
var preferred = $("preferred");
var here = $("here");
var note = $("note");
var video = $("video");
var site = "";
var playing;
var connecting = false;
for (const element of document.querySelectorAll("[data-t]"))
  element.textContent = word(element.dataset["t"]);
for (const element of document.querySelectorAll("[data-hint]")) {
  element.placeholder = word(element.dataset["hint"]);
}
document.documentElement.lang = chrome.i18n.getUILanguage();
if (new URLSearchParams(location.search).has("popup")) document.body.classList.add("popup");
async function save(change) {
  await extensionStore.set("settings", { ...await readSettings(extensionStore), ...change });
}
function say(text, bad = false) {
  note.textContent = text;
  note.classList.toggle("bad", bad);
}
async function allow(origins) {
  const asked = origins.filter((origin) => !OWN_ORIGINS.includes(origin));
  return asked.length === 0 || chrome.permissions.request({ origins: asked });
}
async function show() {
  const now = await readSettings(extensionStore);
  endpoint.value = now.endpoint;
  token.value = now.token;
  sites.value = now.sites.join("\n");
  preferred.checked = now.preferred;
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  site = tab?.url !== void 0 && /^https?:/.test(tab.url) ? new URL(tab.url).hostname : "";
  $("site-row").hidden = site === "";
  $("site").textContent = site;
  here.checked = siteMatches(site, now.sites);
}
async function look() {
  const settings = await readSettings(extensionStore);
  const picture = await service.look(settings);
  const state = $("state");
  state.dataset["state"] = picture === void 0 ? "away" : "live";
  state.textContent = word(picture === void 0 ? "away" : "live");
  $("size").textContent = picture === void 0 ? "" : `${picture.width}×${picture.height} · ${Math.round(picture.frameRate)} fps`;
  $("hint").hidden = picture !== void 0;
  if (picture === void 0 || ["failed", "closed", "disconnected"].includes(playing?.peer.connectionState ?? ""))
    stop();
  if (picture !== void 0 && playing === void 0 && !connecting) await play(settings).catch(stop);
}
async function play(settings) {
  connecting = true;
  try {
    const at = { url: settings.endpoint, token: settings.token };
    const peer = new RTCPeerConnection({ iceServers: await iceServers(fetchHttp, at).catch(() => []) });
    playing = { peer, session: "" };
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.addEventListener("track", ({ track }) => video.srcObject = new MediaStream([track]));
    await peer.setLocalDescription(await peer.createOffer());
    const { answer, session } = await whepOffer(fetchHttp, at, peer.localDescription.sdp);
    playing.session = session;
    await peer.setRemoteDescription({ type: "answer", sdp: answer });
  } finally {
    connecting = false;
  }
}
function stop() {
  const { peer, session } = playing ?? {};
  playing = void 0;
  peer?.close();
  video.srcObject = null;
  $("screen").classList.remove("playing");
  if (session) {
    void readSettings(extensionStore).then(
      ({ endpoint: url, token: secret }) => whepDrop(fetchHttp, { url, token: secret }, session)
    );
  }
}
video.addEventListener("playing", () => $("screen").classList.add("playing"));
addEventListener("pagehide", stop);
preferred.addEventListener("change", () => void save({ preferred: preferred.checked }));
async function saveIfAllowed(change, origins) {
  const leave = allow(origins);
  const before = await readSettings(extensionStore);
  await save(change);
  if (await leave) return true;
  await extensionStore.set("settings", before);
  return false;
}
async function onHere() {
  const { checked } = here;
  const list = withSite(listed(), site, checked);
  if (!await saveIfAllowed({ sites: list }, checked ? sitePatterns(site) : [])) {
    here.checked = false;
    return say(word("notAllowed", site), true);
  }
  sites.value = list.join("\n");
  say(word("reload"));
}
var listed = () => [
  ...new Set(
    sites.value.split(/\s+/).map(normaliseSite).filter((one) => one !== "")
  )
];
async function onSubmit() {
  const url = endpoint.value.trim() || DEFAULTS.endpoint;
  const fault = endpointFault(url);
  if (fault !== void 0) return say(word(fault), true);
  const list = listed();
  const added = list.filter((one) => !DEFAULT_SITES.includes(one));
  const { protocol, hostname } = new URL(url);
  const change = { endpoint: url, token: token.value.trim(), sites: list };
  if (!await saveIfAllowed(change, [`${protocol}//${hostname}/*`, ...added.flatMap(sitePatterns)])) {
    return say(word("notAllowed", [hostname, ...added].join(", ")), true);
  }
  stop();
  await show();
  say(word("saved"));
  await look();
}
here.addEventListener("change", () => void onHere());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void onSubmit();
});
await show();
await look();
setInterval(() => void look(), LOOK_MS2);
