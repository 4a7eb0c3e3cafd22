import type { RoomConfig } from '../../config/room-config.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { TextJudge } from '../../moderation/index.js';
import type { RuleActions } from '../../moderation/packs/index.js';
import { Admission } from '../../admission/admission.js';
import { admittedPictures } from '../../admission/admitted-pictures.js';
import { openKnownWords } from '../../admission/admitted-words.js';
import type { OnLoadStep } from '../start/load-step.js';
import { ownWords } from '../../admission/texts/own-words.js';

export interface OpenJudgesOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly log: Log;
  readonly actions: RuleActions;
  readonly note: (entry: LedgerEntry) => void;
  readonly yieldToGate: () => Promise<void>;
  readonly onStep?: OnLoadStep | undefined;
}

export interface Judges {
  /** The judge of texts. The first call builds it, which keeps the main thread busy for a while. */
  readonly judge: () => TextJudge;
  readonly admission: Admission;
}

/** Opens the judges of texts and of pictures. */
export function openJudges(
  { room, kernels, log, actions, note, yieldToGate, onStep }: OpenJudgesOptions,
  stack: CloseStack,
): Judges {
  let built: TextJudge | undefined;
  const judge = (): TextJudge => (built ??= new TextJudge({ actions, own: ownWords(room) }));
  const admission = stack.add(
    new Admission({
      kernels,
      log,
      ledger: note,
      get judge() {
        return judge();
      },
      room,
      admitted: admittedPictures(room, log),
      known: openKnownWords(log),
      yieldToGate,
      onProgress: onStep && ((done, of) => onStep({ step: 'pictures', done, of })),
    }),
  );
  admission.readsText = true;
  return { judge, admission };
}
