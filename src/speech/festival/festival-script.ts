/** A sound and its end in seconds, or the beginning of a word of the text. */
export interface FestivalTimes {
  readonly sounds: readonly { readonly name: string; readonly endSeconds: number }[];
  /** Words of the text as Festival cut it, with the first sound of each. */
  readonly tokens: readonly { readonly text: string; readonly startSeconds: number }[];
}

/** A string of Scheme. Control characters are spaces to the voice in any case. */
const quoted = (text: string): string => `"${text.replace(/\p{Cc}/gu, ' ').replace(/[\\"]/g, '\\$&')}"`;

const DONE = 'showroom-done';

/** The Scheme program that speaks a text into a file and prints its times. */
export const festivalScript = (text: string, file: string): string => `
(voice_msu_ru_nsh_clunits)
(set! said (utt.synth (Utterance Text ${quoted(text)})))
(utt.save.wave said ${quoted(file)} 'riff)
(mapcar
  (lambda (s) (format t "sound %s %f\\n" (item.name s) (item.feat s "end")))
  (utt.relation.items said 'Segment))
(mapcar
  (lambda (w) (format t "word %s %f %s\\n" (item.feat w "R:Token.p.name") (item.feat w "word_start") (item.feat w "R:Token.parent.name")))
  (utt.relation.items said 'Word))
(format t "${DONE}\\n")
`;

/** @returns undefined when the program did not get to its end */
export function readFestivalTimes(stdout: string): FestivalTimes | undefined {
  const lines = stdout.split('\n');
  if (!lines.includes(DONE)) return undefined;
  const sounds: { name: string; endSeconds: number }[] = [];
  const tokens: { text: string; startSeconds: number }[] = [];
  for (const line of lines) {
    const [kind, first, second, ...rest] = line.trim().split(' ');
    if (kind === 'sound') {
      const endSeconds = Number(second);
      if (first !== undefined && Number.isFinite(endSeconds)) sounds.push({ name: first, endSeconds });
    } else if (kind === 'word' && first === '0') {
      // A number is one token of several words; only its first word has none before it.
      const startSeconds = Number(second);
      const text = rest.join(' ');
      if (text !== '' && Number.isFinite(startSeconds)) tokens.push({ text, startSeconds });
    }
  }
  return { sounds, tokens };
}
