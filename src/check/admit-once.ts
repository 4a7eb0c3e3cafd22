import type { Admit } from '../scene/picture-store.js';
import { pictureKey } from '../admission/picture-memory.js';

/**
 * Caches admission by pixels. Each scene opened during the check judges the pictures of all products: without the
 * cache ten products would cost a hundred hard scans.
 */
export function admitOnce(admit: Admit): Admit {
  const judged = new Map<string, Promise<void>>();
  return (picture) => {
    const key = pictureKey(picture) + JSON.stringify(picture.texts ?? []);
    const verdict = judged.get(key) ?? admit(picture);
    judged.set(key, verdict);
    return verdict;
  };
}
