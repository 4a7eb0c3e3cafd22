import type { VerdictRecord } from '../../lib/room-types';

/** Something that was held back, with its evidence. */
export interface Held {
  readonly seq: number;
  readonly at: string;
  readonly rule: string;
  readonly action: string;
  readonly where: string;
  /** Words or the code's text. */
  readonly match: string;
  /** Frames or pieces that equal ones in a row were. */
  readonly count: number;
  /** Names of stored files. */
  readonly picture: string | null;
  readonly sound: string | null;
}

/** Endings, good news and what a person did. */
const NO_NEWS: ReadonlySet<string> = new Set(
  (
    'resume warn-over keep on-air off-air show-goes-on clip-goes-on bitrate-up bitrate-down encoder resumed risk-cleared ' +
    'avatar-goes-on not-kept ledger-restored no-text-reading'
  ).split(' '),
);
const fileName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** Newest first; equal ones that follow each other as one. */
export function heldOf(verdicts: readonly VerdictRecord[]): Held[] {
  const files = new Map<string, string>();
  for (const { kind, rule, frame, file } of verdicts)
    if (kind === 'evidence' && file !== undefined) files.set(`${rule} ${frame}`, fileName(file.name));
  const list: Held[] = [];
  for (const one of verdicts) {
    if (one.rule === undefined || one.kind === 'operator' || one.kind === 'evidence' || NO_NEWS.has(one.action))
      continue;
    if (one.action === 'warn' && one.kind === 'room') continue;
    const own = one.file === undefined ? undefined : fileName(one.file.name);
    const stored = own ?? files.get(`${one.rule} ${one.frame}`);
    const held: Held = {
      seq: one.seq,
      at: one.at,
      rule: one.rule,
      action: one.action,
      where: one.surface ?? one.kind,
      match: one.evidence ?? '',
      count: 1,
      picture: stored?.endsWith('.webp') === true ? stored : null,
      sound: stored?.endsWith('.wav') === true ? stored : null,
    };
    const last = list.at(-1);
    if (last !== undefined && last.rule === held.rule && last.match === held.match && last.action === held.action)
      list[list.length - 1] = {
        ...last,
        count: last.count + 1,
        picture: last.picture ?? held.picture,
        sound: last.sound ?? held.sound,
      };
    else list.push(held);
  }
  return list;
}
