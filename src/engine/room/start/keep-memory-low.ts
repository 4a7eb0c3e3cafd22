import { BufferCollector, YOUNG_COLLECTION_MS } from '../../../core/collect-garbage.js';
import { DROP_MS, dropFilePages, settleMemory, TRIM_MS, trimHeap } from '../../../native/process-memory.js';
import type { CloseStack } from '../../../core/close-stack.js';
import { afterwards, repeatedly } from '../../../core/sleep.js';

/** When what loading left behind has been let go of and can be given back to the system. */
const SETTLED_MS = 8000;

/** Gives memory back while a room is on air: once what loading left is let go of, and then as long as it runs. */
export function keepMemoryLow(stack: CloseStack, letGo: () => Promise<void> | undefined): void {
  stack.add(
    afterwards(SETTLED_MS, () => {
      void letGo();
      settleMemory();
      // Again: the API, the encoders and the first lines have gone through much code once.
      dropFilePages();
    }),
  );
  stack.add(repeatedly(TRIM_MS, trimHeap));
  stack.add(repeatedly(DROP_MS, dropFilePages));
  const garbage = new BufferCollector();
  stack.add(repeatedly(YOUNG_COLLECTION_MS, () => garbage.collect()));
}
