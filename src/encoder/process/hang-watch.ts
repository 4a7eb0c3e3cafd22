/**
 * Detects a hanging encoder.
 *
 * Problem: a stopped or hanging process reports nothing, and a slow machine looks the same.
 * Demands: detected within a second when certain; no false alarm while the loop stands still or the machine is slow.
 * Rule: in steady state one packet comes for each input, so a process is suspect when inputs go in and no packet comes
 * out. It hangs when that lasts; the allowed time depends on its state in the system: stopped, asleep on its input, or
 * working (a slow machine). A late check proves nothing, since this thread was late itself.
 * Numbers: suspect after 0.2 s and 5 inputs, or after 1 s while working, since a successor would slow a slow machine
 * further; hung after 0.25 s stopped, 0.8 s asleep, 2 s working; 10 s from its first input to its first packet. Checks
 * run every 0.1 s; one that is over 0.05 s late raises no suspicion, since packets may wait unread in this thread, and
 * one that is over 0.25 s late counts for nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** `stopped`: by a signal or a debugger. `asleep`: every thread waits. `working`: some thread runs, or wants to. */
export type ProcessActivity = 'stopped' | 'asleep' | 'working';

/**
 * A process's activity from the states of its threads (proc(5), /proc/pid/task/tid/stat). A thread waiting for a
 * processor counts as running, which distinguishes a slow machine from a hanging process. Where the states cannot be
 * read the answer is `working`, which allows the most time.
 */
export function processActivity(pid: number): ProcessActivity {
  let states: string;
  try {
    const folder = `/proc/${pid}/task`;
    states = readdirSync(folder)
      .map((thread) => threadState(`${folder}/${thread}/stat`))
      .join('');
  } catch {
    return 'working';
  }
  return activityOf(states);
}

/** Activity from one state letter per thread. */
export function activityOf(states: string): ProcessActivity {
  if (/^[Tt]+$/.test(states)) return 'stopped';
  return /^[STtI]+$/.test(states) ? 'asleep' : 'working';
}

function threadState(file: string): string {
  let stat: string;
  try {
    stat = readFileSync(file, 'latin1');
  } catch {
    return ''; // the thread has ended
  }
  // The name before it stands in parentheses and may contain anything.
  return stat.charAt(stat.lastIndexOf(')') + 2);
}

const SUSPECT_MS: Readonly<Record<ProcessActivity, number>> = { stopped: 200, asleep: 200, working: 1000 };
const SUSPECT_INPUTS = 5;
/** Maximum silence of a process with input, by its observed state. */
const PATIENCE_MS: Readonly<Record<ProcessActivity, number>> = { stopped: 250, asleep: 800, working: 2000 };
const SLOW_START_MS = 10_000;
const LATE_LOOK_MS = 350;
const LATE_SUSPICION_MS = 150;

interface HangVerdict {
  /** A successor may be needed soon. */
  readonly suspect: boolean;
  readonly hung?: {
    readonly quietMs: number;
    readonly withinMs: number;
    readonly offered: number;
    readonly how: string;
  };
}

const CALM: HangVerdict = { suspect: false };

export class HangWatch {
  private packets = 0;
  private lastPacketMs = 0;
  private offeredAtPacket = 0;
  private fedSinceMs = -1;
  private lastLookMs = -1;

  /** @param delayInputs inputs the encoder may hold before its first packet */
  constructor(
    private readonly delayInputs: number,
    private readonly activity: () => ProcessActivity,
  ) {}

  /** Watches another process from now on. */
  begin(): void {
    this.packets = 0;
    this.offeredAtPacket = 0;
    this.fedSinceMs = -1;
  }

  packetOut(offered: number, nowMs: number): void {
    this.packets += 1;
    this.lastPacketMs = nowMs;
    this.offeredAtPacket = offered;
  }

  /** @param inputs offered to the process so far; undefined when there is no process */
  look(inputs: number | undefined, nowMs: number): HangVerdict {
    const sinceLook = nowMs - this.lastLookMs;
    this.lastLookMs = nowMs;
    // Packets that arrived while this thread was held up have not been read yet.
    if (inputs === undefined || sinceLook > LATE_LOOK_MS) return CALM;
    const offered = inputs - this.offeredAtPacket;
    return this.packets === 0 ? this.lookAtStart(offered, nowMs) : this.lookAtWork(offered, nowMs, sinceLook);
  }

  /** A process may have loaded long before its first input. */
  private lookAtStart(offered: number, nowMs: number): HangVerdict {
    if (offered > 0 && this.fedSinceMs < 0) this.fedSinceMs = nowMs;
    const quietMs = this.fedSinceMs < 0 ? 0 : nowMs - this.fedSinceMs;
    if (quietMs < SLOW_START_MS || offered <= this.delayInputs * 2 + 3) return CALM;
    return { suspect: false, hung: { quietMs, withinMs: SLOW_START_MS, offered, how: 'before its first packet' } };
  }

  private lookAtWork(offered: number, nowMs: number, sinceLook: number): HangVerdict {
    const quietMs = nowMs - this.lastPacketMs;
    if (quietMs < SUSPECT_MS.stopped || offered < SUSPECT_INPUTS) return CALM;
    const how = this.activity();
    if (quietMs < SUSPECT_MS[how]) return CALM;
    const withinMs = PATIENCE_MS[how];
    if (quietMs < withinMs) return { suspect: sinceLook <= LATE_SUSPICION_MS };
    return { suspect: true, hung: { quietMs, withinMs, offered, how } };
  }
}
