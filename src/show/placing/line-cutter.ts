import type { Utterance } from '../../core/speech.js';
import { frameIndex, type FrameIndex, frameToSample, millisecondsToFrames, SAMPLE_RATE_HZ } from '../../core/time.js';
import type { LineSlot } from '../line-schedule.js';
import type { RundownLine } from '../rundown.js';
import type { CaptionCue } from '../show-captions.js';
import type { ReadyLine } from '../show-command.js';
import { type LinePlacer, type LinePlacerOptions, type PlacedLine, SHORT_FADE_SAMPLES } from './line-placer.js';

/** A sentence of a spoken line: its offset in the text, and its sound. */
interface SpokenSentence {
  readonly startChar: number;
  readonly endChar: number;
  /** First sample of its first word. */
  readonly startSample: number;
  /** First sample after its last word. */
  readonly endSample: number;
}

/**
 * The sentences of an utterance, by its word times. A boundary whose word time is a guess does not count, since a cut
 * there could fall into a word: such a sentence is merged with the one before. One sentence when no word has a time.
 */
export function spokenSentences(utterance: Pick<Utterance, 'text' | 'language' | 'words' | 'pcm'>): SpokenSentence[] {
  const { text, words, pcm } = utterance;
  const whole = { startChar: 0, endChar: text.length, startSample: 0, endSample: pcm.length };
  const sentences: SpokenSentence[] = [];
  for (const { index } of segmenterFor(utterance.language).segment(text)) {
    const first = words.findIndex((w) => w.startChar >= index);
    const last = sentences.at(-1);
    if (last === undefined) {
      sentences.push(whole);
      continue;
    }
    if (first <= 0 || words[first]!.exact === false || index <= last.startChar) continue;
    const startSample = words[first]!.startSample;
    if (startSample <= last.startSample) continue;
    // The end of a word whose successor begins exactly is as good as that beginning.
    const endSample = Math.min(startSample, Math.max(last.startSample + 1, words[first - 1]!.endSample));
    sentences[sentences.length - 1] = { ...last, endChar: index, endSample };
    sentences.push({ ...whole, startChar: index, startSample });
  }
  return sentences.length === 0 ? [whole] : sentences;
}

/** The sentence being spoken at a sample; between two sentences, the next one. */
export const sentenceAt = (sentences: readonly SpokenSentence[], sample: number): SpokenSentence =>
  sentences.find((one) => sample < one.endSample) ?? sentences.at(-1)!;

/**
 * Where the heard part of a text may end when its sound fades between two samples: after each word that is heard at
 * least in part and not surely as a whole, the shortest first. A fading word may count for a listener or not.
 */
function heardEnds(
  { text, words }: Pick<Utterance, 'text' | 'words'>,
  fadesFrom: number,
  fadesTo: number,
): readonly number[] {
  if (words.length === 0) return [text.length];
  const ends = [0];
  for (const [i, word] of words.entries()) {
    // A guessed word may have begun earlier than its guess.
    if (word.startSample >= fadesTo && (word.exact !== false || i === 0)) break;
    if (word.endSample <= fadesFrom && words[i + 1]?.exact !== false) ends.length = 0;
    ends.push(word.endChar);
  }
  return ends;
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterFor(language: string): Intl.Segmenter {
  let found = segmenters.get(language);
  if (found === undefined) {
    const known = Intl.Segmenter.supportedLocalesOf([language]).length > 0 ? language : 'en';
    segmenters.set(language, (found = new Intl.Segmenter(known, { granularity: 'sentence' })));
  }
  return found;
}

/**
 * The rest of a cut line, from the beginning of a sentence.
 *
 * Problem: a rest that is judged and spoken again could be harmless by itself where it was not as a part of its line: an
 * account after the app, whose name was silenced before the cut.
 * Rule: the rest is the end of the same sound with the same silences; words heard in between can add more of them. A
 * caption that was withheld stays so.
 */
function restOfLine(
  ready: ReadyLine,
  { mutes, captionShown, afterwards }: Pick<PlacedLine, 'mutes' | 'captionShown' | 'afterwards'>,
  { startChar, startSample }: Pick<SpokenSentence, 'startChar' | 'startSample'>,
): ReadyLine {
  const { line, utterance, speech, caption, noted } = ready;
  const whole = line.caption === line.text;
  const text = line.text.slice(startChar);
  return {
    line: {
      ...line,
      id: nextId(line.id),
      text,
      caption: whole ? text : line.caption,
      gesture: 'none',
    },
    utterance: {
      ...utterance,
      text,
      pcm: utterance.pcm.subarray(startSample),
      words: utterance.words
        .filter((word) => word.startChar >= startChar)
        .map((word) => ({
          ...word,
          startChar: word.startChar - startChar,
          endChar: word.endChar - startChar,
          startSample: word.startSample - startSample,
          endSample: word.endSample - startSample,
        })),
      phonemes: utterance.phonemes
        .filter(({ endSample }) => endSample > startSample)
        .map((one) => ({
          ...one,
          startSample: Math.max(0, one.startSample - startSample),
          endSample: one.endSample - startSample,
        })),
    },
    speech: { ...speech, hits: after(speech.hits, startChar) },
    caption:
      captionShown && caption !== undefined
        ? whole
          ? { ...caption, hits: after(caption.hits, startChar) }
          : caption
        : undefined,
    rest: {
      afterwards,
      mutes: mutes
        .filter(({ endSample }) => endSample > startSample)
        .map((mute) => ({
          ...mute,
          startSample: Math.max(0, mute.startSample - startSample),
          endSample: mute.endSample - startSample,
        })),
    },
    noted,
  };
}

/** `s0.1.2`, `s0.1.2~1`, `s0.1.2~2`. */
function nextId(id: string): string {
  const [whole, times] = id.split('~');
  return `${whole}~${Number(times ?? 0) + 1}`;
}

/** Findings that reach into the rest, with offsets in the rest. */
function after<T extends { readonly start: number; readonly end: number }>(hits: readonly T[], startChar: number): T[] {
  return hits
    .filter(({ end }) => end > startChar)
    .map((hit) => ({ ...hit, start: Math.max(0, hit.start - startChar), end: hit.end - startChar }));
}

/** Fade of a line that is cut. */
const CUT_FADE_MS = 60;
/** A shorter remainder of a line does not come again. */
const MIN_REST_MS = 250;

/**
 * Cuts the line on air.
 *
 * Problem: a cut must leave the context of the judge as viewers heard it, whether or not they understood the word that
 * faded.
 * Rule: the line counts as heard up to its last word, and as read wholly; a line that cuts in is judged after each text
 * that may have been heard. Whoever cuts has its speech ready: nothing is awaited between cut and new line.
 * Numbers: a fade of 60 ms, the new line after it: four frames after the request at 30 fps.
 */
export class LineCutter {
  constructor(
    private readonly placer: LinePlacer,
    private readonly options: LinePlacerOptions,
  ) {}

  /**
   * Cuts in with a line: the line on air fades, scheduled ones are taken back, and the new line follows the fade. Its
   * caption comes when it is drawn. Undefined, with nothing changed, when the line is refused. `rest`: the remainder of
   * the cut line, from its sentence on.
   */
  interrupt(
    ready: ReadyLine,
    now: FrameIndex,
    cuts: (line: RundownLine) => boolean,
  ):
    | { readonly slot: LineSlot; readonly taken: readonly PlacedLine[]; readonly rest: ReadyLine | undefined }
    | undefined {
    const { context } = this.options;
    const cutFrame = this.placer.reach(now);
    const onAir = this.placer.onAirBefore(cutFrame);
    const victim = onAir !== undefined && cuts(onAir.line) ? onAir : undefined;
    const saved = context.mark;
    const first = this.placer.from(cutFrame).find(({ slot }) => slot.startFrame >= cutFrame);
    if (first !== undefined) context.restore(first.before.context);
    const ends = victim === undefined ? [] : this.heardEnds(victim, cutFrame);
    const contexts = ends.length === 0 ? [context.mark] : ends.map((end) => context.hearPart(victim!, end));
    for (const one of contexts) {
      context.restore(one);
      if (!this.placer.refuses(ready, context.examine(ready))) continue;
      context.restore(saved);
      return undefined;
    }
    const taken = this.placer.takeBack(cutFrame, () => true);
    const rest = victim && this.cut(victim, cutFrame);
    context.restore(contexts.at(-1)!);
    const findings = context.examine(ready);
    const before = { schedule: this.placer.schedule.mark(), context: context.mark };
    const slot = this.placer.take(ready, now, {
      early: true,
      earliest: victim === undefined ? cutFrame : this.placer.later(cutFrame, CUT_FADE_MS),
    });
    const cue = context.readCaption(ready, slot, findings);
    this.placer.speak(ready, slot, findings, before, cue, now);
    if (cue !== undefined) void this.showLate(ready.line, cue);
    return { slot, taken, rest };
  }

  /** Ends the line on air, at once or at the end of its sentence; undefined when it goes on to its end. */
  end(
    now: FrameIndex,
    atOnce: boolean,
  ): { readonly line: RundownLine; readonly taken: readonly PlacedLine[] } | undefined {
    const cutFrame = this.placer.reach(now);
    const victim = this.placer.onAirBefore(cutFrame);
    if (victim === undefined) return undefined;
    const { room } = this.options.parts;
    const into = frameToSample(cutFrame, room.rate) - victim.slot.startSample;
    const sentence = sentenceAt(spokenSentences(victim.ready.utterance), into);
    if (!atOnce && sentence.endChar >= victim.line.text.length) return undefined;
    const samples = frameToSample(frameIndex(1), room.rate);
    const endFrame = atOnce
      ? cutFrame
      : frameIndex(Math.max(cutFrame, victim.slot.startFrame + Math.ceil(sentence.endSample / samples)));
    if (endFrame >= victim.slot.endFrame) return undefined;
    const taken = this.placer.takeBack(cutFrame, () => true);
    this.options.context.hearPart(victim, this.heardEnds(victim, endFrame).at(-1)!);
    const atSample = victim.slot.startSample + sentence.endSample;
    this.cut(victim, endFrame, atOnce ? undefined : { atSample, fadeSamples: SHORT_FADE_SAMPLES });
    this.placer.schedule.notBefore(
      frameIndex(this.placer.schedule.nextFrame + millisecondsToFrames(this.placer.schedule.gapMs, room.rate)),
    );
    return { line: victim.line, taken };
  }

  /** Ends a line on air at a frame; returns its rest from the sentence in which it was cut, if much is left. */
  private cut(
    victim: PlacedLine,
    atFrame: FrameIndex,
    sound?: { readonly atSample: number; readonly fadeSamples: number },
  ): ReadyLine | undefined {
    const { room, ledger } = this.options.parts;
    const fadeFrames = millisecondsToFrames(CUT_FADE_MS, room.rate);
    this.placer.sendCut(
      victim,
      atFrame,
      sound ?? {
        atSample: frameToSample(atFrame, room.rate),
        fadeSamples: frameToSample(frameIndex(fadeFrames), room.rate),
      },
    );
    victim.cutFrame = frameIndex(atFrame + (sound === undefined ? fadeFrames : 1));
    this.placer.schedule.endAt(victim.cutFrame);
    void this.placer.clearCaptions(atFrame);
    ledger({ kind: 'room', action: 'line-cut', frame: atFrame, detail: { line: victim.line.id } });
    const into = frameToSample(atFrame, room.rate) - victim.slot.startSample;
    const { utterance } = victim.ready;
    if (utterance.pcm.length - into < (MIN_REST_MS * SAMPLE_RATE_HZ) / 1000) return undefined;
    return restOfLine(victim.ready, victim, sentenceAt(spokenSentences(utterance), into));
  }

  /** Where the heard part of a line may end when it fades from a frame on. */
  private heardEnds({ ready, slot }: PlacedLine, atFrame: FrameIndex): readonly number[] {
    const { rate } = this.options.parts.room;
    const from = frameToSample(atFrame, rate) - slot.startSample;
    return heardEnds(ready.utterance, from, from + frameToSample(this.placer.later(frameIndex(0), CUT_FADE_MS), rate));
  }

  private async showLate(line: RundownLine, cue: CaptionCue): Promise<void> {
    const { scene, send, log } = this.options.parts;
    try {
      send({ type: 'scene', update: await (await scene).caption(cue) });
    } catch (error) {
      log.warn({ line: line.id, reason: String(error) }, 'an interrupting line has no caption');
    }
  }
}
