import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * A full collection of the calling thread's heap, 5 to 30 ms. For the moment between loading and work: what
 * loading leaves behind is garbage that V8 is in no hurry to collect in a thread that then does little.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
