/**
 * Supervises all outputs and lets one output's recovery hurry the others.
 *
 * Problem: one output's trouble must not touch the others, but its recovery is useful news: the host or the network is
 * back.
 * Rule: each output has its own `SupervisedOutput`. When one goes live, outputs waiting for the same host retry at
 * once. When the first remote output goes live after all were down, or the machine gets a new address, every waiting
 * output retries. The last 200 state changes are kept and published.
 */
import type { Closeable } from '../core/closeable.js';
import type { OutputCongestion } from '../core/congestion.js';
import type { Log } from '../core/log.js';
import type { OutputEvent, OutputFile, OutputSnapshot } from '../core/room-handle.js';
import { NetworkWatch } from './network-watch.js';
import type { Output } from './output.js';
import { SupervisedOutput, type OutputState } from './supervised-output.js';
import { systemClock, type SupervisorClock } from './supervisor-clock.js';

export interface OutputSupervisorOptions {
  outputs: readonly Output[];
  log: Log;
  clock?: SupervisorClock;
  onChange?: (snapshot: OutputSnapshot) => void;
  onEvent?: (event: OutputEvent) => void;
}

const EVENTS = 200;
const DELIVERING: ReadonlySet<OutputState> = new Set(['live', 'degraded']);
const isLocal = (host: string): boolean => /^(127\.|localhost$|::1$)/.test(host);

export class OutputSupervisor implements Closeable {
  private readonly kept: SupervisedOutput[];
  private readonly past: OutputEvent[] = [];
  private seq = 0;
  private network: NetworkWatch | undefined;

  constructor(private readonly options: OutputSupervisorOptions) {
    const { log, clock = systemClock } = options;
    this.kept = options.outputs.map((output) => {
      const kept: SupervisedOutput = new SupervisedOutput({
        output,
        log,
        clock,
        onState: (before, snapshot) => this.changed(kept, before, snapshot),
      });
      return kept;
    });
  }

  start(): void {
    for (const output of this.kept) output.start();
    this.network ??= new NetworkWatch({ onReturn: () => this.networkReturned() });
  }

  snapshots(): OutputSnapshot[] {
    return this.kept.map((output) => output.snapshot());
  }

  /** For bitrate adaptation: each output's congestion. */
  congestion(): OutputCongestion[] {
    return this.kept.map((output) => output.congestion());
  }

  /** Changes of state, newest first. */
  events(limit = EVENTS): readonly OutputEvent[] {
    return this.past.slice(-limit).toReversed();
  }

  /** A file that an output serves to players. */
  file(id: string, name: string): OutputFile | undefined {
    return this.options.outputs.find((output) => output.id === id)?.file?.(name);
  }

  /** The network is back: waiting outputs retry at once. */
  networkReturned(): void {
    for (const output of this.kept) output.tryNow('the network is back');
  }

  /** Ends all runs; an output that does not end within 2 s is abandoned. */
  async close(): Promise<void> {
    await this.network?.close();
    await Promise.all(this.kept.map((output) => output.close()));
  }

  private changed(which: SupervisedOutput, before: OutputState, snapshot: OutputSnapshot): void {
    this.seq += 1;
    const { id, kind, target, state, lastError } = snapshot;
    const at = new Date().toISOString();
    const event: OutputEvent = { seq: this.seq, at, output: id, kind, target, state, before, lastError };
    this.past.push(event);
    if (this.past.length > EVENTS) this.past.shift();
    this.options.onChange?.(snapshot);
    this.options.onEvent?.(event);
    if (state === 'live' && before === 'connecting') this.cameBack(which);
  }

  private cameBack(which: SupervisedOutput): void {
    const remote = (one: SupervisedOutput): boolean => (one.output.hosts ?? []).some((host) => !isLocal(host));
    const others = this.kept.filter((one) => one !== which);
    const firstOfAll = remote(which) && !others.some((one) => remote(one) && DELIVERING.has(one.snapshot().state));
    const hosts = new Set(which.output.hosts);
    for (const one of others) {
      if ((one.output.hosts ?? []).some((host) => hosts.has(host))) one.tryNow('its host is back');
      else if (firstOfAll && remote(one)) one.tryNow('the network is back');
    }
  }
}
