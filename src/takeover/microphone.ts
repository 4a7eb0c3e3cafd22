import { randomBytes } from 'node:crypto';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { TakeoverVoice } from '../config/api/takeover-handle.js';
import { LiveVoice } from './live-voice.js';
import type { TakeoverParts, VoiceLink } from './takeover-parts.js';

export interface MicrophoneOptions extends Pick<
  TakeoverParts,
  'agenda' | 'config' | 'language' | 'link' | 'log' | 'note' | 'nowMs'
> {
  readonly recogniser: NonNullable<TakeoverParts['recogniser']>;
  readonly onSpeech: () => void;
}

/** A microphone with its delay window. */
export class Microphone implements Closeable {
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
