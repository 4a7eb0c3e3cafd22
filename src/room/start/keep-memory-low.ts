import { BufferCollector, YOUNG_COLLECTION_MS } from '../../core/collect-garbage.js';
import { DROP_MS, dropFilePages, settleMemory, TRIM_MS, trimHeap } from '../../native/process-memory.js';
import type { CloseStack } from '../../core/close-stack.js';
import { afterwards, repeatedly } from '../../core/sleep.js';

/** By then the memory used for loading is free and can be returned to the system. */
const SETTLED_MS = 8000;

/** Returns memory to the system while a room is on air: once after loading, then regularly. */
export function keepMemoryLow(stack: CloseStack, letGo: () => Promise<void> | undefined): void {
  stack.add(
    afterwards(SETTLED_MS, () => {
      void letGo();
      // The encoders hold their frames now: compacting would raise the room's peak.
      settleMemory(false);
      // Again: by now the API, the encoders and the first lines have loaded their code.
      dropFilePages();
    }),
  );
  stack.add(repeatedly(TRIM_MS, trimHeap));
  stack.add(repeatedly(DROP_MS, dropFilePages));
  const garbage = new BufferCollector();
  stack.add(repeatedly(YOUNG_COLLECTION_MS, () => garbage.collect()));
}
