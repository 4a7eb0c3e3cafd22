import { readFileSync } from 'node:fs';
import type { TextJudge } from '../../../src/moderation/text-judge.js';
import type { Place } from '../../../src/moderation/language/sentences.js';
import { silentPlaces } from './silent-places.js';

/** Consecutive lines; `[…]` marks the account that must not be heard. */
export interface AccountLines {
  readonly language: string;
  readonly say: readonly string[];
}

export interface MuteResult {
  readonly language: string;
  readonly say: readonly string[];
  /** The audible rest of the account, in order; empty: nothing. */
  readonly audible: string;
  /** Some of it stays audible when only each find, with the clause of an app, is silent. */
  readonly audibleByClause: boolean;
  readonly captioned: boolean;
  /** Nothing in a line was found, so nothing could be muted. */
  readonly unfound: boolean;
  /** Letters and digits outside the accounts: all, the silent ones, and those beyond the sentences of the finds. */
  readonly harmless: number;
  readonly silenced: number;
  readonly beyondSentence: number;
}

export const readLines = (file: string): AccountLines[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((row) => row.trim() !== '')
    .map((row) => JSON.parse(row) as AccountLines);

/** The audible part of the accounts: each letter and digit between the marks. */
export function muteResult(judge: TextJudge, { language, say }: AccountLines): MuteResult {
  const marked = say.map(readAccounts);
  const lines = silentPlaces(
    judge,
    marked.map(({ text }) => text),
    language,
  );
  let audible = '';
  let captioned = false;
  let audibleByClause = false;
  let [harmless, silenced, beyondSentence] = [0, 0, 0];
  for (const [i, { text, silent, clauses, sentences, captionShown }] of lines.entries()) {
    const { accounts } = marked[i]!;
    if (accounts.length > 0 && captionShown) captioned = true;
    for (const { index: at } of text.matchAll(/[\p{L}\p{N}@_]/gu)) {
      const isSilent = holds(silent, at);
      if (holds(accounts, at)) {
        audible += isSilent ? '' : text[at];
        audibleByClause ||= !holds(clauses, at);
      } else {
        harmless += 1;
        if (isSilent) silenced += 1;
        if (isSilent && !holds(sentences, at)) beyondSentence += 1;
      }
    }
  }
  const unfound = lines.every(({ hits }) => hits.length === 0);
  return { language, say, audible, audibleByClause, captioned, unfound, harmless, silenced, beyondSentence };
}

const holds = (places: readonly Place[], at: number): boolean => places.some((p) => p.start <= at && at < p.end);

function readAccounts(marked: string): { text: string; accounts: Place[] } {
  let text = '';
  const accounts: Place[] = [];
  let start = -1;
  for (const c of marked) {
    if (c === '[') start = text.length;
    else if (c === ']') accounts.push({ start, end: text.length });
    else text += c;
  }
  return { text, accounts };
}
