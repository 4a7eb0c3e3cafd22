import type { HiddenViewer } from '../../config/api/desk-handle.js';

const MAX_HIDDEN = 2000;

/** Viewers whose comments are neither answered nor shown, for the length of the show. */
export class HiddenViewers {
  private readonly viewers = new Map<string, HiddenViewer>();

  add({ platform, user }: HiddenViewer): void {
    const key = keyOf({ platform, user });
    this.viewers.delete(key);
    this.viewers.set(key, { platform, user });
    if (this.viewers.size > MAX_HIDDEN) this.viewers.delete(this.viewers.keys().next().value!);
  }

  remove(viewer: HiddenViewer): void {
    this.viewers.delete(keyOf(viewer));
  }

  /** A viewer without a name is nobody in particular, and never hidden. */
  has({ platform, user }: HiddenViewer): boolean {
    return user !== '' && this.viewers.has(keyOf({ platform, user }));
  }

  list(): readonly HiddenViewer[] {
    return [...this.viewers.values()];
  }
}

const keyOf = ({ platform, user }: HiddenViewer): string => JSON.stringify([platform, user]);
