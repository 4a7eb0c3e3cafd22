import type { Admit } from '../../scene/picture-store.js';
import { pictureKey } from '../admission/picture-memory.js';

/**
 * Has each picture judged once, with the same answer for the same pixels. Each scene that is opened to find its faults
 * judges the pictures of all products: without this, ten products would cost a hundred hard scans.
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
