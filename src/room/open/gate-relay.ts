import type { GateEvent } from '../../compliance/gate/gate-event.js';
import type { Closeable } from '../../core/closeable.js';

type GateListener = (event: GateEvent, picture?: Uint8Array) => void;

/**
 * Passes the gate's events to a listener that is opened later than the loop's thread. The thread reports nothing before
 * it has its room, and outlives the ledger by a moment: events before `connect` and after `close` are dropped.
 */
export class GateRelay implements Closeable {
  private listener: GateListener | undefined;

  readonly onGate: GateListener = (event, picture) => this.listener?.(event, picture);

  connect(listener: GateListener): void {
    this.listener = listener;
  }

  async close(): Promise<void> {
    this.listener = undefined;
  }
}
