/** Shapes of the studio's API as the pages use them. The server's OpenAPI document is their source. */
import type { ErrorBody } from './error';

export type Role = 'owner' | 'editor' | 'operator' | 'moderator' | 'viewer';
export interface Both {
  readonly en: string;
  readonly zh: string;
}
export interface Person {
  readonly id: string;
  readonly name: string;
}
export interface StudioInfo {
  readonly version: string;
  readonly needsSetup: boolean;
  readonly noAuth: boolean;
  readonly smtp: boolean;
  readonly languages: { readonly engine: readonly string[] };
  readonly demo: string | null;
}
export interface Me {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly twoFactorEnabled: boolean;
  } | null;
  readonly organisations: readonly {
    readonly id: string;
    readonly name: string;
    readonly slug: string;
    readonly role: Role;
  }[];
  readonly organisation: string | null;
  readonly role: Role | null;
  readonly rights: readonly string[];
}
export interface RoomProcess {
  readonly state: 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';
  readonly since: string | null;
  readonly startedBy?: string | null;
  readonly restarts: number;
  readonly error: ErrorBody | null;
}
export interface Room {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly language: string;
  readonly orientation: 'portrait' | 'landscape';
  readonly width: number;
  readonly height: number;
  readonly template: string | null;
  readonly version: number;
  readonly etag: string;
  readonly updatedAt: string;
  readonly products: number;
  readonly destinations: number;
  readonly still: string;
  readonly process: RoomProcess;
}
export interface JobStep {
  readonly id: string;
  readonly text: Both;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly done?: number;
  readonly of?: number;
}
export interface Job<Result = unknown> {
  readonly id: string;
  readonly kind: string;
  readonly room: string | null;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly steps: readonly JobStep[];
  readonly result: Result | null;
  readonly error: ErrorBody | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}
