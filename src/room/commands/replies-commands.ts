import { isDeepStrictEqual } from 'node:util';
import { deepFreeze } from '../../config/load-room.js';
import type { LiveRoomConfig } from '../../config/room-config.js';
import { absoluteIn, layerAsWritten, mergePatch, resolveLayer } from '../../config/resolve-room.js';
import { REACTION_KINDS, replies as repliesSchema, type RepliesConfig } from '../../config/sections/replies.js';
import { valueFault } from '../../config/value-fault.js';
import { EngineError } from '../../core/errors.js';
import type { EditOptions } from '../../config/api/layers-handle.js';
import type { RepliesHandle } from '../../config/api/replies-handle.js';
import { COMMAND_LIMIT_MS, pointOfNoReturn, SerialQueue } from '../../core/serial-queue.js';
import type { FrameIndex } from '../../core/time.js';
import { Listings } from '../../show/listings.js';
import { withholds } from '../../show/line-notes.js';
import { expandWordings } from '../../writer/expand-wordings.js';
import { refusalReason } from '../../admission/texts/refuse-lines.js';
import { layerTexts } from '../../admission/texts/layer-texts.js';
import { refuseTexts } from '../../admission/texts/refuse-texts.js';
import { refuseFilesElsewhere } from '../../admission/asset-folders.js';
import type { RoomParts } from '../room-desk.js';
import type { EditHistory, Reversal } from './edit-history.js';

export interface RepliesParts extends Pick<RoomParts, 'judge' | 'ledger'> {
  readonly live: LiveRoomConfig;
  readonly history: EditHistory;
  readonly frame: () => FrameIndex;
  /** Answers by the new settings from now on. */
  readonly onChange: () => void;
}

/** A text that the room would speak to viewers. */
interface OwnText {
  readonly where: string;
  readonly text: string;
  readonly language: string | undefined;
  readonly surface: 'reply' | 'speech';
}

const WHERE = 'PATCH /api/replies';

/** Changes how viewers are greeted and answered while the room is on air. */
export class RepliesCommands implements RepliesHandle {
  private readonly turns = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: WHERE });

  constructor(private readonly parts: RepliesParts) {}

  state(): RepliesConfig {
    return written(this.parts.live.room.replies, this.parts.live.room.dir);
  }

  patch(patch: unknown, { gesture }: EditOptions = {}): Promise<RepliesConfig> {
    return this.turns.take(async (late) => {
      const { live, history } = this.parts;
      const before = live.room.replies;
      const after = await this.checked(mergePatch(this.state(), patch));
      if (isDeepStrictEqual(after, before)) return this.state();
      pointOfNoReturn(late);
      this.set(after);
      const setAgain =
        (to: RepliesConfig): Reversal =>
        (requireNewest) =>
          this.turns.take(async (signal) => {
            requireNewest();
            pointOfNoReturn(signal);
            this.set(to);
          });
      history.register({ what: 'replies', undo: setAgain(before), redo: setAgain(after), gesture });
      return this.state();
    });
  }

  private set(replies: RepliesConfig): void {
    const { live, ledger, frame, onChange } = this.parts;
    live.set({ replies });
    onChange();
    ledger.append({ kind: 'operator', action: 'replies', frame: frame(), detail: { rules: replies.rules.length } });
  }

  private async checked(body: unknown): Promise<RepliesConfig> {
    const { live } = this.parts;
    const { room } = live;
    const result = repliesSchema.safeParse(body);
    if (!result.success) {
      const fault = valueFault(result.error.issues[0]!, body, repliesSchema);
      throw new EngineError('E_BAD_REQUEST', { ...fault, where: `${WHERE}: ${fault.where}` });
    }
    const replies = result.data;
    const ids = new Set<string>();
    for (const [i, { id }] of replies.rules.entries()) {
      if (ids.has(id))
        throw new EngineError('E_BAD_REQUEST', {
          where: `${WHERE}: rules[${i}].id`,
          expected: 'each id once',
          found: `"${id}" again`,
        });
      ids.add(id);
    }
    const rules = replies.rules.map((rule) =>
      rule.layer === undefined ? rule : { ...rule, layer: resolveLayer(rule.layer, absoluteIn(room.dir)) },
    );
    for (const [i, { layer }] of rules.entries()) {
      if (layer === undefined) continue;
      await refuseFilesElsewhere(room, layer);
      this.refuseShown(layerTexts(layer, `rules[${i}].layer`));
    }
    this.refuseSpoken(ownTexts(replies), ownTexts(room.replies));
    return deepFreeze({ ...replies, rules });
  }

  private refuseShown(texts: Parameters<typeof refuseTexts>[2]): void {
    const { judge, live, ledger } = this.parts;
    refuseTexts(judge, live.room, texts, (entry) => void ledger.append(entry));
  }

  /** Texts that were there before do not keep people from changing others. */
  private refuseSpoken(texts: readonly OwnText[], known: readonly OwnText[]): void {
    const { judge, live } = this.parts;
    const { room } = live;
    const old = new Set(known.map(({ text }) => text));
    const listings = new Listings(room.products);
    for (const { where, text, language = room.language, surface } of texts) {
      if (old.has(text)) continue;
      // The value of a variable is judged when it is spoken.
      const fixed = text.replace(/\{[^{}]*\}/g, ' ');
      const hits = judge
        .judge(fixed, { surface, language, entry: listings.of(undefined, fixed) })
        .hits.filter(withholds);
      const [first] = hits;
      if (first === undefined) continue;
      throw new EngineError('E_TEXT_REFUSED', {
        where: `${WHERE}: ${where}`,
        expected: 'words that may be spoken to viewers',
        found: `"${first.match.slice(0, 60)}" (rule ${first.rule}, ${first.kind})`,
        todo: 'say it another way',
        details: { hits, reason: refusalReason(hits) },
      });
    }
  }
}

function ownTexts(replies: RepliesConfig): OwnText[] {
  const texts: OwnText[] = [];
  const answers = (where: string, list: RepliesConfig['stockLines']): void => {
    for (const [i, one] of list.entries()) {
      const { text, language } = typeof one === 'string' ? { text: one, language: undefined } : one;
      texts.push({ where: `${where}[${i}]`, text, language, surface: 'reply' });
    }
  };
  for (const [i, rule] of replies.rules.entries()) answers(`rules[${i}].answers`, rule.answers);
  answers('stockLines', replies.stockLines);
  for (const kind of REACTION_KINDS)
    for (const [language, { named, plain }] of Object.entries(replies.reactions[kind].texts))
      for (const text of expandWordings([...named, ...plain]))
        texts.push({ where: `reactions.${kind}.texts.${language}`, text, language, surface: 'speech' });
  for (const [i, { text, variants, language }] of replies.timedTalk.entries())
    for (const one of [text, ...variants])
      texts.push({ where: `timedTalk[${i}]`, text: one, language, surface: 'speech' });
  return texts;
}

const written = (replies: RepliesConfig, dir: string): RepliesConfig => ({
  ...replies,
  rules: replies.rules.map((rule) =>
    rule.layer === undefined ? rule : { ...rule, layer: layerAsWritten(rule.layer, dir) },
  ),
});
