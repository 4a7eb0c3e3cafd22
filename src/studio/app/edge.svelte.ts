import type { Snippet } from 'svelte';

type Edge = 'ok' | 'warn' | 'bad' | 'off';

let claimed: Edge | null = $state(null);
let extra: Snippet | null = $state.raw(null);

/**
 * What a page puts into the top bar: the colour of its upper edge where the page knows more of the room than the
 * process's state, and its own controls at the right (the desk's "End show"). Null takes it back.
 */
export const bar = {
  get edge(): Edge | null {
    return claimed;
  },
  set edge(next: Edge | null) {
    claimed = next;
  },
  get extra(): Snippet | null {
    return extra;
  },
  set extra(next: Snippet | null) {
    extra = next;
  },
};
