/**
 * Keeps every output going by itself, and lets them help each other back.
 *
 * Problem: one output's trouble must touch no other, but what one learns is of use to the rest: the host is back, the
 * network is back. Rule: each has its own `SupervisedOutput`. When one goes live, those that wait for the same host try at
 * once; when it is the first to go live after all remote ones were down, all that wait do, as they do when the machine
 * gets a new address. Changes of state are kept (the last 200) and told.
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

  /** For the choice of the bitrate: how each output gets through. */
  congestion(): OutputCongestion[] {
    return this.kept.map((output) => output.congestion());
  }

  /** Changes of state, newest first. */
  events(limit = EVENTS): readonly OutputEvent[] {
    return this.past.slice(-limit).toReversed();
  }

  /** A file that players fetch from an output. */
  file(id: string, name: string): OutputFile | undefined {
    return this.options.outputs.find((output) => output.id === id)?.file?.(name);
  }

  /** The machine is back on the network: whoever waits tries at once. */
  networkReturned(): void {
    for (const output of this.kept) output.tryNow('the network is back');
  }

  /** Ends all runs; an output that does not end within 2 s is left to itself. */
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
