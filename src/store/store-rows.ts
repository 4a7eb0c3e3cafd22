/** Rows of a store as reports read them. */
export interface SessionRow {
  readonly id: number;
  readonly room: string;
  readonly version: string;
  readonly startedMs: number;
  readonly seenMs: number;
  readonly endedMs: number | null;
  readonly ended: string | null;
  readonly frames: number;
  readonly replaced: number;
  readonly muted: number;
  readonly late: number;
}

export interface ProductRow {
  readonly session: number;
  readonly atMs: number;
  readonly untilMs: number | null;
  readonly product: string | null;
  readonly title: string;
}

export interface LineRow {
  readonly atMs: number;
  readonly untilMs: number;
  readonly text: string;
  readonly kind: string;
  readonly language: string;
  readonly product: string | null;
}

export interface EventRow {
  readonly atMs: number;
  readonly platform: string;
  readonly kind: string;
  readonly user: string | null;
  readonly text: string | null;
  readonly amount: number;
  readonly intent: string | null;
  readonly product: string | null;
  readonly outcome: string;
  readonly path: string | null;
  readonly replyMs: number | null;
  /** Why nobody answered. */
  readonly reason: string | null;
}

export interface CountRow {
  readonly kind: string;
  readonly amount: number;
}

export interface ViolationRow {
  readonly atMs: number;
  readonly rule: string;
  readonly action: string;
}

export interface OutputRow {
  readonly session: number;
  readonly atMs: number;
  readonly output: string;
  readonly kind: string;
  readonly target: string;
  readonly state: string;
  readonly error: string;
}

export interface PeriodRow {
  readonly atMs: number;
  readonly untilMs: number;
  readonly kind: string;
  readonly cause: string;
}

export interface ViewersRow {
  readonly atMs: number;
  readonly output: string;
  readonly viewers: number;
}
