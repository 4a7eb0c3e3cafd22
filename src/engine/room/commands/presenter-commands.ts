import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { loadPresenter } from '../../../avatar/load-presenter.js';
import { looksOf } from '../../../avatar/cast/spec-pack.js';
import { readPackVoices, readPresenterCard } from '../../../avatar/presenter-pack.js';
import type { LiveRoomConfig } from '../../../config/live-room-config.js';
import { deepFreeze, resolvePack } from '../../../config/load-room.js';
import { absoluteIn } from '../../../config/product-files.js';
import { presenterChange } from '../../../config/presenter-change.js';
import { relativeIn } from '../../../config/relative-paths.js';
import type { Presenter } from '../../../config/sections/presenter.js';
import { valueFault } from '../../../config/value-fault.js';
import { EngineError } from '../../../core/errors.js';
import { templatePath } from '../../../core/files/paths.js';
import type { BitmapId } from '../../../core/media/picture.js';
import type { PresenterHandle, PresenterState } from '../../../core/handles/presenter-handle.js';
import { SerialQueue } from '../../../core/serial-queue.js';
import { frameIndex, millisecondsToFrames, type FrameIndex } from '../../../core/time.js';
import { lineVoice } from '../../../director/show/line-voice.js';
import { refusePathsElsewhere } from '../../admission/asset-folders.js';
import { lookOf, withHost } from '../room-assets.js';
import type { RoomParts } from '../room-parts.js';
import type { EditHistory } from './edit-history.js';

/** A change of clothes takes this long to fade in. */
const FADE_MS = 700;

export type PresenterParts = Pick<
  RoomParts,
  | 'scene'
  | 'loop'
  | 'ledger'
  | 'runner'
  | 'speech'
  | 'voices'
  | 'kernels'
  | 'presenterBitmaps'
  | 'onStage'
  | 'log'
  | 'ffmpegPath'
  | 'filmFeeder'
> & {
  /** The picture changes. */
  readonly onChange: () => void;
  readonly live: LiveRoomConfig;
  readonly history: EditHistory;
  readonly frame: () => FrameIndex;
  readonly soon: () => FrameIndex;
};

/**
 * Changes who presents.
 *
 * Problem: a presenter is a hundred bitmaps of forty megabytes, and a line must not begin with one face and voice and
 * end with another.
 * Rule: the new presenter is drawn at the layer's box before anything changes. It takes over in the frame after the last
 * scheduled line: by a cut, or by a fade when only its clothes change; lines prepared from now on have its voice. The
 * old bitmaps are freed once they are no longer shown.
 */
export class PresenterCommands implements PresenterHandle {
  private readonly turns = new SerialQueue();
  /** Bitmaps of the presenter on stage. */
  private onStage: readonly BitmapId[];
  private since: number | null = null;

  constructor(private readonly parts: PresenterParts) {
    this.onStage = parts.presenterBitmaps;
  }

  async state(): Promise<PresenterState> {
    const { pack, look } = this.parts.live.room.presenter;
    const { dir } = this.parts.live.room;
    const packs = (await readdir(templatePath('presenters'), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const isOwn = dirname(pack) === templatePath('presenters');
    const { spec } = await readPresenterCard(pack);
    return {
      pack: isOwn ? basename(pack) : relativeIn(dir)(pack),
      look: look ?? null,
      looks: spec === undefined ? [] : looksOf(spec),
      atFrame: this.since,
      packs,
    };
  }

  put(body: unknown): Promise<PresenterState> {
    return this.turns.take(async () => {
      const { live, history } = this.parts;
      const { room } = live;
      const change = parse(body);
      const before = { pack: room.presenter.pack, look: room.presenter.look };
      const pack = change.pack === undefined ? before.pack : resolvePack(change.pack, absoluteIn(room.dir));
      if (dirname(pack) !== templatePath('presenters')) await refusePathsElsewhere(room, 'presenter.pack', [pack]);
      // Another presenter comes in clothes of its own.
      const kept = pack === before.pack ? before.look : undefined;
      const look = change.look === undefined ? kept : (change.look ?? undefined);
      if (pack !== before.pack || JSON.stringify(look) !== JSON.stringify(before.look)) {
        await this.apply({ pack, look });
        history.register('presenter', () => this.turns.take(() => this.apply(before)));
      }
      return this.state();
    });
  }

  private async apply({ pack, look }: Pick<Presenter, 'pack' | 'look'>): Promise<void> {
    const { live, scene, loop, ledger, runner, speech, voices, kernels, log, frame, soon } = this.parts;
    const { room } = live;
    const own = await readPackVoices(pack);
    const { look: _before, ...rest } = room.presenter;
    const presenter = deepFreeze({ ...rest, pack, ...(look === undefined ? {} : { look }) });
    const fadeFrames = pack === room.presenter.pack ? millisecondsToFrames(FADE_MS, room.rate) : 0;
    const { language, voice, provider } = lineVoice({ ...room, presenter }, own, undefined);
    await speech.voiceFor(language, voice, provider);
    const { ffmpegPath, filmFeeder: feeder } = this.parts;
    const film = { ffmpegPath: async () => ffmpegPath, feeder };
    const data = await loadPresenter(pack, { box: scene.presenterBox(), kernels, log, ...lookOf(presenter), ...film });
    // From here on nothing can fail.
    voices.replace(own);
    live.set({ presenter });
    const atFrame = frameIndex(Math.max(soon(), runner.plannedUntil));
    const bitmaps = data.sprites.map(({ id, bitmap }) => ({ id, bitmap }));
    const goneAt = frameIndex(atFrame + fadeFrames);
    const removeBitmaps = this.onStage.map((id) => ({ id, atFrame: goneAt }));
    loop.send({ type: 'scene', update: { bitmaps, layers: [], ends: [], removeBitmaps } });
    loop.send({ type: 'presenter', presenter: data, atFrame, fadeFrames });
    this.onStage = bitmaps.map(({ id }) => id);
    this.since = atFrame;
    const { onStage } = this.parts;
    onStage.presenter = { digest: withHost(onStage.presenter.digest, data), sinceFrame: atFrame };
    this.parts.onChange();
    ledger.append({
      kind: 'operator',
      action: 'presenter',
      frame: frame(),
      detail: { pack: basename(pack), ...lookName(look) },
    });
  }
}

const lookName = (look: Presenter['look']): { look?: string } => {
  if (look === undefined) return {};
  return { look: typeof look === 'string' ? look : look.outfit.kind };
};

function parse(body: unknown): z.infer<typeof presenterChange> {
  const result = presenterChange.safeParse(body ?? {});
  if (result.success) return result.data;
  const fault = valueFault(result.error.issues[0]!, body, presenterChange);
  const where = 'PUT /api/presenter';
  throw new EngineError('E_BAD_REQUEST', { ...fault, where: fault.where === '' ? where : `${where}: ${fault.where}` });
}
