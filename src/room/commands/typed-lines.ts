import type { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import type { SayOptions, SayResult } from '../../core/room-handle.js';
import type { RoomParts } from '../room-parts.js';
import { refuseLanguage } from './refuse-language.js';
import { sayLine } from './say-line.js';

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
