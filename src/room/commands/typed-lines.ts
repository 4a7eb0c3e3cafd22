import type { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import type { SayOptions, SayResult } from '../../config/api/room-handle.js';
import type { RoomParts } from '../room-desk.js';
import type { LineRequest } from '../../show/agenda/agenda-line.js';
import { EngineError, isEngineError } from '../../core/errors.js';
import { refuseWhenLate } from '../../core/serial-queue.js';
import { typedText } from '../../core/typed-text.js';
import type { TextHit } from '../../core/verdict.js';
import type { SpeechService } from '../../speech/speech-service.js';
import { judgeSpoken } from '../../show/judge-spoken.js';
import { SILENCED, UNSPOKEN } from '../../show/line-notes.js';
import { refusalReason } from '../../admission/texts/refuse-lines.js';
import { voiceLanguage } from '../../show/line-voice.js';
import { languageTable } from '../../config/languages/language-table.js';

type SayParts = Pick<RoomParts, 'room' | 'judge' | 'agenda' | 'ledger'> & {
  readonly speech: Pick<SpeechService, 'spoken'>;
  readonly replies: ReplyWatch;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
};

/**
 * Judges a line from outside and queues it. A line with any word that would be muted is refused whole, since nobody
 * types a line to hear a gap in it. Each broken rule is recorded and adds nothing to the risk. An answer to a viewer
 * is judged as a reply and held to the reply limits. Characters that nobody sees are taken out first. Throws
 * E_BAD_REQUEST when nothing is left, or too many lines are waiting.
 */
export function sayLine(
  { room, judge, agenda, ledger, speech, replies, nowMs }: SayParts,
  typed: string,
  options: SayOptions,
  kind: Extract<LineRequest['kind'], 'operator' | 'takeover'> = 'operator',
): SayResult {
  const text = typedText(typed);
  if (text === '')
    throw new EngineError('E_BAD_REQUEST', {
      where: 'say',
      expected: 'a line with words',
      found: 'only characters that nobody sees',
    });
  const language = options.language ?? room.language;
  const surface = options.reply === true ? 'reply' : 'speech';
  const spoken = speech.spoken(text, voiceLanguage(room, options.language, options.role));
  const hits: TextHit[] = [...judgeSpoken(judge, text, spoken, { surface, language, entry: room.products }).hits];
  if (surface === 'reply' && !hits.some((h) => UNSPOKEN.has(h.action))) {
    const spam = replies.judge(text, nowMs());
    if (spam !== undefined) {
      hits.push({ rule: spam.rule, kind: spam.kind, start: 0, end: text.length, match: text, action: 'skip' });
    }
  }
  const found = hits.map(({ rule, kind, match }) => ({ rule, kind, match }));
  const refusing = hits.filter((h) => UNSPOKEN.has(h.action) || SILENCED.has(h.action));
  if (refusing.length > 0) {
    for (const hit of hits) {
      ledger.append({
        kind: 'text',
        rule: hit.rule,
        surface,
        action: 'refuse',
        evidence: hit.match.slice(0, 200),
        detail: { kind: hit.kind },
      });
    }
    return { id: '', result: 'refused', reason: refusalReason(refusing), hits: found };
  }
  refuseWhenLate('say');
  const line = agenda.add({
    kind,
    text,
    ...(options.caption === false ? { caption: '' } : {}),
    ...(options.next === false ? { after: 'segment' } : {}),
    ...(options.language === undefined ? {} : { language: options.language }),
    ...(options.interrupt === true ? { interrupt: true } : {}),
    ...(options.role === undefined ? {} : { role: options.role }),
    judgedAs: surface,
  });
  if (line === undefined) {
    throw new EngineError('E_BAD_REQUEST', {
      where: 'say',
      expected: 'fewer lines waiting',
      found: `${agenda.length} lines`,
      todo: 'wait until the queue is shorter',
    });
  }
  return { id: line.id, result: 'queued', hits: found };
}

/** Throws E_VOICE_UNKNOWN, with the available languages, when no voice speaks the language. */
export async function refuseLanguage(speech: Pick<SpeechService, 'voiceFor'>, language: string): Promise<void> {
  try {
    await speech.voiceFor(language);
  } catch (error) {
    if (!isEngineError(error) || error.code !== 'E_VOICE_UNKNOWN') throw error;
    const languages = languageTable().languages.flatMap(({ tag, voice }) => (voice === null ? [] : [tag]));
    throw new EngineError('E_VOICE_UNKNOWN', {
      where: `language "${language}"`,
      expected: `one of ${languages.join(', ')}`,
      found: error.found ?? 'no voice for it',
      todo: '`engine doctor --voices` lists all voices and their languages',
      details: { languages },
      cause: error,
    });
  }
}

/** Lines that people type: the operator, or a person who has taken over the show. */
export class TypedLines {
  constructor(
    private readonly parts: RoomParts,
    private readonly replies: ReplyWatch,
  ) {}

  async say(text: string, options: SayOptions = {}): Promise<SayResult> {
    if (options.language !== undefined) await refuseLanguage(this.parts.speech, options.language);
    return sayLine(this.deps, text, options);
  }

  /** Cuts in. */
  async takeOver(text: string, language: string | undefined): Promise<SayResult> {
    if (language !== undefined) await refuseLanguage(this.parts.speech, language);
    const options = { ...(language === undefined ? {} : { language }), interrupt: true };
    return sayLine(this.deps, text, options, 'takeover');
  }

  private get deps(): Parameters<typeof sayLine>[0] {
    return { ...this.parts, replies: this.replies, nowMs: () => performance.now() };
  }
}
