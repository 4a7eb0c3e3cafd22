/**
 * Sends each line's sound to LiveTalking, as a file.
 *
 * Problem: the other engine needs time from sound to picture, may be slow or away, and must never hold the show; it must
 * hear no word that viewers do not hear.
 * Rule: a line is sent `leadMs` before its first sample, in order, one at a time, with silence where it is muted. A line
 * that is cut is not sent, or the engine is told to stop. Errors are counted; nothing is sent again, since its time is
 * over.
 * Numbers: at most 16 lines wait; 5 s for an answer.
 */
import { monoWav } from '../../audio/mono-wav.js';
import type { AvatarSpeechState } from '../../config/api/avatar-handle.js';
import { Resampler } from '../../core/audio/resample.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { heldFetch } from '../../core/net/held-fetch.js';
import { RateLimited, TimeLimit } from '../../core/sleep.js';
import { SAMPLE_RATE_HZ } from '../../core/time.js';
import type { ShowCommand } from '../../show/show-command.js';

export type SpeakCommand = Extract<ShowCommand, { type: 'speak' }>;
export type CutCommand = Extract<ShowCommand, { type: 'cut' }>;

/** Sends the show's speech to the engine of an external avatar, so that its lips follow. */
export interface AvatarSpeech extends Closeable {
  take(command: ShowCommand): void;
  state(): AvatarSpeechState;
}

/** Whether the host's lips move: a voice without a face on stage has no lips, and the assistant has its own. */
export const movesHostLips = ({ mouth, role }: SpeakCommand): boolean =>
  mouth.viseme.length > 0 && role !== 'assistant';

/** The rate that LiveTalking resamples to. */
const RATE_HZ = 16_000;
const MAX_WAITING = 16;
const MAX_ANSWER_BYTES = 4096;
const ANSWER_MS = 5000;
const TOLD_MS = 60_000;

interface LiveTalkingSpeechOptions {
  /** Address before "/humanaudio". */
  readonly baseUrl: string;
  readonly sessionId: string;
  readonly token: string | undefined;
  readonly leadMs: number;
  /** Time until a frame is on air. */
  readonly untilMs: (frame: number) => number;
  readonly log: Log;
}

interface Waiting {
  readonly wav: Buffer<ArrayBuffer>;
  timer: NodeJS.Timeout | undefined;
}

export class LiveTalkingSpeech implements AvatarSpeech {
  private readonly waiting = new Map<string, Waiting>();
  private readonly stop = new AbortController();
  private readonly due = new RateLimited(TOLD_MS);
  private order: Promise<void> = Promise.resolve();
  private posting = 0;
  private speaking: string | undefined;
  private counts = { sent: 0, failed: 0, dropped: 0 };
  private lastError = '';

  constructor(private readonly options: LiveTalkingSpeechOptions) {}

  state(): AvatarSpeechState {
    return { ...this.counts, lastError: this.lastError, link: null };
  }

  take(command: ShowCommand): void {
    if (this.stop.signal.aborted) return;
    if (command.type === 'speak' && movesHostLips(command)) this.speak(command);
    else if (command.type === 'cut') this.cut(command.id);
  }

  async close(): Promise<void> {
    this.stop.abort();
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    await this.order;
  }

  private speak({ id, pcm, mutes, startFrame }: SpeakCommand): void {
    if (this.waiting.size + this.posting >= MAX_WAITING) {
      this.counts.dropped += 1;
      return;
    }
    const heard = Float32Array.from(pcm);
    for (const { startSample, endSample } of mutes) heard.fill(0, startSample, endSample);
    const one: Waiting = {
      wav: monoWav(new Resampler(SAMPLE_RATE_HZ, RATE_HZ).convert(heard), RATE_HZ),
      timer: undefined,
    };
    this.waiting.set(id, one);
    one.timer = setTimeout(
      () => {
        this.waiting.delete(id);
        this.speaking = id;
        const form = new FormData();
        form.set('sessionid', this.options.sessionId);
        form.set('file', new Blob([one.wav], { type: 'audio/wav' }), 'line.wav');
        this.post('/humanaudio', form, true);
      },
      Math.max(0, this.options.untilMs(startFrame) - this.options.leadMs),
    );
  }

  private cut(id: string): void {
    const one = this.waiting.get(id);
    if (one !== undefined) {
      clearTimeout(one.timer);
      this.waiting.delete(id);
    } else if (this.speaking === id) {
      this.speaking = undefined;
      this.post('/interrupt_talk', JSON.stringify({ sessionid: this.options.sessionId }), false);
    }
  }

  private post(path: string, body: FormData | string, isLine: boolean): void {
    this.posting += 1;
    this.order = this.order
      .then(() => this.send(path, body))
      .then((error) => {
        this.posting -= 1;
        if (this.stop.signal.aborted) return;
        this.lastError = error;
        if (error === '') this.counts.sent += isLine ? 1 : 0;
        else this.counts.failed += 1;
        if (error !== '' && this.due.due)
          this.options.log.warn({ error, path }, 'the external avatar does not take speech; its lips do not follow');
      });
  }

  private async send(path: string, body: FormData | string): Promise<string> {
    const { baseUrl, token } = this.options;
    const limit = new TimeLimit(ANSWER_MS, this.stop.signal);
    try {
      const reply = await heldFetch(baseUrl.replace(/\/+$/, '') + path, {
        method: 'POST',
        body,
        redirect: 'error',
        headers: {
          ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        signal: limit.signal,
      });
      const text = await reply.beginning(MAX_ANSWER_BYTES);
      if (!reply.ok) return `status ${reply.status}`;
      // LiveTalking answers errors with status 200.
      return /"code"\s*:\s*-1/.test(text) ? 'refused by the avatar’s engine' : '';
    } catch (e) {
      return e instanceof Error
        ? (((e.cause as NodeJS.ErrnoException | undefined)?.code ?? e.name) as string)
        : 'failed';
    } finally {
      limit.end();
    }
  }
}
