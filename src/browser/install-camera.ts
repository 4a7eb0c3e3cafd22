import { DeviceList, NativeLook, type Scope } from './device-list.js';
import {
  constraintSet,
  settleAudio,
  settleVideo,
  wanted,
  type CameraLimits,
  type ConstraintSet,
  type AudioSettings,
  type VideoSettings,
} from './constraints.js';
import { LABELS, type Bridge, type CameraState } from './messages.js';
import { RoomFeed } from './room-feed.js';
import { VirtualAudio, VirtualVideo, type VirtualTrack } from './virtual-track.js';

/** `permissions.query({ name: 'camera' })` includes the room's devices. */
class Permissions {
  private readonly kinds = new WeakMap<object, Kind>();
  private readonly statuses = new Set<WeakRef<PermissionStatus>>();
  private granted = { video: false, audio: false };

  /** `granted`: the site's earlier permissions, read at each query. */
  constructor(
    private readonly scope: Scope,
    look: NativeLook,
    granted: () => Promise<{ video: boolean; audio: boolean } | undefined>,
  ) {
    if (scope.Permissions === undefined) return;
    look.method(scope.Permissions.prototype, 'query', async (native, self, args) => {
      const status = (await native(self, args)) as PermissionStatus;
      const name = (args[0] as { name?: unknown } | undefined)?.name;
      if (name !== 'camera' && name !== 'microphone') return status;
      const given = await granted();
      if (given === undefined) return status;
      this.granted = given;
      this.kinds.set(status, name === 'camera' ? 'video' : 'audio');
      this.statuses.add(new WeakRef(status));
      return status;
    });
    look.getter(scope.PermissionStatus.prototype, 'state', (native, self, args) => {
      const kind = this.kinds.get(self as object);
      return kind !== undefined && this.granted[kind] ? 'granted' : native(self, args);
    });
  }

  /** The site has these permissions from now on. */
  tell(granted: { video: boolean; audio: boolean }): void {
    const before = this.granted;
    this.granted = granted;
    for (const reference of this.statuses) {
      const status = reference.deref();
      if (status === undefined) this.statuses.delete(reference);
      else {
        const kind = this.kinds.get(status)!;
        if (!before[kind] && granted[kind]) status.dispatchEvent(new this.scope.Event('change'));
      }
    }
  }
}

type Kind = 'video' | 'audio';
type Native = (self: unknown, args: readonly unknown[]) => unknown;
/** Who serves a requested kind of device. */
type Choice = { by: 'ours'; constraints: ConstraintSet } | { by: 'browser' } | { by: 'nobody' };

/** How long a page waits for the first picture, as browsers do for a camera that does not start. */
const START_MS = 10_000;
const WATCH_MS = 5000;

/**
 * Adds the room's camera and microphone to a page. Every other request goes to the browser's own functions, with the
 * page's own arguments.
 */
export function installCamera(scope: Scope, bridge: Bridge): void {
  if (scope.MediaDevices === undefined || scope.navigator.mediaDevices === undefined) return;
  if (scope.MediaStreamTrackGenerator === undefined || scope.MediaStreamTrackProcessor === undefined) return;
  new Camera(scope, bridge).install();
}

type Legacy = { mandatory?: Record<string, unknown>; optional?: readonly Record<string, unknown>[] };

const legacy = (value: unknown): Legacy | undefined =>
  typeof value === 'object' && value !== null && ('mandatory' in value || 'optional' in value)
    ? (value as Legacy)
    : undefined;

/** Chromium's old way to capture a screen or a tab: never the room's camera. */
export function isForeign(value: unknown): boolean {
  const { mandatory = {}, optional = [] } = legacy(value) ?? {};
  return [mandatory, ...optional].some((one) => typeof one === 'object' && 'chromeMediaSource' in (one ?? {}));
}

/** `{ mandatory: { minWidth: 640 } }` → `{ width: { min: 640 } }`; anything else is unchanged. */
export function fromLegacy(set: ConstraintSet): ConstraintSet {
  const old = legacy(set);
  if (old === undefined) return set;
  const out: Record<string, Record<string, unknown>> = {};
  const put = (name: string, key: string, value: unknown): void => void (out[name] = { ...out[name], [key]: value });
  for (const [name, value] of Object.entries(old.mandatory ?? {})) {
    const bound = /^(min|max)(Width|Height|FrameRate|AspectRatio)$/.exec(name);
    if (bound !== null) put(bound[2]![0]!.toLowerCase() + bound[2]!.slice(1), bound[1]!, value);
    else if (name === 'sourceId') put('deviceId', 'exact', value);
  }
  for (const one of old.optional ?? []) if ('sourceId' in one) put('deviceId', 'ideal', one['sourceId']);
  return out;
}

type AnyTrack = VirtualTrack<VideoSettings> | VirtualTrack<AudioSettings>;

interface TrackPatches {
  /** Makes a track answer like a camera's track, and starts it. */
  adopt(virtual: AnyTrack): void;
  unplugAll(): void;
}

/** Track methods, answered for the room's tracks. */
function patchTracks(scope: Scope, look: NativeLook): TrackPatches {
  const known = new WeakMap<object, AnyTrack>();
  const open = new Set<AnyTrack>();
  const left = new FinalizationRegistry<AnyTrack>((virtual) => end(virtual));
  const { prototype } = scope.MediaStreamTrack;

  function end(virtual: AnyTrack): void {
    open.delete(virtual);
    virtual.close();
  }
  function adopt(virtual: AnyTrack): void {
    known.set(virtual.track, virtual);
    open.add(virtual);
    left.register(virtual.track, virtual);
    virtual.start();
  }
  const answer = (name: string, ours: (virtual: AnyTrack, args: unknown[], self: MediaStreamTrack) => unknown): void =>
    look.method(prototype, name, (native, self, args) => {
      const virtual = known.get(self as object);
      return virtual === undefined ? native(self, args) : ours(virtual, args, self as MediaStreamTrack);
    });

  look.getter(prototype, 'label', (native, self, args) => known.get(self as object)?.label ?? native(self, args));
  answer('getSettings', ({ settings }, _, self) => (self.readyState === 'live' ? { ...settings } : {}));
  answer('getCapabilities', (virtual) => virtual.capabilities());
  answer('getConstraints', ({ constraints }) => structuredClone(constraints));
  answer('applyConstraints', async (virtual, [given]) => {
    const constraints = constraintSet(given);
    const settled = virtual.settle(constraints);
    if (!settled.ok) throw new scope.OverconstrainedError(settled.constraint, '') as unknown as Error;
    virtual.settings = settled.settings;
    virtual.constraints = constraints;
  });
  look.method(prototype, 'stop', (native, self, args) => {
    const virtual = known.get(self as object);
    const result = native(self, args);
    if (virtual !== undefined) end(virtual);
    return result;
  });
  answer('clone', (virtual, _, self) => {
    const copy = virtual.copy();
    copy.track.enabled = self.enabled;
    copy.track.contentHint = self.contentHint;
    if (self.readyState === 'live') adopt(copy);
    else copy.track.stop();
    return copy.track;
  });
  look.method(scope.MediaStream.prototype, 'clone', (native, self, args) => {
    const tracks = self instanceof scope.MediaStream ? self.getTracks() : [];
    if (!tracks.some((track) => known.has(track))) return native(self, args);
    return new scope.MediaStream(tracks.map((track) => track.clone()));
  });

  return {
    adopt,
    unplugAll() {
      for (const virtual of open) virtual.unplug();
      open.clear();
    },
  };
}

class Camera {
  private readonly look: NativeLook;
  private readonly list: DeviceList;
  private readonly feed: RoomFeed;
  private readonly tracks: TrackPatches;
  private readonly permissions: Permissions;
  /** The last known offer; undefined until a page asks. */
  private state: CameraState | undefined;
  private watching = false;
  private size: { width: number; height: number } | undefined;

  constructor(
    private readonly scope: Scope,
    private readonly bridge: Bridge,
  ) {
    this.look = new NativeLook(scope);
    this.list = new DeviceList(scope, this.look, () => this.limits());
    this.feed = new RoomFeed(scope, bridge, (width, height) => (this.size = { width, height }));
    this.tracks = patchTracks(scope, this.look);
    this.permissions = new Permissions(scope, this.look, async () => {
      const state = await this.refresh();
      return this.listed(state) ? state?.granted : undefined;
    });
  }

  install(): void {
    const { look, scope } = this;
    look.method(scope.MediaDevices.prototype, 'enumerateDevices', (native, self, args) =>
      self === scope.navigator.mediaDevices ? this.enumerate(() => native(self, args)) : native(self, args),
    );
    look.method(scope.MediaDevices.prototype, 'getUserMedia', (native, self, args) =>
      self === scope.navigator.mediaDevices ? this.getUserMedia(native, self, args) : native(self, args),
    );
    for (const name of ['getUserMedia', 'webkitGetUserMedia']) {
      look.method(scope.Navigator.prototype, name, (native, self, args) => this.legacy(native, self, args));
    }
    this.bridge.onChange(() => void this.onSettings());
  }

  private async refresh(): Promise<CameraState | undefined> {
    try {
      this.state = await this.bridge.request<'state'>({ kind: 'state' });
    } catch {
      // The extension was updated or removed under an open page: the page keeps its devices.
      this.state = undefined;
    }
    if (!this.watching && this.state?.offered === true) {
      this.watching = true;
      setInterval(() => void this.watch(), WATCH_MS);
    }
    return this.state;
  }

  /** A camera in use stays in the list while the engine restarts. */
  private listed(state: CameraState | undefined): boolean {
    return state?.offered === true && (state.available || this.feed.running);
  }

  private async watch(): Promise<void> {
    const before = this.listed(this.state);
    const after = this.listed(await this.refresh());
    if (before !== after) this.tellDeviceChange();
  }

  private async onSettings(): Promise<void> {
    if (this.state === undefined) return;
    const before = this.listed(this.state);
    const state = await this.refresh();
    if (state?.offered === true) this.feed.restart();
    else this.tracks.unplugAll();
    if (before !== this.listed(state)) this.tellDeviceChange();
  }

  private tellDeviceChange(): void {
    this.scope.navigator.mediaDevices.dispatchEvent(new this.scope.Event('devicechange'));
  }

  private limits(): CameraLimits {
    const { width, height, frameRate, ids } = this.state!;
    return { width, height, ...this.size, frameRate, deviceId: ids.camera, groupId: ids.group };
  }

  private async enumerate(native: () => unknown): Promise<MediaDeviceInfo[]> {
    const devices = (await native()) as MediaDeviceInfo[];
    const state = await this.refresh();
    if (state === undefined || !this.listed(state)) return devices;
    return this.list.with(devices, state, { video: this.allowed('video'), audio: this.allowed('audio') });
  }

  /** Whether the page's own policy allows such a device at all. */
  private allowed(kind: Kind): boolean {
    const { document } = this.scope as unknown as {
      document: { featurePolicy?: { allowsFeature(name: string): boolean } };
    };
    return document.featurePolicy?.allowsFeature(kind === 'video' ? 'camera' : 'microphone') ?? true;
  }

  private async getUserMedia(native: Native, self: unknown, args: readonly unknown[]): Promise<unknown> {
    const asked = (typeof args[0] === 'object' ? args[0] : undefined) as MediaStreamConstraints | undefined;
    if (!asked || (!asked.video && !asked.audio) || isForeign(asked.video) || isForeign(asked.audio)) {
      return native(self, args);
    }
    const state = await this.refresh();
    if (state === undefined || !this.listed(state)) return native(self, args);
    const theirs = await this.list.native();
    const video = this.choose('video', asked.video, state, theirs);
    const audio = this.choose('audio', asked.audio, state, theirs);
    if (video.by !== 'ours' && audio.by !== 'ours') return native(self, args);
    const rest = {
      ...(video.by === 'browser' ? { video: asked.video } : {}),
      ...(audio.by === 'browser' ? { audio: asked.audio } : {}),
    };
    const real = Object.keys(rest).length === 0 ? [] : ((await native(self, [rest])) as MediaStream).getTracks();
    try {
      return await this.open(video, audio, real);
    } catch (error) {
      for (const track of real) track.stop();
      throw error;
    }
  }

  private async open(video: Choice, audio: Choice, real: readonly MediaStreamTrack[]): Promise<MediaStream> {
    const { scope } = this;
    const kinds = [
      ...(video.by === 'ours' ? ['video' as const] : []),
      ...(audio.by === 'ours' ? ['audio' as const] : []),
    ];
    if (!(await this.feed.ready(kinds, START_MS))) {
      throw new scope.DOMException(
        video.by === 'ours' ? 'Could not start video source' : 'Could not start audio source',
        'NotReadableError',
      );
    }
    const made = [];
    if (audio.by === 'ours') {
      const { microphone: deviceId, group: groupId } = this.state!.ids;
      const settled = settleAudio(audio.constraints, { deviceId, groupId });
      if (!settled.ok) throw this.overconstrained(settled.constraint);
      made.push(new VirtualAudio(scope, this.feed, LABELS.microphone, settled.settings, audio.constraints));
    }
    if (video.by === 'ours') {
      // By the picture that actually arrived, which may differ from the announced one.
      const settled = settleVideo(video.constraints, this.limits());
      if (!settled.ok) throw this.overconstrained(settled.constraint);
      made.push(
        new VirtualVideo(scope, this.feed, LABELS.camera, settled.settings, video.constraints, () => this.limits()),
      );
    }
    for (const one of made) this.tracks.adopt(one);
    void this.grant({ video: video.by === 'ours', audio: audio.by === 'ours' });
    return new scope.MediaStream([...real, ...made.map((one) => one.track)]);
  }

  private choose(kind: Kind, asked: unknown, state: CameraState, theirs: readonly MediaDeviceInfo[]): Choice {
    if (asked === undefined || asked === false || asked === null) return { by: 'nobody' };
    if (!this.allowed(kind)) return { by: 'browser' };
    const constraints = fromLegacy(constraintSet(asked));
    const { camera, microphone, group } = state.ids;
    const ourId = kind === 'video' ? camera : microphone;
    const { exact, ideal } = wanted(constraints, 'deviceId');
    const named = exact?.includes(ourId) === true;
    const others = theirs.filter((device) => device.kind === `${kind}input`);
    if (exact !== undefined && !named) {
      // Without devices of its own the browser would report that there is none, which would contradict the list.
      if (others.length === 0) throw this.overconstrained('deviceId');
      return { by: 'browser' };
    }
    const settled =
      kind === 'video'
        ? settleVideo(constraints, this.limits())
        : settleAudio(constraints, { deviceId: ourId, groupId: group });
    if (!settled.ok) {
      if (named || others.length === 0) throw this.overconstrained(settled.constraint);
      return { by: 'browser' };
    }
    const wish = ideal.includes(ourId);
    const wishElsewhere = !wish && ideal.some((id) => others.some((device) => device.deviceId === id && id !== ''));
    const ours = named || wish || others.length === 0 || (state.preferred && !wishElsewhere);
    return ours ? { by: 'ours', constraints } : { by: 'browser' };
  }

  private overconstrained(constraint: string): Error {
    return new this.scope.OverconstrainedError(constraint, '') as unknown as Error;
  }

  private async grant(kinds: { video: boolean; audio: boolean }): Promise<void> {
    const had = this.state?.granted;
    if (this.state === undefined || ((had?.video || !kinds.video) && (had?.audio || !kinds.audio))) return;
    const granted = { video: had?.video === true || kinds.video, audio: had?.audio === true || kinds.audio };
    this.state = { ...this.state, granted };
    this.permissions.tell(granted);
    await this.bridge.request<'granted'>({ kind: 'granted', ...granted }).catch(() => undefined);
  }

  /** The callback forms that old pages still use. */
  private legacy(native: Native, self: unknown, args: readonly unknown[]): unknown {
    const [constraints, onStream, onError] = args;
    const { audio, video } = (constraints ?? {}) as MediaStreamConstraints;
    if (isForeign(audio) || isForeign(video)) return native(self, args);
    if (self !== this.scope.navigator || typeof onStream !== 'function' || typeof onError !== 'function') {
      return native(self, args);
    }
    this.scope.navigator.mediaDevices.getUserMedia(constraints as MediaStreamConstraints).then(
      (stream) => Reflect.apply(onStream, undefined, [stream]),
      (error: unknown) => Reflect.apply(onError, undefined, [error]),
    );
    return undefined;
  }
}
