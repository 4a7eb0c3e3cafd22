import type { LineRequest } from '../../show/agenda/agenda-line.js';
import type { AgendaPort } from './agenda-port.js';

/**
 * Speaks an answer while its rest is still being made.
 *
 * Problem: a human voice takes half a second of work for each second of speech, so an answer of eight seconds would
 * begin five seconds after the question.
 * Rule: where the voice is such a one, the answer's first clause is a line of its own, and each further sentence another
 * that follows it at once: before the script, and before other answers. All parts are made in a row. The answer was
 * judged whole before; each part is judged again as it is spoken.
 */
const PART_PAUSE_MS = 120;
/** Letters of a first clause: shorter ones sound chopped, longer ones keep the viewer waiting. */
const MIN_HAN = 3;
const MIN_LETTERS = 10;
const MAX_FIRST_HAN = 7;
const MAX_FIRST_LETTERS = 22;

const HAN = /\p{Script=Han}/u;
const SENTENCES = /[^.!?…。！？]+[.!?…。！？]+["”’»)\]）」』]*\s*|[^.!?…。！？]+$/gu;
const CLAUSE = /[,;:，、；：](?=\s|\p{L})/gu;

export interface ReplyVoice {
  /** Whether a line of that language takes long to make. */
  readonly isSlow: (request: LineRequest) => boolean;
  /** Begins to make a part. */
  readonly ahead: (request: LineRequest) => void;
}

/** An agenda that takes answers in a slow voice in parts. */
export const repliesInParts = (agenda: AgendaPort, voice: ReplyVoice): AgendaPort => ({
  add(request) {
    const isWhole = request.kind !== 'reply' || request.interrupt === true || request.caption !== undefined;
    if (isWhole || request.voice !== undefined || !voice.isSlow(request)) return agenda.add(request);
    const [first, ...rest] = replyParts(request.text);
    if (first === undefined || rest.length === 0) return agenda.add(request);
    const { layers: _layers, gesture: _gesture, onOutcome, ...plain } = request;
    const next = (i: number): void => {
      const text = rest[i];
      if (text === undefined) return;
      agenda.add({
        ...plain,
        text,
        continues: true,
        ...(i < rest.length - 1 ? { pauseMs: PART_PAUSE_MS } : {}),
        onOutcome: ({ outcome }) => {
          if (outcome === 'scheduled') next(i + 1);
        },
      });
    };
    const added = agenda.add({
      ...request,
      text: first,
      pauseMs: PART_PAUSE_MS,
      onOutcome: (outcome) => {
        onOutcome?.(outcome);
        if (outcome.outcome === 'scheduled') next(0);
      },
    });
    if (added !== undefined) for (const text of [first, ...rest]) voice.ahead({ ...plain, text });
    return added;
  },
});

/** An answer's first clause and its further sentences. */
export function replyParts(text: string): string[] {
  const sentences = (text.match(SENTENCES) ?? [text]).reduce<string[]>((out, one) => {
    // A full stop inside a number, and a mark alone, end no sentence.
    const last = out.at(-1);
    if (last !== undefined && (isShort(last) || isShort(one) || (/\d[.]$/.test(last) && /^\d/.test(one))))
      out[out.length - 1] = last + one;
    else out.push(one);
    return out;
  }, []);
  const [first = text, ...rest] = sentences;
  const han = HAN.test(first);
  const letters = lettersOf(first);
  if (letters <= (han ? MAX_FIRST_HAN : MAX_FIRST_LETTERS)) return [first, ...rest].map((one) => one.trim());
  for (const { index } of first.matchAll(CLAUSE)) {
    const [head, tail] = [first.slice(0, index + 1), first.slice(index + 1)];
    if (isShort(head) || isShort(tail)) continue;
    return [head, tail, ...rest].map((one) => one.trim());
  }
  return [first, ...rest].map((one) => one.trim());
}

const lettersOf = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
const isShort = (text: string): boolean => lettersOf(text) < (HAN.test(text) ? MIN_HAN : MIN_LETTERS);
