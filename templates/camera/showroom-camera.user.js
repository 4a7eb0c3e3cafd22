// ==UserScript==
// @name         Showroom Camera
// @name:zh-CN   Showroom 虚拟摄像头
// @namespace    showroom
// @version      0.1.0
// @description  The picture and sound of a Showroom room as a camera and a microphone on live pages.
// @description:zh-CN 把 Showroom 直播间的画面和声音作为摄像头和麦克风，供直播页面选用。
// @match        https://*.alibaba.com/*
// @match        https://*.taobao.com/*
// @match        https://*.tmall.com/*
// @match        https://*.1688.com/*
// @match        https://*.aliexpress.com/*
// @match        https://*.lazada.com/*
// @match        https://*.dingtalk.com/*
// @match        http://localhost/*
// @match        http://127.0.0.1/*
// @run-at       document-start
// @inject-into  page
// @grant        unsafeWindow
// @grant        GM_getValue
// @grant        GM_setValue
// @grant        GM_registerMenuCommand
// @grant        GM_xmlhttpRequest
// @connect      127.0.0.1
// @connect      localhost
// @connect      *
// ==/UserScript==
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
  var LABELS = { camera: "Showroom Camera", microphone: "Showroom Microphone" };
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
  function withSite(sites, host, on) {
    if (on) return siteMatches(host, sites) ? [...sites] : [...sites, host.toLowerCase()];
    return sites.filter((site) => !siteMatches(host, [site]));
  }

  // settings.ts
  var DEFAULTS = { endpoint: DEFAULT_ENDPOINT, token: "", preferred: true, sites: DEFAULT_SITES };
  var readSettings = async (store2) => ({
    ...DEFAULTS,
    ...await store2.get("settings")
  });
  async function readSalt(store2) {
    const kept = await store2.get("salt");
    if (kept !== void 0) return kept;
    const salt = newSalt();
    await store2.set("salt", salt);
    return salt;
  }
  function endpointFault(text) {
    if (!URL.canParse(text)) return "notUrl";
    return /^https?:$/.test(new URL(text).protocol) ? void 0 : "notHttp";
  }

  // whep-client.ts
  var ANSWER_MS = 8e3;
  var LOOK_MS = 2500;
  var withToken = (endpoint, headers = {}) => endpoint.token === "" ? headers : { ...headers, authorization: `Bearer ${endpoint.token}` };
  async function whepOffer(http2, endpoint, sdp) {
    const headers = withToken(endpoint, { "content-type": "application/sdp" });
    const reply = await http2("POST", endpoint.url, { headers, body: sdp, timeoutMs: ANSWER_MS });
    if (reply.status !== 201 && reply.status !== 200) {
      throw new Error(`WHEP: expected 201, found ${reply.status}`);
    }
    const location2 = reply.header("location");
    const session = location2 === null ? "" : new URL(location2, endpoint.url);
    const ours = session !== "" && session.origin === new URL(endpoint.url).origin;
    return { answer: reply.body, session: ours ? session.href : "" };
  }
  async function whepDrop(http2, endpoint, session) {
    if (session === "") return;
    await http2("DELETE", session, { headers: withToken(endpoint), timeoutMs: ANSWER_MS });
  }
  async function iceServers(http2, endpoint) {
    const reply = await http2("OPTIONS", endpoint.url, { headers: withToken(endpoint), timeoutMs: LOOK_MS });
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
  async function lookAtRoom(http2, endpoint) {
    let reply;
    try {
      reply = await http2("GET", new URL("/camera.json", endpoint.url).href, { timeoutMs: LOOK_MS });
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
    constructor(store2, http2) {
      this.store = store2;
      this.http = http2;
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

  // constraints.ts
  var FACING = "user";
  var SAMPLE_RATE_HZ = 48e3;
  var SAMPLE_SIZE_BITS = 16;
  var LATENCY_S = 0.01;
  var PROCESSING = ["echoCancellation", "noiseSuppression", "autoGainControl"];
  var LACKING = "pan tilt zoom torch brightness contrast saturation sharpness colorTemperature iso exposureMode exposureTime exposureCompensation focusMode focusDistance whiteBalanceMode".split(
    " "
  );
  var Unmet = class extends Error {
    constructor(constraint) {
      super(constraint);
      this.constraint = constraint;
    }
    constraint;
  };
  var isObject = (value) => typeof value === "object" && value !== null;
  var strings = (value) => (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  function wanted(set, name) {
    const value = set[name];
    if (value === void 0 || value === null) return { exact: void 0, ideal: [] };
    if (!isObject(value) || Array.isArray(value)) return { exact: void 0, ideal: strings(value) };
    return {
      exact: value["exact"] === void 0 ? void 0 : strings(value["exact"]),
      ideal: value["ideal"] === void 0 ? [] : strings(value["ideal"])
    };
  }
  function range(set, name, least, most) {
    const value = set[name];
    const number = (one) => typeof one === "number" && Number.isFinite(one) ? one : void 0;
    if (!isObject(value)) return { min: least, max: most, ideal: number(value), bound: false };
    const exact = number(value["exact"]);
    const min = exact ?? number(value["min"]) ?? least;
    const max = exact ?? number(value["max"]) ?? most;
    if (min > most || max < least || min > max) throw new Unmet(name);
    return {
      min: Math.max(least, min),
      max: Math.min(most, max),
      ideal: number(value["ideal"]) ?? exact,
      bound: exact !== void 0 || value["min"] !== void 0 || value["max"] !== void 0
    };
  }
  var clamp = (value, { min, max }) => Math.min(max, Math.max(min, value));
  var even = (value) => Math.max(2, Math.round(value / 2) * 2);
  function requireOneOf(set, name, has) {
    const { exact } = wanted(set, name);
    if (exact !== void 0 && !exact.some((one) => has.includes(one))) throw new Unmet(name);
  }
  function both(given, condition) {
    if (!isObject(given) || Array.isArray(given)) return { ...condition, ideal: condition["ideal"] ?? given };
    const exact = [given["exact"], condition["exact"]].filter((one) => one !== void 0);
    if (exact.some((one) => typeof one !== "number")) {
      const [first, second = first] = exact.map(strings);
      return { ...given, ...condition, exact: first.filter((one) => second.includes(one)) };
    }
    const bound = (name) => [given[name], condition[name], ...exact].filter((one) => typeof one === "number");
    return {
      ideal: condition["ideal"] ?? given["ideal"],
      min: Math.max(...bound("min")),
      max: Math.min(...bound("max"))
    };
  }
  function withAdvanced(set, settle) {
    let kept = set;
    let settings = settle(kept);
    const advanced = Array.isArray(set["advanced"]) ? set["advanced"].filter(isObject) : [];
    for (const one of advanced) {
      const conditions = Object.fromEntries(
        Object.entries(one).map(([name, value]) => [
          name,
          isObject(value) && !Array.isArray(value) ? value : { exact: value }
        ])
      );
      const together = { ...kept };
      for (const [name, value] of Object.entries(conditions)) together[name] = both(kept[name], value);
      try {
        settings = settle(together);
        kept = together;
      } catch (error) {
        if (!(error instanceof Unmet)) throw error;
      }
    }
    return settings;
  }
  function attempt(settle) {
    try {
      return { ok: true, settings: settle() };
    } catch (error) {
      if (error instanceof Unmet) return { ok: false, constraint: error.constraint };
      throw error;
    }
  }
  var constraintSet = (value) => isObject(value) ? value : {};
  var settleVideo = (set, limits) => attempt(() => withAdvanced(set, (one) => videoSettings(one, limits)));
  function videoSettings(set, limits) {
    const { deviceId, groupId } = limits;
    requireOneOf(set, "deviceId", [deviceId]);
    requireOneOf(set, "groupId", [groupId]);
    requireOneOf(set, "facingMode", [FACING]);
    requireOneOf(set, "resizeMode", ["none", "crop-and-scale"]);
    for (const name of LACKING) {
      const value = set[name];
      if (isObject(value) && ["exact", "min", "max"].some((key) => value[key] !== void 0)) throw new Unmet(name);
    }
    const rate = range(set, "frameRate", 1, limits.frameRate);
    const size = chooseSize(set, limits);
    return {
      ...size,
      frameRate: clamp(rate.ideal ?? limits.frameRate, rate),
      aspectRatio: size.width / size.height,
      facingMode: FACING,
      resizeMode: size.width === limits.width && size.height === limits.height ? "none" : "crop-and-scale",
      deviceId,
      groupId
    };
  }
  function chooseSize(set, limits) {
    const unscaled = wanted(set, "resizeMode").exact?.join() === "none";
    const width = range(set, "width", unscaled ? limits.width : 1, limits.width);
    const height = range(set, "height", unscaled ? limits.height : 1, limits.height);
    const covering = Math.max((width.ideal ?? 0) / limits.width, (height.ideal ?? 0) / limits.height);
    let scale = covering > 0 ? Math.min(1, covering) : 1;
    scale = Math.max(scale, width.min / limits.width, height.min / limits.height);
    scale = Math.min(scale, width.max / limits.width, height.max / limits.height);
    const chosen = {
      width: clamp(even(limits.width * scale), width),
      height: clamp(even(limits.height * scale), height)
    };
    const aspect = range(set, "aspectRatio", 1 / limits.height, limits.width);
    const now = chosen.width / chosen.height;
    if (!aspect.bound || now >= aspect.min * 0.99 && now <= aspect.max * 1.01) return chosen;
    const target = clamp(now, aspect);
    const narrower = Math.round(chosen.height * target);
    const lower = Math.round(chosen.width / target);
    if (narrower <= chosen.width && narrower >= width.min) return { ...chosen, width: Math.max(1, narrower) };
    if (lower <= chosen.height && lower >= height.min) return { ...chosen, height: Math.max(1, lower) };
    throw new Unmet("aspectRatio");
  }
  var settleAudio = (set, ids) => attempt(() => withAdvanced(set, (one) => audioSettings(one, ids)));
  function audioSettings(set, { deviceId, groupId }) {
    requireOneOf(set, "deviceId", [deviceId]);
    requireOneOf(set, "groupId", [groupId]);
    const channels = range(set, "channelCount", 1, 2);
    range(set, "sampleRate", SAMPLE_RATE_HZ, SAMPLE_RATE_HZ);
    range(set, "sampleSize", SAMPLE_SIZE_BITS, SAMPLE_SIZE_BITS);
    range(set, "latency", 0, 1);
    const processing = Object.fromEntries(PROCESSING.map((name) => [name, flag(set[name])]));
    return {
      deviceId,
      groupId,
      channelCount: Math.round(clamp(channels.ideal ?? 2, channels)),
      sampleRate: SAMPLE_RATE_HZ,
      sampleSize: SAMPLE_SIZE_BITS,
      latency: LATENCY_S,
      ...processing
    };
  }
  function flag(value) {
    const asked = isObject(value) ? value["exact"] ?? value["ideal"] : value;
    return typeof asked === "boolean" ? asked : true;
  }
  function videoCapabilities(limits) {
    return {
      aspectRatio: { max: limits.width, min: 1 / limits.height },
      deviceId: limits.deviceId,
      facingMode: [FACING],
      frameRate: { max: limits.frameRate, min: 1 },
      groupId: limits.groupId,
      height: { max: limits.height, min: 1 },
      resizeMode: ["none", "crop-and-scale"],
      width: { max: limits.width, min: 1 }
    };
  }
  function audioCapabilities({
    deviceId,
    groupId
  }) {
    return {
      autoGainControl: [true, false],
      channelCount: { max: 2, min: 1 },
      deviceId,
      echoCancellation: [true, false],
      groupId,
      latency: { max: LATENCY_S, min: LATENCY_S },
      noiseSuppression: [true, false],
      sampleRate: { max: SAMPLE_RATE_HZ, min: SAMPLE_RATE_HZ },
      sampleSize: { max: SAMPLE_SIZE_BITS, min: SAMPLE_SIZE_BITS }
    };
  }

  // device-list.ts
  var FIELDS = ["deviceId", "kind", "label", "groupId"];
  var DeviceList = class {
    constructor(scope, look, limits) {
      this.scope = scope;
      const { facts } = this;
      const { mediaDevices } = scope.navigator;
      this.enumerate = scope.MediaDevices.prototype.enumerateDevices.bind(mediaDevices);
      for (const field of FIELDS) {
        look.getter(scope.MediaDeviceInfo.prototype, field, (native, self, args) => {
          const ours = facts.get(self);
          return ours === void 0 ? native(self, args) : ours[field];
        });
      }
      look.method(scope.MediaDeviceInfo.prototype, "toJSON", (native, self, args) => {
        const ours = facts.get(self);
        return ours === void 0 ? native(self, args) : Object.fromEntries(FIELDS.map((field) => [field, ours[field]]));
      });
      if (scope.InputDeviceInfo === void 0) return;
      look.method(scope.InputDeviceInfo.prototype, "getCapabilities", (native, self, args) => {
        const ours = facts.get(self);
        if (ours === void 0) return native(self, args);
        if (ours.deviceId === "") return {};
        return ours.kind === "videoinput" ? videoCapabilities(limits()) : audioCapabilities(ours);
      });
    }
    scope;
    facts = /* @__PURE__ */ new WeakMap();
    enumerate;
    /** The browser's own devices. */
    async native() {
      try {
        return await this.enumerate();
      } catch {
        return [];
      }
    }
    /**
     * The browser's devices and the room's. Before a site has permission for a kind it learns only that such a device
     * exists: a single entry without id or name, as the specification requires.
     */
    with(devices, { ids, granted, preferred }, allowed) {
      const of = (kind) => devices.filter((device) => device.kind === kind);
      const merge = (facts, allow, given) => {
        const theirs = of(facts.kind);
        if (!allow) return theirs;
        const named = theirs.filter(({ label, deviceId }) => label !== "" || deviceId !== "");
        if (!given && named.length === 0) {
          return theirs.length > 0 ? theirs : [this.make({ kind: facts.kind, deviceId: "", groupId: "", label: "" })];
        }
        const ours = this.make(facts);
        return preferred ? [ours, ...named] : [...named, ours];
      };
      const groupId = ids.group;
      return [
        ...merge(
          { kind: "audioinput", deviceId: ids.microphone, groupId, label: LABELS.microphone },
          allowed.audio,
          granted.audio
        ),
        ...merge(
          { kind: "videoinput", deviceId: ids.camera, groupId, label: LABELS.camera },
          allowed.video,
          granted.video
        ),
        ...of("audiooutput")
      ];
    }
    make(facts) {
      const { InputDeviceInfo, MediaDeviceInfo } = this.scope;
      const device = Object.create((InputDeviceInfo ?? MediaDeviceInfo).prototype);
      this.facts.set(device, facts);
      return device;
    }
  };

  // legacy-constraints.ts
  var legacy = (value) => typeof value === "object" && value !== null && ("mandatory" in value || "optional" in value) ? value : void 0;
  function isForeign(value) {
    const { mandatory = {}, optional = [] } = legacy(value) ?? {};
    return [mandatory, ...optional].some((one) => typeof one === "object" && "chromeMediaSource" in (one ?? {}));
  }
  function fromLegacy(set) {
    const old = legacy(set);
    if (old === void 0) return set;
    const out = {};
    const put = (name, key, value) => void (out[name] = { ...out[name], [key]: value });
    for (const [name, value] of Object.entries(old.mandatory ?? {})) {
      const bound = /^(min|max)(Width|Height|FrameRate|AspectRatio)$/.exec(name);
      if (bound !== null) put(bound[2][0].toLowerCase() + bound[2].slice(1), bound[1], value);
      else if (name === "sourceId") put("deviceId", "exact", value);
    }
    for (const one of old.optional ?? []) if ("sourceId" in one) put("deviceId", "ideal", one["sourceId"]);
    return out;
  }

  // native-look.ts
  var NativeLook = class {
    originals = /* @__PURE__ */ new WeakMap();
    constructor(scope) {
      const { originals } = this;
      this.method(
        scope.Function.prototype,
        "toString",
        (native, self) => native(typeof self === "function" ? originals.get(self) ?? self : self, [])
      );
    }
    /** Replaces a method where it is defined; skips methods this browser lacks. */
    method(owner, name, replacement) {
      const found = Object.getOwnPropertyDescriptor(owner, name);
      if (typeof found?.value !== "function") return;
      Object.defineProperty(owner, name, { ...found, value: this.wrap(found.value, replacement) });
    }
    getter(owner, name, replacement) {
      const found = Object.getOwnPropertyDescriptor(owner, name);
      if (found?.get === void 0) return;
      Object.defineProperty(owner, name, { ...found, get: this.wrap(found.get, replacement) });
    }
    wrap(native, replacement) {
      const wrapped = new Proxy(native, {
        apply: (target, self, args) => replacement((on, given) => Reflect.apply(target, on, given), self, args)
      });
      this.originals.set(wrapped, native);
      return wrapped;
    }
  };

  // patch-permissions.ts
  var Permissions = class {
    /** `granted`: the site's earlier permissions, read at each query. */
    constructor(scope, look, granted) {
      this.scope = scope;
      if (scope.Permissions === void 0) return;
      look.method(scope.Permissions.prototype, "query", async (native, self, args) => {
        const status = await native(self, args);
        const name = args[0]?.name;
        if (name !== "camera" && name !== "microphone") return status;
        const given = await granted();
        if (given === void 0) return status;
        this.granted = given;
        this.kinds.set(status, name === "camera" ? "video" : "audio");
        this.statuses.add(new WeakRef(status));
        return status;
      });
      look.getter(scope.PermissionStatus.prototype, "state", (native, self, args) => {
        const kind = this.kinds.get(self);
        return kind !== void 0 && this.granted[kind] ? "granted" : native(self, args);
      });
    }
    scope;
    kinds = /* @__PURE__ */ new WeakMap();
    statuses = /* @__PURE__ */ new Set();
    granted = { video: false, audio: false };
    /** The site has these permissions from now on. */
    tell(granted) {
      const before = this.granted;
      this.granted = granted;
      for (const reference of this.statuses) {
        const status = reference.deref();
        if (status === void 0) this.statuses.delete(reference);
        else {
          const kind = this.kinds.get(status);
          if (!before[kind] && granted[kind]) status.dispatchEvent(new this.scope.Event("change"));
        }
      }
    }
  };

  // patch-tracks.ts
  function patchTracks(scope, look) {
    const known = /* @__PURE__ */ new WeakMap();
    const open = /* @__PURE__ */ new Set();
    const left = new FinalizationRegistry((virtual) => end(virtual));
    const { prototype } = scope.MediaStreamTrack;
    function end(virtual) {
      open.delete(virtual);
      virtual.close();
    }
    function adopt(virtual) {
      known.set(virtual.track, virtual);
      open.add(virtual);
      left.register(virtual.track, virtual);
      virtual.start();
    }
    const answer = (name, ours) => look.method(prototype, name, (native, self, args) => {
      const virtual = known.get(self);
      return virtual === void 0 ? native(self, args) : ours(virtual, args, self);
    });
    look.getter(prototype, "label", (native, self, args) => known.get(self)?.label ?? native(self, args));
    answer("getSettings", ({ settings }, _, self) => self.readyState === "live" ? { ...settings } : {});
    answer("getCapabilities", (virtual) => virtual.capabilities());
    answer("getConstraints", ({ constraints }) => structuredClone(constraints));
    answer("applyConstraints", async (virtual, [given]) => {
      const constraints = constraintSet(given);
      const settled = virtual.settle(constraints);
      if (!settled.ok) throw new scope.OverconstrainedError(settled.constraint, "");
      virtual.settings = settled.settings;
      virtual.constraints = constraints;
    });
    look.method(prototype, "stop", (native, self, args) => {
      const virtual = known.get(self);
      const result = native(self, args);
      if (virtual !== void 0) end(virtual);
      return result;
    });
    answer("clone", (virtual, _, self) => {
      const copy = virtual.copy();
      copy.track.enabled = self.enabled;
      copy.track.contentHint = self.contentHint;
      if (self.readyState === "live") adopt(copy);
      else copy.track.stop();
      return copy.track;
    });
    look.method(scope.MediaStream.prototype, "clone", (native, self, args) => {
      const tracks = self instanceof scope.MediaStream ? self.getTracks() : [];
      if (!tracks.some((track) => known.has(track))) return native(self, args);
      return new scope.MediaStream(tracks.map((track) => track.clone()));
    });
    return {
      adopt,
      unplugAll() {
        for (const virtual of open) virtual.unplug();
        open.clear();
      }
    };
  }

  // room-feed.ts
  var TICK_MS = 250;
  var STALLED_MS = 2500;
  var CONNECT_MS = 9e3;
  var FIRST_WAIT_MS = 300;
  var LONGEST_WAIT_MS = 3e3;
  var LINGER_MS = 3e3;
  var GATHER_MS = 800;
  var DRIFT_US = 4e5;
  var SILENT_AFTER_MS = 150;
  var RoomFeed = class {
    constructor(scope, bridge2, onSize) {
      this.scope = scope;
      this.bridge = bridge2;
      this.onSize = onSize;
    }
    scope;
    bridge;
    onSize;
    sinks = { video: /* @__PURE__ */ new Set(), audio: /* @__PURE__ */ new Set() };
    waiting = /* @__PURE__ */ new Set();
    connection;
    connecting = false;
    waitMs = FIRST_WAIT_MS;
    nextTryMs = 0;
    timer;
    idleSinceMs = 0;
    last;
    lastVideoUs = 0;
    lastVideoMs = -Infinity;
    nextAudioUs = 0;
    lastAudioMs = -Infinity;
    servers;
    get running() {
      return this.sinks.video.size + this.sinks.audio.size > 0;
    }
    /** Adds a user; returns a function that removes it. */
    add(kind, sink) {
      this.sinks[kind].add(sink);
      this.start();
      return () => void this.sinks[kind].delete(sink);
    }
    /** Resolves with true when all of these kinds flow, with false on timeout. */
    ready(kinds, timeoutMs) {
      this.start();
      return new Promise((resolve) => {
        const waiter = {
          kinds,
          resolve: () => {
            clearTimeout(timer);
            this.waiting.delete(waiter);
            resolve(true);
          }
        };
        const timer = setTimeout(() => {
          this.waiting.delete(waiter);
          resolve(false);
        }, timeoutMs);
        this.waiting.add(waiter);
        this.tellWaiting();
      });
    }
    /** Reconnects for different tracks: the engine's address may have changed with the settings. */
    restart() {
      this.servers = void 0;
      this.drop();
      this.nextTryMs = 0;
    }
    start() {
      this.idleSinceMs = performance.now();
      this.timer ??= setInterval(() => this.tick(), TICK_MS);
      this.tick();
    }
    tick() {
      const nowMs = performance.now();
      if (this.running || this.waiting.size > 0) this.idleSinceMs = nowMs;
      else if (nowMs - this.idleSinceMs > LINGER_MS) return this.stop();
      const { connection } = this;
      if (connection !== void 0) {
        const sinceMs = nowMs - Math.max(this.lastVideoMs, connection.startedMs);
        if (connection.failed || sinceMs > (connection.hasPicture ? STALLED_MS : CONNECT_MS)) this.drop();
      }
      if (this.connection === void 0 && !this.connecting && nowMs >= this.nextTryMs) void this.connect();
      this.fill(nowMs);
    }
    stop() {
      clearInterval(this.timer);
      this.timer = void 0;
      this.drop();
      this.nextTryMs = 0;
      this.last?.close();
      this.last = void 0;
    }
    drop() {
      this.connection?.close();
      this.connection = void 0;
      this.nextTryMs = performance.now() + this.waitMs * (0.5 + Math.random() / 2);
      this.waitMs = Math.min(LONGEST_WAIT_MS, this.waitMs * 1.6);
    }
    async connect() {
      this.connecting = true;
      try {
        if (!(await this.bridge.request({ kind: "state" })).available) {
          this.waitMs = FIRST_WAIT_MS * 2;
          throw new Error("the engine does not answer");
        }
        this.servers ??= await this.bridge.request({ kind: "servers" });
        const connection = new Connection(this.scope, this.bridge, {
          video: (frame) => this.takeVideo(connection, frame),
          audio: (data) => this.takeAudio(connection, data)
        });
        this.connection = connection;
        await connection.open(this.servers);
      } catch {
        this.servers = void 0;
        this.drop();
      } finally {
        this.connecting = false;
      }
    }
    takeVideo(from, frame) {
      if (from !== this.connection || this.timer === void 0) return frame.close();
      const nowMs = performance.now();
      if (!from.hasPicture) from.offsetUs = nowMs * 1e3 - frame.timestamp;
      from.hasPicture = true;
      this.waitMs = FIRST_WAIT_MS;
      const here = frame.timestamp + from.offsetUs;
      if (Math.abs(here - nowMs * 1e3) > DRIFT_US) from.offsetUs = nowMs * 1e3 - frame.timestamp;
      this.lastVideoUs = Math.max(frame.timestamp + from.offsetUs, this.lastVideoUs + 1e3);
      const stamped = new this.scope.VideoFrame(frame, { timestamp: Math.round(this.lastVideoUs) });
      frame.close();
      if (this.last?.displayWidth !== stamped.displayWidth || this.last.displayHeight !== stamped.displayHeight) {
        this.onSize(stamped.displayWidth, stamped.displayHeight);
      }
      this.last?.close();
      this.last = stamped;
      this.lastVideoMs = nowMs;
      for (const sink of this.sinks.video) sink(stamped);
      this.tellWaiting();
    }
    takeAudio(from, data) {
      if (from !== this.connection || this.timer === void 0) return data.close();
      this.lastAudioMs = performance.now();
      const samples = interleaved(data);
      data.close();
      this.passAudio(samples);
      this.tellWaiting();
    }
    passAudio(samples) {
      const nowUs = performance.now() * 1e3;
      if (Math.abs(this.nextAudioUs - nowUs) > DRIFT_US) this.nextAudioUs = Math.max(nowUs, this.nextAudioUs);
      const timestamp = Math.round(this.nextAudioUs);
      this.nextAudioUs += samples.length / 2 / SAMPLE_RATE_HZ * 1e6;
      for (const sink of this.sinks.audio) sink(samples, timestamp);
    }
    /** Replaces missing pictures and sound. */
    fill(nowMs) {
      if (this.last !== void 0 && nowMs - this.lastVideoMs > 2 * TICK_MS) {
        this.lastVideoUs = Math.max(nowMs * 1e3, this.lastVideoUs + 1e3);
        const again = new this.scope.VideoFrame(this.last, { timestamp: Math.round(this.lastVideoUs) });
        for (const sink of this.sinks.video) sink(again);
        again.close();
      }
      if (nowMs - this.lastAudioMs > SILENT_AFTER_MS && this.sinks.audio.size > 0) {
        const missingUs = Math.min(1e6, Math.max(0, nowMs * 1e3 - this.nextAudioUs));
        if (missingUs >= 1e4) this.passAudio(new Float32Array(2 * Math.round(missingUs / 1e6 * SAMPLE_RATE_HZ)));
      }
    }
    tellWaiting() {
      const flows = { video: this.connection?.hasPicture === true, audio: this.connection?.connected === true };
      for (const { kinds, resolve } of this.waiting) if (kinds.every((kind) => flows[kind])) resolve();
    }
  };
  var Connection = class {
    constructor(scope, bridge2, take) {
      this.scope = scope;
      this.bridge = bridge2;
      this.take = take;
    }
    scope;
    bridge;
    take;
    startedMs = performance.now();
    hasPicture = false;
    /** From the sender's times to this page's. */
    offsetUs = 0;
    peer;
    session;
    puller;
    closed = false;
    get failed() {
      return ["failed", "closed"].includes(this.peer?.connectionState ?? "");
    }
    get connected() {
      return this.peer?.connectionState === "connected";
    }
    async open(servers) {
      const peer = new this.scope.RTCPeerConnection({ iceServers: [...servers], bundlePolicy: "max-bundle" });
      this.peer = peer;
      peer.addTransceiver("video", { direction: "recvonly" });
      peer.addTransceiver("audio", { direction: "recvonly" });
      peer.addEventListener("track", ({ track }) => void this.pump(track));
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      if (this.closed) return;
      const { answer, session } = await this.bridge.request({ kind: "offer", sdp: peer.localDescription.sdp });
      this.session = session;
      if (this.closed) return this.leave();
      await peer.setRemoteDescription({ type: "answer", sdp: answer });
    }
    close() {
      if (this.closed) return;
      this.closed = true;
      this.peer?.close();
      if (this.puller !== void 0) this.puller.srcObject = null;
      this.leave();
    }
    leave() {
      const { session } = this;
      this.session = void 0;
      if (session !== void 0) this.bridge.request({ kind: "drop", session }).catch(() => void 0);
    }
    /**
     * Chromium decodes received sound only while an element plays it: a muted element does so silently, without a click
     * by the user.
     */
    pull(track) {
      const element = new this.scope.Audio();
      element.muted = true;
      element.srcObject = new this.scope.MediaStream([track]);
      element.play().catch(() => void 0);
      this.puller = element;
    }
    async pump(track) {
      if (track.kind === "audio") this.pull(track);
      const Processor = this.scope.MediaStreamTrackProcessor;
      const reader = new Processor({ track, maxBufferSize: track.kind === "video" ? 3 : 50 }).readable.getReader();
      try {
        for (; ; ) {
          const { value, done } = await reader.read();
          if (done) return;
          if (this.closed) value.close();
          else if (track.kind === "video") this.take.video(value);
          else this.take.audio(value);
        }
      } catch {
      }
    }
  };
  function gathered(peer) {
    if (peer.iceGatheringState === "complete") return Promise.resolve();
    return new Promise((resolve) => {
      setTimeout(resolve, GATHER_MS);
      peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && resolve());
    });
  }
  function interleaved(data) {
    const { numberOfFrames, numberOfChannels } = data;
    const samples = new Float32Array(numberOfFrames * 2);
    const plane = new Float32Array(numberOfFrames);
    for (let channel = 0; channel < 2; channel += 1) {
      data.copyTo(plane, { planeIndex: Math.min(channel, numberOfChannels - 1), format: "f32-planar" });
      for (let i = 0; i < numberOfFrames; i += 1) samples[2 * i + channel] = plane[i];
    }
    return samples;
  }

  // picture-fitter.ts
  var GROUND_PX = 16;
  var SAME_SHAPE = 0.01;
  var PictureFitter = class {
    constructor(scope) {
      this.scope = scope;
    }
    scope;
    canvas;
    ground;
    /** A new frame, which the caller must close; the given one stays the caller's, too. */
    fit(frame, width, height) {
      if (frame.displayWidth === width && frame.displayHeight === height) return frame.clone();
      const { timestamp } = frame;
      this.canvas ??= new this.scope.OffscreenCanvas(width, height);
      const { canvas } = this;
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      const to = canvas.getContext("2d", { alpha: false });
      to.imageSmoothingQuality = "high";
      const shape = frame.displayWidth / frame.displayHeight;
      if (Math.abs(width / height / shape - 1) < SAME_SHAPE) {
        to.drawImage(frame, 0, 0, width, height);
      } else {
        this.paintGround(frame, to, width, height);
        const w = Math.min(width, height * shape);
        const h = Math.min(height, width / shape);
        to.drawImage(frame, (width - w) / 2, (height - h) / 2, w, h);
      }
      return new this.scope.VideoFrame(canvas, { timestamp, alpha: "discard" });
    }
    paintGround(frame, to, width, height) {
      this.ground ??= new this.scope.OffscreenCanvas(GROUND_PX, GROUND_PX);
      const small = this.ground.getContext("2d", { alpha: false });
      small.drawImage(frame, 0, 0, GROUND_PX, GROUND_PX);
      to.drawImage(this.ground, 0, 0, width, height);
      to.fillStyle = "#0006";
      to.fillRect(0, 0, width, height);
    }
  };

  // virtual-track.ts
  var QUEUE = 3;
  var VirtualTrack = class {
    constructor(scope, feed, kind, label, settings, constraints) {
      this.scope = scope;
      this.feed = feed;
      this.kind = kind;
      this.label = label;
      this.settings = settings;
      this.constraints = constraints;
      this.generator = new scope.MediaStreamTrackGenerator({ kind });
      this.track = this.generator.clone();
      this.writer = this.generator.writable.getWriter();
      this.writer.closed.catch(() => this.close());
    }
    scope;
    feed;
    kind;
    label;
    settings;
    track;
    constraints;
    generator;
    writer;
    remove = () => void 0;
    over = false;
    /** Call once, when the track is handed out. */
    start() {
      this.remove = this.connect();
    }
    close() {
      if (this.over) return;
      this.over = true;
      this.remove();
      this.writer.close().catch(() => void 0);
    }
    /** Ends the track like an unplugged camera: the page gets the event. */
    unplug() {
      this.close();
      this.generator.stop();
    }
    /** Writes a frame, or drops it when the page does not take it. The frame belongs to the track from here on. */
    write(data) {
      if (this.over || (this.writer.desiredSize ?? -QUEUE) <= -QUEUE) return data.close();
      this.writer.write(data).catch(() => this.close());
    }
  };
  var VirtualVideo = class _VirtualVideo extends VirtualTrack {
    constructor(scope, feed, label, settings, constraints, limits) {
      super(scope, feed, "video", label, settings, constraints);
      this.limits = limits;
      this.fitter = new PictureFitter(scope);
    }
    limits;
    fitter;
    nextUs = 0;
    capabilities() {
      return videoCapabilities(this.limits());
    }
    settle(constraints) {
      return settleVideo(constraints, this.limits());
    }
    copy() {
      const { scope, feed, label, settings, constraints, limits } = this;
      return new _VirtualVideo(scope, feed, label, settings, constraints, limits);
    }
    connect() {
      return this.feed.add("video", (frame) => {
        if (!this.due(frame.timestamp)) return;
        const { width, height } = this.settings;
        this.write(this.fitter.fit(frame, width, height));
      });
    }
    /** Lets the requested number of frames through, evenly. */
    due(timestampUs) {
      const { frameRate } = this.settings;
      const native = this.limits().frameRate;
      if (frameRate >= native) return true;
      const stepUs = 1e6 / frameRate;
      if (timestampUs < this.nextUs - 5e5 / native) return false;
      this.nextUs = Math.max(this.nextUs + stepUs, timestampUs - stepUs);
      return true;
    }
  };
  var VirtualAudio = class _VirtualAudio extends VirtualTrack {
    constructor(scope, feed, label, settings, constraints) {
      super(scope, feed, "audio", label, settings, constraints);
    }
    capabilities() {
      return audioCapabilities(this.settings);
    }
    settle(constraints) {
      return settleAudio(constraints, this.settings);
    }
    copy() {
      const { scope, feed, label, settings, constraints } = this;
      return new _VirtualAudio(scope, feed, label, settings, constraints);
    }
    connect() {
      return this.feed.add("audio", (stereo, timestamp) => {
        const numberOfChannels = this.settings.channelCount;
        const data = numberOfChannels === 1 ? mono(stereo) : stereo;
        const numberOfFrames = data.length / numberOfChannels;
        const init = { format: "f32", sampleRate: SAMPLE_RATE_HZ, numberOfFrames, numberOfChannels, timestamp };
        this.write(new this.scope.AudioData({ ...init, data }));
      });
    }
  };
  function mono(stereo) {
    const out = new Float32Array(stereo.length / 2);
    for (let i = 0; i < out.length; i += 1) out[i] = (stereo[2 * i] + stereo[2 * i + 1]) / 2;
    return out;
  }

  // install-camera.ts
  var START_MS = 1e4;
  var WATCH_MS = 5e3;
  function installCamera(scope, bridge2) {
    if (scope.MediaDevices === void 0 || scope.navigator.mediaDevices === void 0) return;
    if (scope.MediaStreamTrackGenerator === void 0 || scope.MediaStreamTrackProcessor === void 0) return;
    new Camera(scope, bridge2).install();
  }
  var Camera = class {
    constructor(scope, bridge2) {
      this.scope = scope;
      this.bridge = bridge2;
      this.look = new NativeLook(scope);
      this.list = new DeviceList(scope, this.look, () => this.limits());
      this.feed = new RoomFeed(scope, bridge2, (width, height) => this.size = { width, height });
      this.tracks = patchTracks(scope, this.look);
      this.permissions = new Permissions(scope, this.look, async () => {
        const state = await this.refresh();
        return this.listed(state) ? state?.granted : void 0;
      });
    }
    scope;
    bridge;
    look;
    list;
    feed;
    tracks;
    permissions;
    /** The last known offer; undefined until a page asks. */
    state;
    watching = false;
    size;
    install() {
      const { look, scope } = this;
      look.method(
        scope.MediaDevices.prototype,
        "enumerateDevices",
        (native, self, args) => self === scope.navigator.mediaDevices ? this.enumerate(() => native(self, args)) : native(self, args)
      );
      look.method(
        scope.MediaDevices.prototype,
        "getUserMedia",
        (native, self, args) => self === scope.navigator.mediaDevices ? this.getUserMedia(native, self, args) : native(self, args)
      );
      for (const name of ["getUserMedia", "webkitGetUserMedia"]) {
        look.method(scope.Navigator.prototype, name, (native, self, args) => this.legacy(native, self, args));
      }
      this.bridge.onChange(() => void this.onSettings());
    }
    async refresh() {
      try {
        this.state = await this.bridge.request({ kind: "state" });
      } catch {
        this.state = void 0;
      }
      if (!this.watching && this.state?.offered === true) {
        this.watching = true;
        setInterval(() => void this.watch(), WATCH_MS);
      }
      return this.state;
    }
    /** A camera in use stays in the list while the engine restarts. */
    listed(state) {
      return state?.offered === true && (state.available || this.feed.running);
    }
    async watch() {
      const before = this.listed(this.state);
      const after = this.listed(await this.refresh());
      if (before !== after) this.tellDeviceChange();
    }
    async onSettings() {
      if (this.state === void 0) return;
      const before = this.listed(this.state);
      const state = await this.refresh();
      if (state?.offered === true) this.feed.restart();
      else this.tracks.unplugAll();
      if (before !== this.listed(state)) this.tellDeviceChange();
    }
    tellDeviceChange() {
      this.scope.navigator.mediaDevices.dispatchEvent(new this.scope.Event("devicechange"));
    }
    limits() {
      const { width, height, frameRate, ids } = this.state;
      return { width, height, ...this.size, frameRate, deviceId: ids.camera, groupId: ids.group };
    }
    async enumerate(native) {
      const devices = await native();
      const state = await this.refresh();
      if (state === void 0 || !this.listed(state)) return devices;
      return this.list.with(devices, state, { video: this.allowed("video"), audio: this.allowed("audio") });
    }
    /** Whether the page's own policy allows such a device at all. */
    allowed(kind) {
      const { document } = this.scope;
      return document.featurePolicy?.allowsFeature(kind === "video" ? "camera" : "microphone") ?? true;
    }
    async getUserMedia(native, self, args) {
      const asked = typeof args[0] === "object" ? args[0] : void 0;
      if (!asked || !asked.video && !asked.audio || isForeign(asked.video) || isForeign(asked.audio)) {
        return native(self, args);
      }
      const state = await this.refresh();
      if (state === void 0 || !this.listed(state)) return native(self, args);
      const theirs = await this.list.native();
      const video = this.choose("video", asked.video, state, theirs);
      const audio = this.choose("audio", asked.audio, state, theirs);
      if (video.by !== "ours" && audio.by !== "ours") return native(self, args);
      const rest = {
        ...video.by === "browser" ? { video: asked.video } : {},
        ...audio.by === "browser" ? { audio: asked.audio } : {}
      };
      const real = Object.keys(rest).length === 0 ? [] : (await native(self, [rest])).getTracks();
      try {
        return await this.open(video, audio, real);
      } catch (error) {
        for (const track of real) track.stop();
        throw error;
      }
    }
    async open(video, audio, real) {
      const { scope } = this;
      const kinds = [
        ...video.by === "ours" ? ["video"] : [],
        ...audio.by === "ours" ? ["audio"] : []
      ];
      if (!await this.feed.ready(kinds, START_MS)) {
        throw new scope.DOMException(
          video.by === "ours" ? "Could not start video source" : "Could not start audio source",
          "NotReadableError"
        );
      }
      const made = [];
      if (audio.by === "ours") {
        const { microphone: deviceId, group: groupId } = this.state.ids;
        const settled = settleAudio(audio.constraints, { deviceId, groupId });
        if (!settled.ok) throw this.overconstrained(settled.constraint);
        made.push(new VirtualAudio(scope, this.feed, LABELS.microphone, settled.settings, audio.constraints));
      }
      if (video.by === "ours") {
        const settled = settleVideo(video.constraints, this.limits());
        if (!settled.ok) throw this.overconstrained(settled.constraint);
        made.push(
          new VirtualVideo(scope, this.feed, LABELS.camera, settled.settings, video.constraints, () => this.limits())
        );
      }
      for (const one of made) this.tracks.adopt(one);
      void this.grant({ video: video.by === "ours", audio: audio.by === "ours" });
      return new scope.MediaStream([...real, ...made.map((one) => one.track)]);
    }
    choose(kind, asked, state, theirs) {
      if (asked === void 0 || asked === false || asked === null) return { by: "nobody" };
      if (!this.allowed(kind)) return { by: "browser" };
      const constraints = fromLegacy(constraintSet(asked));
      const { camera, microphone, group } = state.ids;
      const ourId = kind === "video" ? camera : microphone;
      const { exact, ideal } = wanted(constraints, "deviceId");
      const named = exact?.includes(ourId) === true;
      const others = theirs.filter((device) => device.kind === `${kind}input`);
      if (exact !== void 0 && !named) {
        if (others.length === 0) throw this.overconstrained("deviceId");
        return { by: "browser" };
      }
      const settled = kind === "video" ? settleVideo(constraints, this.limits()) : settleAudio(constraints, { deviceId: ourId, groupId: group });
      if (!settled.ok) {
        if (named || others.length === 0) throw this.overconstrained(settled.constraint);
        return { by: "browser" };
      }
      const wish = ideal.includes(ourId);
      const wishElsewhere = !wish && ideal.some((id) => others.some((device) => device.deviceId === id && id !== ""));
      const ours = named || wish || others.length === 0 || state.preferred && !wishElsewhere;
      return ours ? { by: "ours", constraints } : { by: "browser" };
    }
    overconstrained(constraint) {
      return new this.scope.OverconstrainedError(constraint, "");
    }
    async grant(kinds) {
      const had = this.state?.granted;
      if (this.state === void 0 || (had?.video || !kinds.video) && (had?.audio || !kinds.audio)) return;
      const granted = { video: had?.video === true || kinds.video, audio: had?.audio === true || kinds.audio };
      this.state = { ...this.state, granted };
      this.permissions.tell(granted);
      await this.bridge.request({ kind: "granted", ...granted }).catch(() => void 0);
    }
    /** The callback forms that old pages still use. */
    legacy(native, self, args) {
      const [constraints, onStream, onError] = args;
      const { audio, video } = constraints ?? {};
      if (isForeign(audio) || isForeign(video)) return native(self, args);
      if (self !== this.scope.navigator || typeof onStream !== "function" || typeof onError !== "function") {
        return native(self, args);
      }
      this.scope.navigator.mediaDevices.getUserMedia(constraints).then(
        (stream) => Reflect.apply(onStream, void 0, [stream]),
        (error) => Reflect.apply(onError, void 0, [error])
      );
      return void 0;
    }
  };

  // userscript-entry.ts
  var CHINESE = navigator.language.toLowerCase().startsWith("zh");
  var words = CHINESE ? {
    address: "设置直播间地址（WHEP）…",
    token: "设置访问口令…",
    site: "在本站启用或停用摄像头",
    preferred: "默认使用本摄像头：开或关",
    askAddress: "引擎打印的 WHEP 地址",
    askToken: "访问口令，不需要则留空",
    badAddress: "请填写 http:// 或 https:// 开头的地址",
    on: "已开启",
    off: "已关闭"
  } : {
    address: "Set the room’s address (WHEP)…",
    token: "Set a token…",
    site: "Offer the camera on this site, or stop",
    preferred: "Use it by default: on or off",
    askAddress: "The WHEP address that the engine prints",
    askToken: "Token; empty for none",
    badAddress: "Expected an address that begins with http:// or https://",
    on: "It is on now.",
    off: "It is off now."
  };
  var store = {
    async get(key) {
      return GM_getValue(key);
    },
    async set(key, value) {
      GM_setValue(key, value);
    }
  };
  var http = (method, url, { headers, body, timeoutMs = 5e3 } = {}) => new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`${method}: the engine does not answer`));
    GM_xmlhttpRequest({
      method,
      url,
      headers,
      data: body,
      timeout: timeoutMs,
      anonymous: true,
      onload: ({ status, responseText, responseHeaders }) => resolve({
        status,
        body: responseText,
        header: (name) => new RegExp(`^${name}:\\s*(.*?)\\s*$`, "im").exec(responseHeaders)?.[1] ?? null
      }),
      onerror: fail,
      ontimeout: fail
    });
  });
  var listeners = [];
  async function change(edit) {
    await store.set("settings", edit(await readSettings(store)));
    for (const listener of listeners) listener();
  }
  function menu() {
    GM_registerMenuCommand(
      words.address,
      () => void change((now) => {
        const given = prompt(words.askAddress, now.endpoint)?.trim() ?? now.endpoint;
        if (endpointFault(given) === void 0) return { ...now, endpoint: given };
        alert(words.badAddress);
        return now;
      })
    );
    GM_registerMenuCommand(
      words.token,
      () => void change((now) => ({ ...now, token: prompt(words.askToken, now.token)?.trim() ?? now.token }))
    );
    GM_registerMenuCommand(
      words.site,
      () => void change((now) => {
        const sites = withSite(now.sites, normaliseSite(location.hostname), true);
        const off = sites.length === now.sites.length;
        alert(off ? words.off : words.on);
        return { ...now, sites: off ? withSite(now.sites, location.hostname, false) : sites };
      })
    );
    GM_registerMenuCommand(
      words.preferred,
      () => void change((now) => {
        alert(now.preferred ? words.off : words.on);
        return { ...now, preferred: !now.preferred };
      })
    );
  }
  var service = new CameraService(store, http);
  var bridge = {
    request: (request) => service.answer(request, location.origin),
    onChange: (listener) => void listeners.push(listener)
  };
  installCamera(typeof unsafeWindow === "undefined" ? window : unsafeWindow, bridge);
  if (window.top === window) menu();
})();
