import type { CarriedError } from '../../core/errors.js';

/** A task of the work process, by its name in `work-tasks.ts`. */
export interface WorkRequest {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
}

export interface WorkProgress {
  readonly done: number;
  readonly of: number;
  readonly what: string;
}

export type WorkReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: WorkProgress }
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly error: CarriedError }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
