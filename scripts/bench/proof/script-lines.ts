import type { LedgerLine } from './proof-room.js';
import type { Injection } from './injection.js';
import { LINES, readMarks, type ProofLine } from './lines.js';

export interface ScriptFile {
  readonly segments: readonly { readonly lines: readonly { readonly text: string }[] }[];
}

/** The script with a forbidden line after each of its own, starting at a different one for each seed. */
export function withForbiddenLines<T extends ScriptFile>(script: T, seed: number): T {
  let n = seed;
  const next = (): { text: string; language: string } => {
    const { language, marked } = LINES[(n++ * 5) % LINES.length]!;
    return { text: readMarks(marked).text, language };
  };
  const segments = script.segments.map((segment) => ({
    ...segment,
    lines: segment.lines.flatMap((line) => [line, next()]),
  }));
  return { ...script, segments };
}

const BY_TEXT: ReadonlyMap<string, ProofLine> = new Map(LINES.map((line) => [readMarks(line.marked).text, line]));

/** The text of a line of the script by its id in the ledger: s<round>.<segment>.<line>. */
export function textOfLine(script: ScriptFile, id: string): string | undefined {
  const [, segment, line] = /^s\d+\.(\d+)\.(\d+)$/.exec(id) ?? [];
  return script.segments[Number(segment)]?.lines[Number(line)]?.text;
}

/** The forbidden lines of the script that were on air. */
export class ForbiddenLines {
  /** Spoken texts, with the frame of their first appearance. */
  private readonly heard = new Map<string, number>();

  /** Call more often than lines change. */
  see(text: string | undefined, frame: number): void {
    if (text !== undefined && BY_TEXT.has(text) && !this.heard.has(text)) this.heard.set(text, frame);
  }

  /** One injection per line: muted where the ledger says so. A heard line without a ledger entry was not muted. */
  injections(ledger: readonly LedgerLine[], script: ScriptFile): Injection[] {
    const found = new Map<string, Injection>();
    for (const { kind, action, frame, detail } of ledger) {
      const id = detail?.line;
      const line = BY_TEXT.get(textOfLine(script, id ?? '') ?? '');
      if (kind !== 'text' || action !== 'mute' || frame === undefined || line === undefined) continue;
      found.set(id!, { ...ofLine(line, frame), line: id!, muted: true });
    }
    const muted = new Set([...found.values()].map(({ marked }) => marked));
    const unmuted = [...this.heard]
      .map(([text, frame]) => ({ ...ofLine(BY_TEXT.get(text)!, frame), muted: false }))
      .filter(({ marked }) => !muted.has(marked));
    return [...found.values(), ...unmuted];
  }
}

function ofLine({ marked, language }: ProofLine, frame: number): Injection {
  const { text, forbidden } = readMarks(marked);
  return {
    way: `line of the script, ${language}`,
    detail: text.slice(forbidden.start, forbidden.end),
    outcome: 'spoken',
    fromFrame: frame,
    toFrame: frame,
    marked,
    language,
  };
}
