import type { Scope } from './breakout-box.js';
import type { NativeLook } from './native-look.js';

type Kind = 'video' | 'audio';

/** `permissions.query({ name: 'camera' })` includes the room's devices. */
export class Permissions {
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
