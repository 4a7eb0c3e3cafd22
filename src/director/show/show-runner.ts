import { mouthTrack } from '../../avatar/mouth-track.js';
import { EngineError, toEngineError } from '../../core/errors.js';
import { framesToMilliseconds, type FrameIndex } from '../../core/time.js';
import type { TextHit } from '../../core/verdict.js';
import { LineSchedule } from '../line-schedule.js';
import type { RundownLine } from '../rundown.js';
import { muteSpans } from '../../speech/mute-spans.js';
import { Listings } from '../listings.js';
import { ShownProduct } from '../products/shown-product.js';
import { ContactTrail } from './contact-trail.js';
import { judgeSpoken } from './judge-spoken.js';
import { SILENCED, UNSPOKEN } from './line-actions.js';
import { lineVoice, voiceLanguage } from './line-voice.js';
import { LineNotes } from './line-notes.js';
import type { PlacedLine } from './placed-line.js';
import { PreviousLines } from './previous-lines.js';
import { ShowCaptions } from './show-captions.js';
import type { ReadyLine, ShowParts } from './show-parts.js';
import { UnspokenLines } from './unspoken-lines.js';

/** Lines that fail in a row before the runner pauses. */
const MAX_FAILURES_IN_A_ROW = 3;

/**
 * Turns the rundown into commands for the loop: each line is judged as written and as spoken, spoken, scheduled, and
 * sent with its mouth track, caption and gesture. One line is prepared ahead of the line being scheduled.
 */
export class ShowRunner {
  private readonly schedule: LineSchedule;
  private ahead: Promise<ReadyLine | undefined> | undefined;
  private aheadLine: RundownLine | undefined;
  /** A script that does not loop has ended. */
  private over = false;
  private readonly notes: LineNotes;
  private entries: Listings;
  private readonly heard: PreviousLines;
  private readonly heardContacts: ContactTrail;
  private readonly captions: ShowCaptions;
  readonly unspoken: UnspokenLines;
  private readonly placed: PlacedLine[] = [];
  private readonly shown: ShownProduct;

  constructor(
    private readonly parts: ShowParts,
    private readonly signal: AbortSignal,
  ) {
    this.notes = new LineNotes(parts);
    this.entries = new Listings(parts.room.products);
    this.heard = new PreviousLines(parts.judge, 'speech', parts.actions);
    this.heardContacts = new ContactTrail('speech', parts.actions);
    this.captions = new ShowCaptions(parts, this.notes, (hits) => this.stopFor(hits));
    this.unspoken = new UnspokenLines(parts);
    this.shown = new ShownProduct(parts.rundown.choice);
    this.schedule = new LineSchedule(parts.room.rate, parts.room.script.gapMs);
  }

  /** The line on air at frame n, if any. */
  lineAt(n: FrameIndex): PlacedLine | undefined {
    return this.placed.find(({ slot }) => slot.startFrame <= n && n < slot.endFrame);
  }

  /** The script's line on air at frame n, or else the next one, as far as it is scheduled. */
  scriptLineAt(n: FrameIndex): RundownLine | undefined {
    return this.placed.find(({ line, slot }) => n < slot.endFrame && line.position !== undefined)?.line;
  }

  /** The product on screen at frame n. */
  productAt(n: FrameIndex): string | null {
    return this.shown.at(n);
  }

  /** From this frame on nothing is scheduled yet. */
  get plannedUntil(): FrameIndex {
    return this.schedule.nextFrame;
  }

  /** Pins a product that the scene shows from a frame on; null lets the script decide again. */
  pin(id: string | null, atFrame: FrameIndex): void {
    this.shown.pin(id, atFrame);
    if (id !== null) this.schedule.showing(id);
    this.refresh();
  }

  /** Drops the prepared line when the script does not go there any more. */
  refresh(): void {
    if (this.aheadLine === undefined || this.parts.rundown.speaks(this.aheadLine)) return;
    this.ahead = undefined;
    this.aheadLine = undefined;
  }

  /** Schedules lines until the next one would begin at or after frame `until`. `now` is the frame being drawn. */
  async planUntil(until: number, now: () => FrameIndex): Promise<void> {
    while (!this.signal.aborted && this.schedule.nextFrame < until) {
      const current = this.take();
      this.over = current === undefined;
      if (current === undefined) return;
      const ready = await this.asListed(await current);
      this.ahead ??= this.prepareNext();
      if (ready !== undefined) await this.placeOrRecord(ready, now());
    }
  }

  /** How many frames the missing line has been due at frame n. */
  owedFrames(n: FrameIndex): number {
    return this.over ? 0 : Math.max(0, n - this.schedule.nextFrame);
  }

  /** Starts to judge and speak the first line before it can be scheduled. */
  prime(): void {
    this.ahead ??= this.prepareNext();
  }

  /** Urgent lines first, then the prepared one; undefined after the end of a script that does not loop. */
  private take(): Promise<ReadyLine | undefined> | undefined {
    const urgent = this.parts.rundown.takeUrgent();
    if (urgent !== undefined) return this.prepare(urgent);
    const ahead = this.ahead ?? this.prepareNext();
    this.ahead = undefined;
    this.aheadLine = undefined;
    return ahead;
  }

  /** A line that was judged by listings of before is judged anew; one that the script has left is not spoken. */
  private async asListed(ready: ReadyLine | undefined): Promise<ReadyLine | undefined> {
    const { room, rundown } = this.parts;
    let one = ready;
    while (one !== undefined && !(one.listed === room.products && one.voiced === room.presenter)) {
      if (!rundown.speaks(one.line)) return undefined;
      one = await this.prepare(one.line);
    }
    return one;
  }

  private prepareNext(): Promise<ReadyLine | undefined> | undefined {
    const line = this.parts.rundown.next();
    this.aheadLine = line;
    if (line === undefined) return undefined;
    const ready = this.prepare(line);
    // Awaited when it is due; until then a failure must not count as unhandled.
    ready.catch(() => undefined);
    return ready;
  }

  /** Judges and speaks a line. Undefined when it must not or cannot be spoken; the ledger records why. */
  private async prepare(line: RundownLine): Promise<ReadyLine | undefined> {
    const { room, judge, speech: service } = this.parts;
    const language = line.language ?? room.language;
    const [listed, voiced] = [room.products, room.presenter];
    if (this.entries.products !== listed) this.entries = new Listings(listed);
    const entry = this.entries.of(line.product, line.text);
    const spokenIn = voiceLanguage(room, line.language);
    const spoken = service.spoken(line.text, spokenIn);
    const speech = judgeSpoken(judge, line.text, spoken, { surface: 'speech', language, entry });
    const caption =
      line.caption === '' ? undefined : judge.judge(line.caption, { surface: 'caption', language, entry });
    if (speech.hits.some((h) => UNSPOKEN.has(h.action))) {
      this.notes.record(speech.hits, 'speech', 'skip', line, undefined);
      this.stopFor(speech.hits);
      return undefined;
    }
    try {
      const utterance = await service.speak(
        {
          id: line.id,
          text: line.text,
          ...lineVoice(room, this.parts.voices ?? {}, line.language),
        },
        this.signal,
      );
      if (utterance.pcm.length === 0) this.unspoken.record(line, nothingToHear(line));
      else this.unspoken.spoken();
      return { line, utterance, speech, caption, listed, voiced };
    } catch (cause) {
      if (this.signal.aborted) return undefined;
      const error = toEngineError(cause, `line ${line.id}`);
      this.unspoken.record(line, error);
      if (this.unspoken.run >= MAX_FAILURES_IN_A_ROW) throw error;
      return undefined;
    }
  }

  /** Schedules a spoken line; one that cannot be scheduled is recorded as unspoken. */
  private async placeOrRecord(ready: ReadyLine, now: FrameIndex): Promise<void> {
    try {
      await this.place(ready, now);
    } catch (cause) {
      if (!this.signal.aborted) this.unspoken.record(ready.line, toEngineError(cause, `line ${ready.line.id}`));
      throw cause;
    }
  }

  private async place(ready: ReadyLine, now: FrameIndex): Promise<void> {
    const { room, scene, send } = this.parts;
    const { line, utterance } = ready;
    const language = line.language ?? room.language;
    const completed = this.heard.completes(line.text, language);
    const judged = [...ready.speech.hits, ...completed];
    const before = this.heardContacts.afterwards;
    const trail = this.heardContacts.follow(line.text, language, judged.filter(isSilenced));
    const hits = [...judged, ...trail.more];
    if (line.source === 'say' && hits.some(isSilenced)) {
      this.notes.record(hits, 'speech', 'refuse', line, undefined);
      this.unspoken.record(line, completesContact(line));
      return;
    }
    const product = this.shown.of(line.product);
    const slot = this.schedule.place({ samples: utterance.pcm.length, product, pauseMs: line.pauseMs }, now);
    if (slot.productFrame !== undefined && product !== undefined) {
      send({ type: 'scene', update: await (await scene).product(product, slot.productFrame) });
      this.parts.onProduct?.(product, framesToMilliseconds(slot.productFrame - now, room.rate));
    }
    if (product !== undefined) this.shown.add(product, slot.startFrame - 1);
    // Steps that may fail come first: a line recorded as unspoken must not be heard.
    const caption = await this.captions.of(ready, slot, trail, before);
    this.heard.add(line.text, completed);
    this.heardContacts.add(trail);
    this.stopFor(hits);
    const tones = new Set(hits.filter((h) => h.action === 'tone').map((h) => h.rule));
    const mutes = muteSpans(utterance, trail.places).map((m) => (tones.has(m.rule) ? { ...m, tone: true } : m));
    send({
      type: 'speak',
      id: line.id,
      startFrame: slot.startFrame,
      startSample: slot.startSample,
      pcm: utterance.pcm,
      loudnessLufs: utterance.loudnessLufs,
      mutes,
      tone: room.compliance.mutedSound === 'tone',
      verdict: ready.speech.verdict,
      mouth: mouthTrack(utterance.phonemes, utterance.pcm.length, room.rate, 0, mutes),
    });
    if (line.gesture !== 'none') send({ type: 'gesture', atFrame: slot.startFrame, gesture: line.gesture });
    if (caption !== undefined) send({ type: 'scene', update: caption });
    this.notes.record(hits, 'speech', 'mute', line, slot, utterance);
    this.notes.remember(line, slot);
    if (slot.moved)
      this.parts.log.warn({ line: line.id, frame: slot.startFrame }, 'a line was ready too late and has moved');
    this.placed.push({ line, slot });
    this.parts.onPlaced?.({ line, slot }, now);
    while (
      this.placed.length > 8 ||
      (this.placed[0] !== undefined && this.placed.length > 1 && this.placed[1]!.slot.startFrame < now)
    ) {
      this.placed.shift();
    }
  }

  private stopFor(hits: readonly TextHit[]): void {
    const hit = hits.find((h) => h.action === 'stop');
    if (hit !== undefined) this.parts.onStop?.(hit.rule);
  }
}

/** Nobody hears these words: muted, or in a line that ends the room and is never scheduled. */
const isSilenced = ({ action }: TextHit): boolean => SILENCED.has(action) || action === 'stop';

const completesContact = (line: RundownLine): EngineError =>
  new EngineError('E_TEXT_REFUSED', {
    where: `line ${line.id}`,
    expected: 'a line that may be spoken whole',
    found: 'the rest of a contact that previous lines began',
  });

const nothingToHear = (line: RundownLine): EngineError =>
  new EngineError('E_SPEECH_FAILED', {
    where: `line ${line.id}`,
    expected: 'words that can be heard',
    found: 'silence: the voice reads no word of the text',
  });
