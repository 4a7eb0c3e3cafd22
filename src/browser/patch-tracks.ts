import type { Scope } from './breakout-box.js';
import { constraintSet, type AudioSettings, type VideoSettings } from './constraints.js';
import type { NativeLook } from './native-look.js';
import type { VirtualTrack } from './virtual-track.js';

type AnyTrack = VirtualTrack<VideoSettings> | VirtualTrack<AudioSettings>;

export interface TrackPatches {
  /** Makes a track answer like a camera's track, and starts it. */
  adopt(virtual: AnyTrack): void;
  unplugAll(): void;
}

/** Track methods, answered for the room's tracks. */
export function patchTracks(scope: Scope, look: NativeLook): TrackPatches {
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
