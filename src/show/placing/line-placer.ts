import { lineActing } from '../../avatar/acting/line-acting.js';
import { mouthTrack } from '../../avatar/mouth-track.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { MuteSpan } from '../../core/speech.js';
import {
  type FrameIndex,
  frameIndex,
  framesToMilliseconds,
  frameToSample,
  millisecondsToFrames,
  sampleIndex,
} from '../../core/time.js';
import type { TextHit } from '../../core/verdict.js';
import type { Afterwards } from '../../moderation/index.js';
import { muteSpans } from '../../speech/mute-spans.js';
import { isSilenced, type LineNotes } from '../line-notes.js';
import { LineSchedule, type LineSlot, type PlaceOptions, type ScheduleMark } from '../line-schedule.js';
import { isAssistant } from '../line-voice.js';
import { isRefusedWhole } from '../prepare-line.js';
import type { RundownLine, SegmentChoice } from '../rundown.js';
import { ShotDirector } from '../shots/shot-director.js';
import type { CaptionCue, ContextMark, Findings, ShowContext } from '../show-captions.js';
import type { ReadyLine, ShowCommand, ShowParts } from '../show-command.js';
import { LineLayers } from './line-layers.js';

/** A scheduled line. */
export interface PlacedLine {
  readonly line: RundownLine;
  readonly slot: LineSlot;
  readonly ready: ReadyLine;
  readonly mutes: readonly MuteSpan[];
  readonly captionShown: boolean;
  /** Parts that it leaves to mute in the next line. */
  readonly afterwards: Afterwards | undefined;
  /** Set when it was cut: the frame at which it ends. */
  cutFrame?: FrameIndex;
  /** The show before it. */
  readonly before: { readonly schedule: ScheduleMark; readonly context: ContextMark };
}

/** First frame after a line. */
export const endOf = ({ slot, cutFrame }: Pick<PlacedLine, 'slot' | 'cutFrame'>): number => cutFrame ?? slot.endFrame;

/** A mouth that does not move: its voice is not the presenter's. */
const NO_MOUTH = { viseme: new Uint8Array(0), openness: new Uint8Array(0) };

/** The commands that make a line heard and its speaker move. */
export function speakCommands(
  { line, utterance, speech }: Pick<ReadyLine, 'line' | 'utterance' | 'speech'>,
  { startFrame, startSample }: LineSlot,
  mutes: readonly MuteSpan[],
  room: RoomConfig,
): ShowCommand[] {
  const { pcm, phonemes, words, loudnessLufs } = utterance;
  const isSecond = isAssistant(room, line.role);
  const offStage = isSecond && room.assistant?.pack === undefined;
  const role = isSecond ? ({ role: 'assistant' } as const) : {};
  const speak: ShowCommand = {
    type: 'speak',
    id: line.id,
    startFrame,
    startSample,
    pcm,
    loudnessLufs,
    mutes,
    tone: room.compliance.mutedSound === 'tone',
    verdict: speech.verdict,
    mouth: offStage ? NO_MOUTH : mouthTrack(phonemes, pcm.length, room.rate, 0, mutes),
    ...(offStage
      ? {}
      : { acting: lineActing({ text: line.text, isAnswer: line.judgedAs === 'reply', pcm, words }, room.rate) }),
    ...role,
  };
  if (line.gesture === 'none' || offStage) return [speak];
  return [speak, { type: 'gesture', atFrame: startFrame, gesture: line.gesture, ...role }];
}

/** Changes of product that are remembered; the horizon of the schedule holds a few. */
const MAX_CHANGES = 16;

/** The product on screen, as lines and the operator change it. */
export class ShownProduct {
  private readonly changes: { readonly frame: number; readonly id: string | null }[] = [];

  constructor(private readonly choice: SegmentChoice) {}

  /** The product that a line brings to the screen: the pinned one stays. Undefined keeps the current one. */
  of(wanted: string | null | undefined): string | null | undefined {
    return wanted === undefined ? undefined : (this.choice.pinned ?? wanted);
  }

  add(id: string | null, frame: number): void {
    if (this.changes.at(-1)?.id === id) return;
    this.changes.push({ frame, id });
    if (this.changes.length > MAX_CHANGES) this.changes.shift();
  }

  /** Null lets the script decide again. */
  pin(id: string | null, frame: number): void {
    this.choice.pinned = id;
    if (id !== null) this.add(id, frame);
  }

  at(frame: number): string | null {
    return this.changes.findLast((one) => one.frame <= frame)?.id ?? null;
  }
}

/** Minimum time in which a command reaches the loop before its frame is drawn. */
const COMMAND_MS = 67;
/** Fade at the end of a sentence, and of lines that have not begun. */
export const SHORT_FADE_SAMPLES = 480;
const MAX_PLACED = 16;

export interface LinePlacerOptions {
  readonly parts: Pick<
    ShowParts,
    'room' | 'rundown' | 'scene' | 'send' | 'stage' | 'log' | 'onProduct' | 'onPlaced' | 'onCut' | 'ledger'
  >;
  readonly notes: LineNotes;
  readonly context: ShowContext;
  readonly stopFor: (hits: readonly TextHit[]) => void;
}

/**
 * Sends lines to the loop, and takes them back.
 *
 * Problem: lines are scheduled two seconds ahead, so that the loop never waits; an urgent line must not wait for them,
 * and a cut must leave the context of the judge as viewers heard it.
 * Rule: a line that has not begun can be taken back: its sound, mouth, gesture, caption and layers never come, and the
 * context returns to the one before it. A change of product stays, since it has been drawn already. A cut line counts as
 * heard up to its last word, and as read wholly.
 */
export class LinePlacer {
  readonly schedule: LineSchedule;
  readonly layers: LineLayers;
  readonly shots: ShotDirector;
  private lines: PlacedLine[] = [];
  readonly shown: ShownProduct;

  constructor(private readonly options: LinePlacerOptions) {
    const { room, stage, log, rundown } = options.parts;
    this.shown = new ShownProduct(rundown.choice);
    this.shots = new ShotDirector(room);
    this.schedule = new LineSchedule(room.rate, room.script.gapMs);
    this.layers = new LineLayers({
      rate: room.rate,
      stage,
      onFault: (line, layer, error) => log.warn({ line, layer, reason: String(error) }, 'a line’s layer is not shown'),
    });
  }

  /** Lines on air or scheduled, in order, and the last ones that ended. */
  get placed(): readonly PlacedLine[] {
    return this.lines;
  }

  /** The line on air at frame n, if any. */
  at(n: FrameIndex): PlacedLine | undefined {
    return this.lines.find((one) => one.slot.startFrame <= n && n < endOf(one));
  }

  /** Lines on air or scheduled at frame n, in order. */
  from(n: FrameIndex): readonly PlacedLine[] {
    return this.lines.filter((one) => n < endOf(one));
  }

  /** The product on screen at frame n. */
  productAt(n: FrameIndex): string | null {
    return this.shown.at(n);
  }

  /** First frame that the loop draws after a command sent now. */
  reach(now: FrameIndex): FrameIndex {
    return this.later(now, COMMAND_MS);
  }

  later(frame: FrameIndex, ms: number): FrameIndex {
    return frameIndex(frame + millisecondsToFrames(ms, this.options.parts.room.rate));
  }

  /**
   * Schedules a line; false when it completes a contact and is refused. Steps that may fail come first: a line that is
   * not scheduled is not heard, and leaves no trace in the context.
   */
  async place(ready: ReadyLine, now: FrameIndex, options: PlaceOptions = {}): Promise<LineSlot | undefined> {
    const { scene, send, onProduct, room } = this.options.parts;
    const product = this.shown.of(ready.line.product);
    const findings = this.options.context.examine(ready);
    if (this.refuses(ready, findings)) return undefined;
    const before = { schedule: this.schedule.mark(), context: this.options.context.mark };
    const slot = this.take(ready, now, options);
    try {
      if (slot.productFrame !== undefined && product !== undefined) {
        send({ type: 'scene', update: await (await scene).product(product, slot.productFrame) });
        if (slot.productFrame > 0)
          send({ type: 'chime', chime: 'product', atSample: frameToSample(slot.productFrame, room.rate) });
        this.shown.add(product, slot.productFrame);
        onProduct?.(product, framesToMilliseconds(slot.productFrame - now, room.rate));
      }
      await this.cutTo(ready.line, slot, product);
      const cue = this.options.context.readCaption(ready, slot, findings);
      const update = cue && (await (await scene).caption(cue));
      this.speak(ready, slot, findings, before, cue, now);
      if (update !== undefined) send({ type: 'scene', update });
    } catch (error) {
      this.schedule.rewind(before.schedule);
      this.options.context.restore(before.context);
      throw error;
    }
    if (slot.moved && options.early !== true)
      this.options.parts.log.warn(
        { line: ready.line.id, frame: slot.startFrame },
        'a line was ready too late and has moved',
      );
    return slot;
  }

  /** Cuts to the shot that a line gives a reason for; the ledger records it. */
  private async cutTo(line: RundownLine, slot: LineSlot, changed: string | null | undefined): Promise<void> {
    const { scene, send, room, ledger } = this.options.parts;
    if (!this.shots.mayCut) return;
    const id = changed ?? this.shown.at(slot.startFrame);
    const product = room.products.find((one) => one.id === id);
    const { hasBeside } = await scene;
    const cut = this.shots.decide({ line, slot, product, hasBeside });
    if (cut === undefined) return;
    const { atFrame, shot, reason } = cut;
    send({ type: 'scene', update: (await scene).cut(atFrame, [{ atFrame, shot }]) });
    ledger({ kind: 'room', action: 'cut', frame: atFrame, detail: { shot, reason, line: line.id } });
  }

  /** Takes back the cuts of lines that do not come. */
  private async dropCuts(fromFrame: FrameIndex): Promise<void> {
    const { scene, send, ledger } = this.options.parts;
    if (!this.shots.dropFrom(fromFrame)) return;
    send({ type: 'scene', update: (await scene).cut(fromFrame, []) });
    ledger({ kind: 'room', action: 'cut-withdrawn', frame: fromFrame });
  }

  /** Takes back the last lines that begin at or after a frame and may be taken; in their order. */
  takeBack(from: FrameIndex, may: (one: PlacedLine) => boolean): PlacedLine[] {
    let first = this.lines.length;
    while (first > 0 && this.lines[first - 1]!.slot.startFrame >= from && may(this.lines[first - 1]!)) first -= 1;
    const taken = this.lines.splice(first);
    if (taken.length === 0) return taken;
    const { schedule, context } = taken[0]!.before;
    for (const one of taken) {
      const { startFrame, startSample } = one.slot;
      this.sendCut(one, startFrame, { atSample: startSample, fadeSamples: SHORT_FADE_SAMPLES });
    }
    this.schedule.rewind(schedule);
    this.options.context.restore(context);
    void this.clearCaptions(taken[0]!.slot.startFrame);
    void this.dropCuts(taken[0]!.slot.startFrame);
    return taken;
  }

  /** Forgets lines that have ended. */
  tidy(now: FrameIndex): void {
    this.layers.update(now);
    while (this.lines.length > MAX_PLACED || (this.lines.length > 1 && endOf(this.lines[0]!) < now)) this.lines.shift();
  }

  /** A line that has begun before a frame and lasts beyond it. */
  onAirBefore(n: FrameIndex): PlacedLine | undefined {
    return this.lines.find((one) => one.slot.startFrame < n && n < endOf(one));
  }

  /** Takes the next slot of the schedule. */
  take({ line, utterance }: ReadyLine, now: FrameIndex, options: PlaceOptions): LineSlot {
    const product = this.shown.of(line.product);
    return this.schedule.place({ samples: utterance.pcm.length, product, pauseMs: line.pauseMs }, now, options);
  }

  /** Whether a line from outside must not be spoken; the ledger records it. */
  refuses({ line, noted }: ReadyLine, { hits }: Findings): boolean {
    if (!isRefusedWhole(line) || !hits.some(isSilenced)) return false;
    this.options.notes.record(hits, line.judgedAs, 'refuse', { line, noted });
    return true;
  }

  /** Sends a line to the loop; it counts as heard. */
  speak(
    ready: ReadyLine,
    slot: LineSlot,
    findings: Findings,
    before: PlacedLine['before'],
    cue: CaptionCue | undefined,
    now: FrameIndex,
  ): void {
    const { room, send } = this.options.parts;
    const { line, utterance, rest, noted } = ready;
    const { hits, trail } = findings;
    this.options.context.hear(ready, findings);
    this.options.stopFor(hits);
    const tones = new Set(hits.filter((h) => h.action === 'tone').map((h) => h.rule));
    const found = muteSpans(utterance, trail.places).map((m) => (tones.has(m.rule) ? { ...m, tone: true } : m));
    const mutes = [...found, ...(rest?.mutes ?? [])];
    for (const command of speakCommands(ready, slot, mutes, room)) send(command);
    if (line.kind === 'order') send({ type: 'chime', chime: 'thanks', atSample: slot.startSample });
    this.layers.begin(line.id, line.layers, slot.startFrame, slot.endFrame);
    this.options.notes.record(hits, 'speech', 'mute', { line, slot, utterance, noted });
    if (rest === undefined && !noted.has(REMEMBERED)) this.options.notes.remember(line, slot);
    noted.add(REMEMBERED);
    const { afterwards } = this.options.context.mark;
    this.lines.push({ line, slot, ready, mutes, captionShown: cue !== undefined, afterwards, before });
    this.options.parts.onPlaced?.({ line, slot }, now);
  }

  /** Ends a line in the loop. */
  sendCut(
    { line, slot }: PlacedLine,
    atFrame: FrameIndex,
    { atSample, fadeSamples }: { readonly atSample: number; readonly fadeSamples: number },
  ): void {
    const { startFrame } = slot;
    this.options.parts.send({
      type: 'cut',
      id: line.id,
      startFrame,
      atFrame,
      atSample: sampleIndex(atSample),
      fadeSamples,
    });
    this.layers.end(line.id, atFrame);
    this.options.parts.onCut?.(line.id, atFrame);
  }

  /** Ends all captions by a frame. */
  async clearCaptions(atFrame: FrameIndex): Promise<void> {
    const { scene, send } = this.options.parts;
    send({ type: 'scene', update: (await scene).clearCaption(atFrame) });
  }
}

/** Marks a line whose words are remembered as said. */
const REMEMBERED = 'remembered';
