/** Messages between a worker and its guard. Times are of the machine's own clock (`bootMs`). */

export interface Launch {
  readonly room: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly lease: LeaseLine;
}

/** What an engine hears on its standard input, one a line. */
export interface LeaseLine {
  readonly worker: string;
  readonly fence: number;
  /** The engine ends at this time unless it hears of a later one. */
  readonly untilMs: number;
}

export type ToGuard =
  | { readonly kind: 'launch'; readonly launch: Launch }
  | { readonly kind: 'renew'; readonly leases: Readonly<Record<string, LeaseLine>> }
  /** Ends in order, within the limit. */
  | { readonly kind: 'end'; readonly room: string; readonly withinMs: number }
  | { readonly kind: 'kill'; readonly room: string };

export type FromGuard =
  /** Said often: a guard that is silent is frozen. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'launched'; readonly room: string; readonly pid: number }
  | {
      readonly kind: 'ended';
      readonly room: string;
      readonly how: 'by-itself' | 'asked' | 'lease-over';
      readonly words: string;
    };
