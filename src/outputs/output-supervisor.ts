/**
 * Supervises all outputs and lets one output's recovery hurry the others.
 *
 * Problem: one output's trouble must not touch the others, but its recovery is useful news: the host or the network is
 * back.
 * Rule: each output has its own `SupervisedOutput`. When one goes live, outputs waiting for the same host retry at
 * once. When the first remote output goes live after all were down, or the machine gets a new address, every waiting
 * output retries. The last 200 state changes are kept and published.
 */
import { networkInterfaces } from 'node:os';
import type { OutputEvent, OutputFile, OutputSnapshot } from '../config/api/room-handle.js';
import type { Closeable } from '../core/closeable.js';
import type { OutputCongestion } from '../core/congestion.js';
import { DeliveryQueue } from '../core/serial-queue.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { postJson } from '../core/net/post-json.js';
import { maskUrl } from '../core/secrets.js';
import type { Output } from './output.js';
import { type OutputState, SupervisedOutput, type SupervisorClock, systemClock } from './supervised-output.js';

interface StateWebhookOptions {
  /** Never shown. */
  readonly url: string;
  readonly token?: string;
  readonly allowPrivate?: boolean | undefined;
  readonly room: string;
  readonly log: Log;
  /** Between tries; shorter in tests. */
  readonly waitsMs?: readonly number[];
}

const WAITS_MS = [1000, 4000];

/** Posts every state change of an output, in order; outputs never wait for it. */
export class StateWebhook implements Closeable {
  private readonly queue: DeliveryQueue<OutputEvent>;

  constructor({ url, token, allowPrivate, room, log, waitsMs = WAITS_MS }: StateWebhookOptions) {
    this.queue = new DeliveryQueue({
      send: (event, dropped, signal) =>
        postJson({ url, token, signal, allowPrivate, body: { event: 'output-state', room, dropped, ...event } }),
      onFailure: (reason) => log.warn({ webhook: maskUrl(url), reason }, 'a webhook did not accept an event'),
      waitsMs,
    });
  }

  tell(event: OutputEvent): void {
    this.queue.push(event);
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}

/** Outputs that belong together: an address and its backup. */
interface OutputGroup {
  readonly id: string;
  readonly required: boolean;
  readonly outputs: readonly Output[];
}

interface OutputSupervisorOptions {
  outputs: readonly Output[];
  log: Log;
  clock?: SupervisorClock;
  onChange?: (snapshot: OutputSnapshot) => void;
  onEvent?: (event: OutputEvent) => void;
}

const EVENTS = 200;
const DELIVERING: ReadonlySet<OutputState> = new Set(['live', 'degraded']);
const isLocal = (host: string): boolean => /^(127\.|localhost$|::1$)/.test(host);

interface NetworkWatchOptions {
  /** A new address appeared: a cable, Wi-Fi or VPN came back. */
  readonly onReturn: () => void;
  /** Non-loopback addresses; the machine's own by default. */
  addresses?: () => readonly string[];
  intervalMs?: number;
}

const machineAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flat()
    .flatMap((one) => (one === undefined || one.internal ? [] : [one.address]));

/**
 * Listing the interfaces opens a socket, which fails while the process is out of file handles; the next check tries
 * again.
 */
function read(addresses: () => readonly string[]): ReadonlySet<string> | undefined {
  try {
    return new Set(addresses());
  } catch {
    return undefined;
  }
}

/** Checks once a second whether the machine got a new address. */
export class NetworkWatch implements Closeable {
  private readonly timer: NodeJS.Timeout;
  /** Undefined until the addresses have been read. */
  private known: ReadonlySet<string> | undefined;

  constructor({ onReturn, addresses = machineAddresses, intervalMs = 1000 }: NetworkWatchOptions) {
    this.known = read(addresses);
    this.timer = setInterval(() => {
      const now = read(addresses);
      if (now === undefined) return;
      const { known } = this;
      this.known = now;
      if (known !== undefined && [...now].some((address) => !known.has(address))) onReturn();
    }, intervalMs);
    this.timer.unref();
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }
}

export class OutputSupervisor implements Closeable {
  private kept: SupervisedOutput[];
  /** Groups that came while the show ran. */
  private readonly groups = new Map<string, OutputGroup>();
  private isOn = false;
  private readonly past: OutputEvent[] = [];
  private seq = 0;
  private network: NetworkWatch | undefined;

  constructor(private readonly options: OutputSupervisorOptions) {
    this.kept = options.outputs.map((output) => this.supervise(output));
  }

  start(): void {
    this.isOn = true;
    for (const output of this.kept) output.start();
    this.network ??= new NetworkWatch({ onReturn: () => this.networkReturned() });
  }

  snapshots(): OutputSnapshot[] {
    return this.kept.map((output) => {
      const one = output.snapshot();
      const group = this.groupOf(one.id);
      return group === undefined ? one : { ...one, required: group.required, added: true };
    });
  }

  /** Adds outputs while the show runs, in place of those of the same group. */
  async put(group: OutputGroup): Promise<void> {
    const old = this.members(group.id);
    if (group.outputs.some(({ id }) => this.kept.some((one) => one.output.id === id && !old.includes(one))))
      throw new EngineError('E_IN_USE', {
        where: `output "${group.id}"`,
        expected: 'an id that no other output has',
        found: 'one that another output uses',
      });
    await this.leave(old);
    this.groups.set(group.id, group);
    const added = group.outputs.map((output) => this.supervise(output));
    this.kept = [...this.kept, ...added];
    if (this.isOn) for (const one of added) one.start();
  }

  /** Ends the outputs of a group, or a single one. Throws E_NOT_FOUND. */
  async remove(id: string): Promise<void> {
    const old = this.members(id);
    if (old.length === 0) throw unknownOutput(id);
    this.groups.delete(id);
    await this.leave(old);
  }

  /** Throws E_NOT_FOUND. */
  reconnect(id: string): void {
    const members = this.members(id);
    if (members.length === 0) throw unknownOutput(id);
    for (const one of members) one.reconnect();
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
    return this.kept.find(({ output }) => output.id === id)?.output.file?.(name);
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

  private supervise(output: Output): SupervisedOutput {
    const { log, clock = systemClock } = this.options;
    const kept: SupervisedOutput = new SupervisedOutput({
      output,
      log,
      clock,
      onState: (before, snapshot) => this.changed(kept, before, snapshot),
    });
    return kept;
  }

  private groupOf(output: string): OutputGroup | undefined {
    return [...this.groups.values()].find(({ outputs }) => outputs.some(({ id }) => id === output));
  }

  private members(id: string): SupervisedOutput[] {
    const group = this.groups.get(id);
    return this.kept.filter(({ output }) => (group === undefined ? output.id === id : group.outputs.includes(output)));
  }

  /** Out of the list at once, so that an output that ends slowly holds nobody up in it. */
  private async leave(old: readonly SupervisedOutput[]): Promise<void> {
    this.kept = this.kept.filter((one) => !old.includes(one));
    await Promise.all(old.map((one) => one.close()));
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

const unknownOutput = (id: string): EngineError =>
  new EngineError('E_NOT_FOUND', {
    where: `output "${id}"`,
    found: 'no output of this id',
    todo: 'GET /api/outputs lists them',
  });
