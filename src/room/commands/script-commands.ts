import { type JudgedLine, refusalReason, refuseLines } from '../../admission/texts/refuse-lines.js';
import type { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import type { SayOptions, SayResult } from '../../config/api/room-handle.js';
import type {
  ScriptEdit,
  ScriptHandle,
  ScriptLineBody,
  ScriptLinePatch,
  ScriptSegmentBody,
  ScriptSegmentPatch,
  ScriptSettings,
  ScriptSnapshot,
} from '../../config/api/script-handle.js';
import { languageTable } from '../../config/languages/language-table.js';
import { EngineError, isEngineError } from '../../core/errors.js';
import { COMMAND_LIMIT_MS, pointOfNoReturn, refuseWhenLate, SerialQueue } from '../../core/serial-queue.js';
import type { FrameIndex } from '../../core/time.js';
import { typedText } from '../../core/visible-text.js';
import type { LedgerEntry, TextHit } from '../../core/verdict.js';
import type { LineRequest } from '../../show/agenda/agenda.js';
import { judgeSpoken } from '../../show/judge-spoken.js';
import { SILENCED, UNSPOKEN } from '../../show/line-notes.js';
import { voiceLanguage } from '../../show/line-voice.js';
import {
  addLine,
  addSegment,
  idFor,
  lineOf,
  type LiveLine,
  type LiveSegment,
  moveLine,
  moveSegment,
  newLines,
  patchedLine,
  removeLine,
  removeSegment,
  replaceLine,
  replaceSegment,
  type ScriptContent,
  segmentOf,
  withIds,
} from '../../show/script/live-script.js';
import type { SpeechService } from '../../speech/speech-service.js';
import type { Rewrites } from '../../writer/products/planned-rewrites.js';
import type { RoomParts } from '../room-desk.js';
import type { EditHistory, Reversal } from './edit-history.js';

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

interface JudgeScriptParts extends Pick<RoomParts, 'room' | 'judge' | 'ledger'> {
  readonly speech: Pick<SpeechService, 'spoken' | 'voiceFor'>;
}

/**
 * Judges the lines and fillers that an edit brings, each beside the lines around it. A line that a changed listing has made
 * false does not keep people from editing its neighbours. Throws E_TEXT_REFUSED, E_BAD_REQUEST
 * for unknown products and layers, and E_VOICE_UNKNOWN.
 */
async function judgeScript(
  { room, judge, ledger, speech }: JudgeScriptParts,
  before: ScriptContent,
  now: ScriptContent,
): Promise<void> {
  const changed = newLines(before, now);
  for (const { segment, line } of changed) {
    if (segment.product !== undefined && !room.products.some(({ id }) => id === segment.product)) {
      const ids = room.products.map(({ id }) => id).join(', ');
      throw bad(
        `segment "${segment.id}": product`,
        ids === '' ? 'no product: the room has none' : `one of ${ids}`,
        segment.product,
      );
    }
    for (const id of line.show ?? []) {
      const cues = room.layers.filter(({ shown }) => shown === 'on-cue').map((layer) => layer.id);
      if (!cues.includes(id))
        throw bad(
          `line "${line.id}": show`,
          cues.length === 0
            ? 'a layer with `shown: "on-cue"`; the room has no such layer'
            : `a layer that is shown on cue: ${cues.join(', ')}`,
          id,
        );
    }
    if (line.language !== undefined) await refuseLanguage(speech, line.language);
  }
  const all = now.segments.flatMap((segment) => segment.lines.map((line) => ({ segment, line })));
  const fresh = new Set(changed.map(({ line }) => line));
  // A removed line brings two others together, as a moved one does.
  const follows = new Map(before.segments.flatMap(({ lines }) => lines).map((line, i, list) => [line, list[i - 1]]));
  const judged = all.flatMap(({ segment, line }, i): JudgedLine[] => {
    const previous = all[i - 1]?.line;
    const isFresh = fresh.has(line);
    if (!isFresh && (previous === undefined || follows.get(line) === previous)) return [];
    const where = `segment "${segment.id}": line "${line.id}"`;
    const next = all[i + 1]?.line.text;
    return [
      {
        where,
        line,
        product: segment.product,
        before: previous?.text,
        next: isFresh ? next : undefined,
        isKnown: !isFresh,
      },
    ];
  });
  const fillers = now.fillers
    .filter((text) => !before.fillers.includes(text))
    .map((text, i): JudgedLine => ({ where: `fillers[${i}]`, line: { text, variants: [] }, product: undefined }));
  const note = (entry: LedgerEntry): void => void ledger.append(entry);
  refuseLines({ room, judge, speech, ledger: note }, [...judged, ...fillers]);
}

const bad = (where: string, expected: string, found: string): EngineError =>
  new EngineError('E_BAD_REQUEST', { where, expected, found: `"${found}"` });

export interface ScriptCommandsParts extends JudgeScriptParts, Pick<RoomParts, 'rundown' | 'runner' | 'ledger'> {
  readonly frame: () => FrameIndex;
  readonly history: Pick<EditHistory, 'register'>;
}

/** Edits the running script and moves through it. Edits are judged one after another, each against the one before. */
export class ScriptCommands implements ScriptHandle {
  private readonly edits = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: 'the script' });

  constructor(private readonly parts: ScriptCommandsParts) {}

  snapshot(): ScriptSnapshot {
    const { rundown, runner, frame } = this.parts;
    const { revision, content } = rundown.script;
    const onAir = runner.lineAt(frame())?.line.scripted;
    return {
      revision,
      paused: runner.paused,
      current: onAir === undefined ? null : { segment: onAir.segmentId, line: onAir.line.id },
      next: runner.nextIds ?? null,
      loop: content.loop,
      gapMs: content.gapMs,
      fillers: content.fillers,
      segments: content.segments.map(({ id, product, lines }) => ({ id, product: product ?? null, lines })),
    };
  }

  async replace(segments: readonly ScriptSegmentBody[]): Promise<ScriptSnapshot> {
    refuseTwice(segments, 'segments');
    await this.apply('replace', '', (content) => ({ ...content, segments: withIds(segments) }));
    return this.snapshot();
  }

  async change({ loop, gapMs, fillers }: ScriptSettings): Promise<ScriptSnapshot> {
    await this.apply('settings', '', (content) => ({
      ...content,
      loop: loop ?? content.loop,
      gapMs: gapMs ?? content.gapMs,
      fillers: fillers ?? content.fillers,
    }));
    return this.snapshot();
  }

  addSegment(segment: ScriptSegmentBody, after?: string | null): Promise<ScriptEdit> {
    return this.apply('add-segment', segment.id ?? '', (content) => {
      const id = idFor('segment', segment.id, content.segments);
      return { content: addSegment(content, newSegment(id, segment), after), id };
    });
  }

  putSegment(id: string, segment: ScriptSegmentBody): Promise<ScriptEdit> {
    return this.apply('put-segment', id, (content) => {
      const made = newSegment(id, segment);
      const isKnown = content.segments.some((one) => one.id === id);
      return isKnown ? replaceSegment(content, made) : addSegment(content, made, undefined);
    });
  }

  patchSegment(id: string, { product, after }: ScriptSegmentPatch): Promise<ScriptEdit> {
    return this.apply('patch-segment', id, (content) => {
      const before = segmentOf(content, id);
      const changed = product === undefined ? before : { ...before, product: product ?? undefined };
      const next = replaceSegment(content, changed);
      return after === undefined ? next : moveSegment(next, id, after);
    });
  }

  async deleteSegment(id: string): Promise<void> {
    await this.apply('delete-segment', id, (content) => removeSegment(content, id));
  }

  addLine(segment: string, line: ScriptLineBody, after?: string | null): Promise<ScriptEdit> {
    return this.apply('add-line', `${segment}/${line.id ?? ''}`, (content) => {
      const id = idFor('line', line.id, segmentOf(content, segment).lines);
      return { content: addLine(content, segment, newLine(id, line), after), id };
    });
  }

  putLine(segment: string, id: string, line: ScriptLineBody): Promise<ScriptEdit> {
    return this.apply('put-line', `${segment}/${id}`, (content) => {
      const isKnown = segmentOf(content, segment).lines.some((one) => one.id === id);
      const made = newLine(id, line);
      return isKnown ? replaceLine(content, segment, made) : addLine(content, segment, made, undefined);
    });
  }

  patchLine(segment: string, id: string, { after, ...patch }: ScriptLinePatch): Promise<ScriptEdit> {
    return this.apply('patch-line', `${segment}/${id}`, (content) => {
      const before = lineOf(segmentOf(content, segment), id);
      const next = replaceLine(content, segment, patchedLine(before, patch));
      return after === undefined ? next : moveLine(next, segment, id, after);
    });
  }

  async deleteLine(segment: string, id: string): Promise<void> {
    await this.apply('delete-line', `${segment}/${id}`, (content) => removeLine(content, segment, id));
  }

  /**
   * Puts other lines in the place of some, as far as they are still in the script; returns those that were taken. A line that
   * is refused beside its neighbours stays as it was.
   */
  rewrite(lines: Rewrites): Promise<Rewrites> {
    return this.edits.take(async (late) => {
      const taken = new Map<LiveLine, LiveLine>();
      for (const [before, now] of lines) {
        const { content } = this.parts.rundown.script;
        const segment = content.segments.find((one) => one.lines.includes(before));
        if (segment === undefined) continue;
        try {
          await this.take(replaceLine(content, segment.id, now), late);
        } catch (error) {
          if (!isEngineError(error) || error.code !== 'E_TEXT_REFUSED') throw error;
          continue;
        }
        taken.set(before, now);
        this.note('script-edit', { edit: 'rewrite', id: `${segment.id}/${now.id}` });
      }
      return taken;
    });
  }

  async jump(to: { segment: string; line?: string | undefined; now?: boolean | undefined }): Promise<ScriptSnapshot> {
    const { rundown, runner } = this.parts;
    const segment = segmentOf(rundown.script.content, to.segment);
    if (to.line !== undefined) lineOf(segment, to.line);
    await runner.jump(rundown.script.find(to.segment, to.line)!, to.now === true);
    this.note('script-jump', { to: `${to.segment}/${to.line ?? ''}` });
    return this.snapshot();
  }

  async skip({ now = false }: { now?: boolean | undefined }): Promise<{ skipped: string | null }> {
    const line = await this.parts.runner.skip(now);
    if (line !== undefined) this.note('script-skip', { line: line.id });
    return { skipped: line?.id ?? null };
  }

  async pause(): Promise<ScriptSnapshot> {
    await this.parts.runner.pause();
    this.note('script-pause', {});
    return this.snapshot();
  }

  async resume(): Promise<ScriptSnapshot> {
    await this.parts.runner.resume();
    this.note('script-resume', {});
    return this.snapshot();
  }

  /** Judges an edit, then applies it; `id` names the edited part, unless the edit gave it an id. */
  private apply(
    edit: string,
    id: string,
    make: (content: ScriptContent) => ScriptContent | { readonly content: ScriptContent; readonly id: string },
  ): Promise<ScriptEdit> {
    return this.edits.take(async (late) => {
      const { rundown } = this.parts;
      const before = rundown.script.content;
      const made = make(before);
      const [content, given] = 'content' in made ? [made.content, made.id] : [made, id.split('/').at(-1)!];
      await this.take(content, late);
      const takeAgain =
        (to: ScriptContent): Reversal =>
        (requireNewest) =>
          this.edits.take((signal) => {
            requireNewest();
            return this.take(to, signal);
          });
      this.parts.history.register({
        what: `script: ${edit.replaceAll('-', ' ')}${given === '' ? '' : ` "${given}"`}`,
        undo: takeAgain(before),
        redo: takeAgain(content),
      });
      this.note('script-edit', { edit, id: given });
      return { revision: rundown.script.revision, id: given };
    });
  }

  private async take(content: ScriptContent, late: AbortSignal): Promise<void> {
    const { rundown, runner } = this.parts;
    await judgeScript(this.parts, rundown.script.content, content);
    pointOfNoReturn(late);
    await runner.edit(content);
  }

  private note(action: string, detail: Record<string, string>): void {
    this.parts.ledger.append({ kind: 'operator', action, frame: this.parts.frame(), detail });
  }
}

const newLine = (id: string, line: ScriptLineBody): LiveLine => ({ ...line, id });

function newSegment(id: string, segment: ScriptSegmentBody): LiveSegment {
  refuseTwice(segment.lines, `segment "${id}": lines`);
  return withIds([{ ...segment, id }])[0]!;
}

function refuseTwice(list: readonly { readonly id?: string | undefined }[], where: string): void {
  const seen = new Set<string>();
  for (const { id } of list) {
    if (id !== undefined && seen.has(id))
      throw new EngineError('E_BAD_REQUEST', { where, expected: 'each id once', found: `"${id}" again` });
    if (id !== undefined) seen.add(id);
  }
}
