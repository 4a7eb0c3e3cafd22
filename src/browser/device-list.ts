import { audioCapabilities, type CameraLimits, videoCapabilities } from './constraints.js';
import { type CameraState, LABELS } from './messages.js';

/**
 * MediaStreamTrack insertable streams (W3C, "Breakout Box") as Chromium has them on pages; missing from TypeScript's
 * types.
 */
interface TrackProcessor<T> {
  readonly readable: ReadableStream<T>;
}
export interface TrackGenerator<T> extends MediaStreamTrack {
  readonly writable: WritableStream<T>;
}

type Kinds = { video: VideoFrame; audio: AudioData };

export type Scope = Window &
  typeof globalThis & {
    MediaStreamTrackProcessor?: new <K extends keyof Kinds>(init: {
      track: MediaStreamTrack;
      maxBufferSize?: number;
    }) => TrackProcessor<Kinds[K]>;
    MediaStreamTrackGenerator?: new <K extends keyof Kinds>(init: { kind: K }) => TrackGenerator<Kinds[K]>;
    InputDeviceInfo?: { prototype: MediaDeviceInfo };
  };

type Method = (...args: never[]) => unknown;
/** Gets the browser's own function, its `this`, and the arguments. */
type Replacement = (
  native: (self: unknown, args: readonly unknown[]) => unknown,
  self: unknown,
  args: unknown[],
) => unknown;

/**
 * Replaces a page's built-in functions so that inspecting code (web frameworks check whether an API is a polyfill they
 * must not use) sees built-in ones: same name, same length, same text, same property flags.
 */
export class NativeLook {
  private readonly originals = new WeakMap<object, unknown>();

  constructor(scope: Scope) {
    const { originals } = this;
    this.method(scope.Function.prototype, 'toString', (native, self) =>
      native(typeof self === 'function' ? (originals.get(self) ?? self) : self, []),
    );
  }

  /** Replaces a method where it is defined; skips methods this browser lacks. */
  method(owner: object, name: string, replacement: Replacement): void {
    const found = Object.getOwnPropertyDescriptor(owner, name);
    if (typeof found?.value !== 'function') return;
    Object.defineProperty(owner, name, { ...found, value: this.wrap(found.value as Method, replacement) });
  }

  getter(owner: object, name: string, replacement: Replacement): void {
    const found = Object.getOwnPropertyDescriptor(owner, name) as { get?: Method } | undefined;
    if (found?.get === undefined) return;
    Object.defineProperty(owner, name, { ...found, get: this.wrap(found.get, replacement) });
  }

  private wrap(native: Method, replacement: Replacement): Method {
    const wrapped = new Proxy(native, {
      apply: (target, self: unknown, args: unknown[]) =>
        replacement((on, given) => Reflect.apply(target, on, given) as unknown, self, args),
    });
    this.originals.set(wrapped, native);
    return wrapped;
  }
}

interface Facts {
  readonly kind: 'videoinput' | 'audioinput';
  readonly deviceId: string;
  readonly groupId: string;
  readonly label: string;
}

const FIELDS = ['deviceId', 'kind', 'label', 'groupId'] as const;

/** The room's two devices as `enumerateDevices()` shows devices. */
export class DeviceList {
  private readonly facts = new WeakMap<object, Facts>();
  private readonly enumerate: () => Promise<MediaDeviceInfo[]>;

  constructor(
    private readonly scope: Scope,
    look: NativeLook,
    limits: () => CameraLimits,
  ) {
    const { facts } = this;
    const { mediaDevices } = scope.navigator;
    this.enumerate = scope.MediaDevices.prototype.enumerateDevices.bind(mediaDevices);
    for (const field of FIELDS) {
      look.getter(scope.MediaDeviceInfo.prototype, field, (native, self, args) => {
        const ours = facts.get(self as object);
        return ours === undefined ? native(self, args) : ours[field];
      });
    }
    look.method(scope.MediaDeviceInfo.prototype, 'toJSON', (native, self, args) => {
      const ours = facts.get(self as object);
      return ours === undefined ? native(self, args) : Object.fromEntries(FIELDS.map((field) => [field, ours[field]]));
    });
    if (scope.InputDeviceInfo === undefined) return;
    look.method(scope.InputDeviceInfo.prototype, 'getCapabilities', (native, self, args) => {
      const ours = facts.get(self as object);
      if (ours === undefined) return native(self, args);
      // A device without a name reveals nothing, as in browsers.
      if (ours.deviceId === '') return {};
      return ours.kind === 'videoinput' ? videoCapabilities(limits()) : audioCapabilities(ours);
    });
  }

  /** The browser's own devices. */
  async native(): Promise<MediaDeviceInfo[]> {
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
  with(
    devices: readonly MediaDeviceInfo[],
    { ids, granted, preferred }: CameraState,
    allowed: { video: boolean; audio: boolean },
  ): MediaDeviceInfo[] {
    const of = (kind: MediaDeviceKind): MediaDeviceInfo[] => devices.filter((device) => device.kind === kind);
    const merge = (facts: Facts, allow: boolean, given: boolean): MediaDeviceInfo[] => {
      const theirs = of(facts.kind);
      if (!allow) return theirs;
      const named = theirs.filter(({ label, deviceId }) => label !== '' || deviceId !== '');
      if (!given && named.length === 0) {
        return theirs.length > 0 ? theirs : [this.make({ kind: facts.kind, deviceId: '', groupId: '', label: '' })];
      }
      const ours = this.make(facts);
      return preferred ? [ours, ...named] : [...named, ours];
    };
    const groupId = ids.group;
    return [
      ...merge(
        { kind: 'audioinput', deviceId: ids.microphone, groupId, label: LABELS.microphone },
        allowed.audio,
        granted.audio,
      ),
      ...merge(
        { kind: 'videoinput', deviceId: ids.camera, groupId, label: LABELS.camera },
        allowed.video,
        granted.video,
      ),
      ...of('audiooutput'),
    ];
  }

  private make(facts: Facts): MediaDeviceInfo {
    const { InputDeviceInfo, MediaDeviceInfo } = this.scope;
    const device = Object.create((InputDeviceInfo ?? MediaDeviceInfo).prototype) as MediaDeviceInfo;
    this.facts.set(device, facts);
    return device;
  }
}
