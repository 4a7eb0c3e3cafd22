/** Where rooms run: on this machine, or on one of many. */
import type { FleetOverview } from './fleet-overview.js';

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
  /** Begin the script anew, and forget mute and blank of an earlier run. */
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
