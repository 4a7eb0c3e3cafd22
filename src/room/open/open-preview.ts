import { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import type { RoomConfig } from '../../config/room-config.js';
import { CloseStack } from '../../core/close-stack.js';
import { silentLog } from '../../core/log.js';
import type { PreviewedAnswer } from '../../config/api/events-handle.js';
import { TextJudge } from '../../moderation/index.js';
import { spokenText } from '../../speech/spoken-text.js';
import { ownWords, ruleActions } from '../../admission/texts/room-rule-actions.js';
import { openAnswers } from './open-answers.js';

export interface Preview {
  of(comment: string): Promise<PreviewedAnswer>;
  close(): Promise<void>;
}

/** The answers of a room that is not on air. */
export function openPreview(room: RoomConfig, productNow = room.products[0]?.id ?? null): Preview {
  const stack = new CloseStack(silentLog);
  const own = ownWords(room);
  const { make } = openAnswers(
    {
      room,
      judge: {
        judge: new TextJudge({ actions: ruleActions(room, silentLog), ...(own === undefined ? {} : { own }) }),
        spoken: (text, language) => spokenText(text, language),
        spam: new ReplyWatch(room.compliance.watch.replies),
        note: () => undefined,
      },
      agenda: { add: () => undefined },
      productNow: () => productNow,
      nowMs: () => performance.now(),
      timeoutMs: 20_000,
      perSecond: Infinity,
      log: silentLog,
    },
    stack,
  );
  const { preview } = make(room.replies);
  return { of: (comment) => preview.of(comment), close: () => stack.close() };
}
