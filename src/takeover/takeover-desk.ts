import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type {
  TakeoverAudio,
  TakeoverHandle,
  TakeoverMode,
  TakeoverSnapshot,
  TakeoverVoice,
} from '../config/api/takeover-handle.js';
import type { SayResult } from '../config/api/desk-handle.js';
import type { LineRequest } from '../show/agenda/agenda.js';
import type { TakeoverParts, VoiceLink } from './takeover-parts.js';
import { playRecording, type PlayedRecording } from './play-recording.js';
import { randomBytes } from 'node:crypto';
import { LiveVoice } from './live-voice.js';

/** Lines that never come between a person's lines, and answers, which do by setting. */
const HELD: readonly LineRequest['kind'][] = ['timed', 'filler'];
const REPLIES: readonly LineRequest['kind'][] = ['urgent', 'order', 'reply'];
const LOOK_MS = 1000;
/** How long the page and the alarm report a takeover that ended by itself. */
const TOLD_MS = 60_000;

interface MicrophoneOptions extends Pick<
  TakeoverParts,
  'agenda' | 'config' | 'language' | 'link' | 'log' | 'note' | 'nowMs'
> {
  readonly recogniser: NonNullable<TakeoverParts['recogniser']>;
  readonly onSpeech: () => void;
}

/** A microphone with its delay window. */
class Microphone implements Closeable {
  readonly id = randomBytes(12).toString('hex');
  private readonly voice: LiveVoice;
  private link: VoiceLink | undefined;
  private gone = false;

  constructor(private readonly options: MicrophoneOptions) {
    this.voice = new LiveVoice({ ...options, delayMs: options.config.delayMs });
  }

  snapshot(): TakeoverVoice {
    const connected = !this.gone && this.link?.connected === true;
    return { connected, delayMs: this.options.config.delayMs, ...this.voice.counts };
  }

  /** Throws E_SDP_INVALID. */
  async answer(sdp: string): Promise<{ id: string; answer: string }> {
    const { link, log } = this.options;
    const opened = await link({
      onPcm: (pcm) => this.voice.push(pcm),
      onGone: (reason) => {
        if (this.gone) return;
        log.info({ reason }, 'the microphone of the takeover is gone');
        void this.hangUp();
      },
    });
    this.link = opened;
    if (this.gone) {
      await opened.close();
      throw new EngineError('E_TAKEOVER_OFF', {
        where: 'takeover',
        expected: 'a takeover that goes on while the microphone connects',
        found: 'its end',
      });
    }
    try {
      return { id: this.id, answer: await this.link.answer(sdp) };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** The pieces so far are still heard. */
  async hangUp(): Promise<void> {
    if (this.gone) return;
    this.gone = true;
    await this.link?.close();
    this.voice.end();
  }

  drained(): Promise<void> {
    return this.voice.drained();
  }

  async close(): Promise<void> {
    await this.hangUp();
    this.voice.close();
  }
}

/**
 * A person in place of the script.
 *
 * Rule: while it lasts the script is held after the line on air, fillers and timed talk wait, and answers to viewers wait or
 * go on by setting. Everything the person says is a line of the agenda, judged like every line. It ends when it is given
 * back, when the person is silent for too long, and with the engine: nothing of it is kept. A script that was held before
 * stays held.
 */
export class TakeoverDesk implements TakeoverHandle, Closeable {
  private mode: TakeoverMode | undefined;
  private beganMs = 0;
  private activeMs = 0;
  private timedOutMs = -Infinity;
  private wasHeld = false;
  private finishing: Promise<void> = Promise.resolve();
  private readonly recordings = new Set<PlayedRecording>();
  private microphone: Microphone | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly stop = new AbortController();

  constructor(private readonly parts: TakeoverParts) {
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  state(): TakeoverSnapshot {
    const { config, recogniser, noVoice, nowMs } = this.parts;
    const on = this.mode !== undefined;
    return {
      on,
      mode: this.mode ?? null,
      lastedMs: on ? Math.round(nowMs() - this.beganMs) : 0,
      idleMs: on ? Math.round(nowMs() - this.activeMs) : 0,
      repliesWait: on && config.replies === 'wait',
      timedOut: nowMs() - this.timedOutMs < TOLD_MS,
      recogniser: recogniser?.name ?? null,
      noVoice,
      voice: this.microphone?.snapshot() ?? null,
      quickPhrases: config.quickPhrases.map(({ id, text }) => ({ id, text })),
    };
  }

  async begin(mode: TakeoverMode): Promise<TakeoverSnapshot> {
    const recogniser = mode === 'text' ? undefined : this.requireRecogniser();
    const { avatarLink } = this.parts;
    if (mode === 'avatar' && avatarLink === undefined)
      throw new EngineError('E_AVATAR_OFF', {
        where: 'takeover',
        expected: 'a presenter whose pictures and sound come from another engine',
        found: 'a presenter of the room’s own',
        todo: 'POST /api/takeover {"mode": "microphone"}',
      });
    await this.finishing;
    const { runner, agenda, config, nowMs, operated } = this.parts;
    const before = this.mode;
    this.mode = mode;
    this.activeMs = nowMs();
    this.timedOutMs = -Infinity;
    if (mode !== before) await this.microphone?.close();
    if (before === undefined) {
      this.beganMs = this.activeMs;
      this.wasHeld = runner.paused;
      agenda.hold(config.replies === 'wait' ? [...HELD, ...REPLIES] : HELD);
      await runner.pause();
    }
    if (before !== mode) operated('takeover', { mode });
    if (mode === 'avatar' && before !== mode) await this.listen(recogniser!, avatarLink!).answer('');
    return this.state();
  }

  async end(): Promise<TakeoverSnapshot> {
    this.finish('given back');
    return this.state();
  }

  async say(what: Parameters<TakeoverHandle['say']>[0]): Promise<SayResult> {
    this.requireOn();
    const { config, say } = this.parts;
    if ('text' in what) return say(what.text, what.language);
    const phrase = config.quickPhrases.find(({ id }) => id === what.phrase);
    if (phrase === undefined) {
      const ids = config.quickPhrases.map(({ id }) => id).join(', ');
      throw new EngineError('E_NOT_FOUND', {
        where: 'takeover.quickPhrases',
        expected: ids === '' ? 'no phrase: the room has none' : `one of ${ids}`,
        found: `"${what.phrase}"`,
      });
    }
    return say(phrase.text, phrase.language);
  }

  async audio(bytes: Buffer, text?: string): Promise<TakeoverAudio> {
    this.requireOn();
    const recogniser = this.requireRecogniser();
    this.activeMs = this.parts.nowMs();
    const recording = await playRecording({ ...this.parts, recogniser }, bytes, text, this.stop.signal, () => {
      this.requireOn();
      this.activeMs = this.parts.nowMs();
    });
    this.recordings.add(recording);
    void recording.done.then(() => this.recordings.delete(recording));
    return recording.answer;
  }

  async offer(sdp: string): Promise<{ id: string; answer: string }> {
    const recogniser = this.requireRecogniser();
    this.requireOn('microphone');
    const { parts } = this;
    await this.microphone?.close();
    return this.listen(recogniser, parts.link).answer(sdp);
  }

  private listen(recogniser: NonNullable<TakeoverParts['recogniser']>, link: TakeoverParts['link']): Microphone {
    const { parts } = this;
    this.microphone = new Microphone({
      ...parts,
      link,
      recogniser,
      onSpeech: () => (this.activeMs = parts.nowMs()),
    });
    return this.microphone;
  }

  async hangUp(id: string): Promise<void> {
    const { microphone } = this;
    if (microphone?.id !== id)
      throw new EngineError('E_NOT_FOUND', { where: 'WHIP session', expected: 'the open session', found: `"${id}"` });
    await microphone.hangUp();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort();
    this.mode = undefined;
    for (const recording of this.recordings) recording.stop();
    await this.microphone?.close();
    await this.parts.recogniser?.close();
  }

  /** The first line that was said, or any other, shows that somebody is there. */
  touch(): void {
    this.activeMs = this.parts.nowMs();
  }

  private look(): void {
    const { config, nowMs, log } = this.parts;
    if (this.mode === undefined) return;
    if (this.recordings.size > 0) this.activeMs = nowMs();
    if (nowMs() - this.activeMs < config.maxIdleMs) return;
    log.warn({ idleMs: config.maxIdleMs, mode: this.mode }, 'a takeover was silent for too long: the script goes on');
    this.timedOutMs = nowMs();
    this.finish('silent for too long');
  }

  /** Words that were spoken before the end are heard before the script goes on. */
  private finish(reason: string): void {
    if (this.mode === undefined) return;
    const { runner, agenda, operated, log } = this.parts;
    this.mode = undefined;
    for (const recording of this.recordings) recording.stop();
    operated('takeover-end', { reason });
    const { microphone, wasHeld } = this;
    this.finishing = (async () => {
      await microphone?.hangUp();
      await microphone?.drained();
      agenda.hold([]);
      if (!wasHeld) await runner.resume();
    })().catch((error: unknown) => {
      if (!this.stop.signal.aborted) log.error({ error: String(error) }, 'the script could not go on after a takeover');
    });
  }

  private requireOn(mode?: TakeoverMode): void {
    if (this.mode !== undefined && (mode === undefined || mode === this.mode)) return;
    throw new EngineError('E_TAKEOVER_OFF', {
      where: 'takeover',
      expected: mode === undefined ? 'a takeover' : `a takeover with the mode "${mode}"`,
      found: this.mode === undefined ? 'none' : `the mode "${this.mode}"`,
      todo: `POST /api/takeover {"mode": "${mode ?? 'text'}"}`,
    });
  }

  private requireRecogniser(): NonNullable<TakeoverParts['recogniser']> {
    const { recogniser, noVoice } = this.parts;
    if (recogniser !== undefined) return recogniser;
    throw new EngineError('E_RECOGNISER_MISSING', {
      where: 'takeover',
      expected: 'a speech recogniser, so that the words of a voice can be judged',
      found: noVoice,
      todo: 'add the section recogniser to the room file, or take over with typed lines',
    });
  }
}
