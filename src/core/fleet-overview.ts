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
