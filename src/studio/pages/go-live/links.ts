import type { PushTest } from '../../api/types';
import type { Key } from '../../messages/index.svelte';

/** The links of a test push, in their order. */
export const LINKS = ['address', 'connection', 'key', 'media', 'bitrate'] as const;

/** What to call a test that failed. */
export function failedKey(test: PushTest | null): Key {
  const link = LINKS.find((one) => one === test?.failed) ?? 'key';
  return `live.failed.${link}`;
}
