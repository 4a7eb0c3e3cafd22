/** Shapes of the studio's API as the pages use them: the answers of the server's OpenAPI document, and what they hold as JSON. */
import type { paths } from '#api/openapi.js';

/** What the server answers when it does what was asked. */
type Answer<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  readonly responses: infer Responses;
}
  ? Responses[keyof Responses] extends { content: { readonly 'application/json': infer Body } }
    ? Body
    : never
  : never;

export type Role = NonNullable<Me['role']>;
export interface Both {
  readonly en: string;
  readonly zh: string;
}
export interface Person {
  readonly id: string;
  readonly name: string;
}
export type StudioInfo = Answer<'/api/studio', 'get'>;
export type Me = Answer<'/api/me', 'get'>;
export type RoomProcess = Room['process'];
export type Room = Answer<'/api/rooms', 'get'>['rooms'][number];
export type JobStep = AnyJob['steps'][number];
type AnyJob = Answer<'/api/jobs/{job}', 'get'>;
export interface Job<Result = unknown> extends Omit<AnyJob, 'result'> {
  readonly result: Result | null;
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
export type Saved = Answer<'/api/rooms/{id}/file', 'put'>;
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
export interface RoomFile extends Omit<Answer<'/api/rooms/{id}/file', 'get'>, 'room'> {
  readonly room: RoomDocument;
}
export type JudgeHit = Judged['hits'][number];
export type Judged = Answer<'/api/rooms/{id}/script/judge', 'post'>['results'][number];
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
export type DestinationKind = AnyDestination['kind'];
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
type AnyDestination = Answer<'/api/destinations', 'get'>['destinations'][number];
export interface Destination extends Omit<AnyDestination, 'lastTest'> {
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
export type Schedule = Answer<'/api/rooms/{id}/schedules', 'get'>['schedules'][number];
export type Member = Answer<'/api/people', 'get'>['people'][number];
export type Invitation = Answer<'/api/people', 'get'>['invitations'][number];
export type SentLink = Answer<'/api/people/invitations', 'post'>;
export type ApiKey = Answer<'/api/keys', 'get'>['keys'][number];
export type AuditEntry = Answer<'/api/audit', 'get'>['entries'][number];
/** Null where rooms run on the studio's own machine. */
export type Fleet = Answer<'/api/fleet', 'get'>['fleet'];
