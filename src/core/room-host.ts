/** Where rooms run: on this machine, or on one of many. */

/** State of a fleet: its workers, their rooms and alarms. */

interface FleetMachine {
  readonly name: string;
  readonly version: string;
  /** In reference rooms: 720×1280 at 30 frames a second. */
  readonly capacity: number;
  readonly used: number;
  readonly rooms: number;
  readonly draining: boolean;
  /** Rooms on air under a claim in the store, because Redis was out of reach. */
  readonly claimed: number;
  readonly labels: Readonly<Record<string, string>>;
}

export interface FleetRoomLine {
  /** The fleet's id of the room. */
  readonly id: string;
  /** The id that a studio knows it by; null for one that was submitted from a command line. */
  readonly origin: string | null;
  readonly name: string;
  readonly owner: string;
  readonly language: string;
  readonly show: string | null;
  readonly state: 'waiting' | 'starting' | 'on-air' | 'draining' | 'scheduled' | 'failed';
  readonly worker: string | null;
  readonly presenter: string | null;
  /** Unix time in ms of the last change of state. */
  readonly sinceMs: number;
  /** The line that is spoken. */
  readonly line: string | null;
  readonly error: string;
  readonly alarm: {
    readonly severity: 'critical' | 'warning';
    readonly text: { readonly en: string; readonly zh: string };
    readonly sinceMs: number;
    readonly isOver: boolean;
  } | null;
}

export interface FleetOverview {
  readonly workers: readonly FleetMachine[];
  readonly rooms: readonly FleetRoomLine[];
}

export type RunState = 'off' | 'starting' | 'running' | 'stopping' | 'failed';

export interface RunStatus {
  readonly state: RunState;
  /** Unix time in ms of the last change of state. */
  readonly sinceMs: number;
  /** Times that the engine was started again after it had died. */
  readonly restarts: number;
  readonly pid: number | null;
  /** Why the engine ended, in words; empty while it runs. */
  readonly error: string;
}

/** Where the API of a running room is reached. The token never leaves the server. */
export interface RoomEndpoint {
  readonly url: string;
  readonly token: string;
}

export interface RoomPlan {
  readonly id: string;
  /** The room's own folder; its file is `room.json`. */
  readonly folder: string;
  /** Begin the script at its start, and forget mute and blank of an earlier run. */
  readonly fresh?: boolean;
}

export interface RoomHostEvents {
  /** The engine answers; also after each start again. */
  onReady(id: string): void;
  onChange(id: string, status: RunStatus): void;
}

export interface RoomHost {
  /** Resolves when the engine answers. Starts it again whenever it dies, until `stop`. */
  start(plan: RoomPlan): Promise<void>;
  /** Ends the engine; resolves when it has ended. */
  stop(id: string): Promise<void>;
  /** Lets the line on air end, then stops. */
  drain(id: string): Promise<void>;
  status(id: string): RunStatus;
  /** Undefined while no engine answers. */
  endpoint(id: string): RoomEndpoint | undefined;
  /** Newest last. */
  logs(id: string, lines: number): Promise<string[]>;
  /** Takes over the engines that an earlier server left running. Returns their rooms. */
  adopt(): Promise<string[]>;
  /** All machines and the rooms on them; absent where rooms run on this machine. Throws E_REDIS. */
  fleet?(): Promise<FleetOverview>;
  /** Brings the records of a room's shows to its folder; absent where they lie there. */
  fetchRecords?(id: string, folder: string): Promise<void>;
  /** Ends the watch; rooms stay on air. */
  close(): Promise<void>;
}
