/** Shapes of the studio's API as the pages use them. The server's OpenAPI document is their source. */
import type { ErrorBody } from './error.js';

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
  readonly languages: readonly { readonly tag: string; readonly english: string; readonly native: string }[];
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
  readonly startedBy: string;
  readonly restarts: number;
  /** Why the engine ended last; empty while all is well. */
  readonly error: string;
  /** Destinations that are to be on air now. */
  readonly live: readonly string[];
}
export interface Room {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly orientation: 'portrait' | 'landscape';
  readonly width: number;
  readonly height: number;
  readonly template: string | null;
  readonly version: number;
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
  readonly note?: Both;
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

export interface TemplateEntry {
  readonly name: string;
  readonly category: Both;
  readonly presenter: string;
  readonly brand?: string;
  readonly still: { readonly portrait: string; readonly landscape: string };
  readonly preview: { readonly portrait: string; readonly landscape: string };
  readonly languages: readonly string[];
}
export interface Saved {
  readonly version: number;
  readonly etag: string;
  readonly changed: readonly string[];
  readonly needsRestart: readonly string[];
}
export interface Range {
  readonly from: number;
  readonly to?: number;
}
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}
/** As in the room file; what a file leaves out is absent. */
export interface Product {
  readonly id: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly image: string;
  readonly images?: readonly string[];
  readonly price: {
    readonly amount: number;
    readonly currency: string;
    readonly unit?: string;
    readonly was?: number;
    readonly ofVisitor?: true;
  };
  readonly minimumOrder?: string;
  readonly facts?: readonly string[];
  readonly link?: string;
  readonly stock?: 'on-sale' | 'sold-out';
  readonly priceLadder?: readonly (Range & { readonly price: number })[];
  readonly leadTime?: readonly (Range & { readonly days: number })[];
  readonly variants?: readonly { readonly name: string; readonly values: readonly { readonly name: string }[] }[];
  readonly attributes?: readonly NamedValue[];
  readonly certificates?: readonly { readonly name: string; readonly number?: string }[];
  readonly packing?: readonly NamedValue[];
  readonly faq?: readonly { readonly question: string; readonly answer: string }[];
  readonly sample?: { readonly price: number; readonly quantity?: number };
}
export interface Line {
  readonly id?: string;
  readonly text: string;
  readonly variants?: readonly string[];
  readonly language?: string;
  readonly [further: string]: unknown;
}
export interface Segment {
  readonly id?: string;
  readonly product?: string;
  readonly lines: readonly Line[];
}
export interface RoomDocument {
  readonly title?: string;
  readonly language?: string;
  readonly products?: readonly Product[];
  readonly script?: { readonly segments?: readonly Segment[]; readonly gapMs?: number };
  readonly presenter?: { readonly pack?: string };
  readonly [further: string]: unknown;
}
export interface RoomFile {
  readonly version: number;
  readonly etag: string;
  readonly savedAt: string;
  readonly savedBy: Person;
  readonly room: RoomDocument;
}
export interface JudgeHit {
  readonly start: number;
  readonly end: number;
  readonly match: string;
  readonly rule: string;
  readonly kind: string;
  readonly action: string;
  readonly text: Both;
  readonly suggestion?: string;
}
export interface Judged {
  readonly id: string;
  readonly verdict: 'clean' | 'warn' | 'refused';
  readonly hits: readonly JudgeHit[];
  readonly seconds: number;
}
export interface IntakeWarning {
  readonly kind: string;
  readonly what?: string;
  readonly reason?: string;
  readonly text: Both;
}
export interface IntakeResult extends Saved {
  readonly product: Product;
  readonly link: string | null;
  readonly warnings: readonly IntakeWarning[];
}
export interface ScriptResult extends Saved {
  readonly lines: number;
  readonly seconds: number;
  readonly leftOut: readonly unknown[];
}
export interface HostAnswer {
  readonly outcome: 'answered' | 'evasive' | 'silent' | 'hostile';
  readonly answer?: string;
  readonly product: string | null;
  readonly by: 'rule' | 'meaning' | 'words';
  readonly source: string | null;
  readonly reason?: string;
  readonly tookMs: number;
}
export type DestinationKind = 'rtmp' | 'srt' | 'whip' | 'camera' | 'recording';
export interface DestinationPreset {
  readonly id: string;
  readonly name: Both;
  readonly kind: DestinationKind;
  readonly servers: readonly { readonly name: string; readonly url: string }[];
  readonly keyHelp: Both;
  readonly backup?: string;
  readonly byCamera?: boolean;
}
export interface PushTest {
  readonly ok: boolean;
  readonly failed: string | null;
  readonly text: Both;
  readonly todo: Both;
  readonly kbps: number | null;
  readonly wantedKbps: number | null;
  readonly at?: string;
}
export interface Destination {
  readonly id: string;
  readonly name: string;
  readonly preset: string;
  readonly kind: DestinationKind;
  readonly server: string;
  readonly hasBackup: boolean;
  readonly keyEnd: string | null;
  readonly hasKey: boolean;
  readonly required: boolean;
  readonly rooms: readonly string[];
  readonly lastTest: PushTest | null;
}
export interface CheckFinding {
  readonly severity: 'fault' | 'warning';
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly rule?: string;
  readonly todo?: string;
  readonly text: Both;
  readonly fix: { readonly id: string; readonly label: Both } | null;
}
export interface CheckResult {
  readonly version: number;
  readonly checked: Readonly<Record<string, number>>;
  readonly faults: readonly CheckFinding[];
  readonly missing: readonly { readonly model: string; readonly bytes: number; readonly text: Both }[];
}
export interface Schedule {
  readonly id: string;
  readonly start: string;
  readonly minutes: number | null;
  readonly timeZone: string;
  readonly repeat: 'once' | 'daily' | 'weekdays' | 'weekly';
  readonly days: readonly number[];
  readonly enabled: boolean;
  readonly next: { readonly startsAt: string; readonly endsAt: string | null } | null;
}
export interface Member {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly twoFactor: boolean;
  readonly lastSeenAt: string | null;
}
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: string;
}
export interface SentLink {
  readonly link: string;
  readonly mailed: boolean;
  readonly expiresAt: string;
}
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly start: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}
export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly by: Person;
  readonly room: string | null;
  readonly action: string;
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
}
