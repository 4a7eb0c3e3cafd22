import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { loadPresenter } from '../../../avatar/load-presenter.js';
import { readPackVoices } from '../../../avatar/presenter-pack.js';
import type { LiveRoomConfig } from '../../../config/live-room-config.js';
import { deepFreeze, resolvePack } from '../../../config/load-room.js';
import { absoluteIn } from '../../../config/product-files.js';
import { presenterChange } from '../../../config/presenter-change.js';
import { relativeIn } from '../../../config/relative-paths.js';
import { valueFault } from '../../../config/value-fault.js';
import { EngineError } from '../../../core/errors.js';
import { templatePath } from '../../../core/files/paths.js';
import type { BitmapId } from '../../../core/media/picture.js';
import type { PresenterHandle, PresenterState } from '../../../core/handles/presenter-handle.js';
import { SerialQueue } from '../../../core/serial-queue.js';
import { frameIndex, type FrameIndex } from '../../../core/time.js';
import { lineVoice } from '../../../director/show/line-voice.js';
import { refusePathsElsewhere } from '../../admission/asset-folders.js';
import type { RoomParts } from '../room-parts.js';
import type { EditHistory } from './edit-history.js';

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
 * scheduled line, by a cut; lines prepared from now on have its voice. The old bitmaps are freed at that frame.
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
    const { pack } = this.parts.live.room.presenter;
    const { dir } = this.parts.live.room;
    const packs = (await readdir(templatePath('presenters'), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const isOwn = dirname(pack) === templatePath('presenters');
    return { pack: isOwn ? basename(pack) : relativeIn(dir)(pack), atFrame: this.since, packs };
  }

  put(body: unknown): Promise<PresenterState> {
    return this.turns.take(async () => {
      const { live, history } = this.parts;
      const { room } = live;
      const pack = resolvePack(parse(body).pack, absoluteIn(room.dir));
      if (dirname(pack) !== templatePath('presenters')) await refusePathsElsewhere(room, 'presenter.pack', [pack]);
      const before = room.presenter.pack;
      if (pack !== before) {
        await this.apply(pack);
        history.register('presenter', () => this.turns.take(() => this.apply(before)));
      }
      return this.state();
    });
  }

  private async apply(pack: string): Promise<void> {
    const { live, scene, loop, ledger, runner, speech, voices, kernels, log, frame, soon } = this.parts;
    const { room } = live;
    const own = await readPackVoices(pack);
    const presenter = deepFreeze({ ...room.presenter, pack });
    const { language, voice, provider } = lineVoice({ ...room, presenter }, own, undefined);
    await speech.voiceFor(language, voice, provider);
    const { ffmpegPath, filmFeeder: feeder } = this.parts;
    const film = { ffmpegPath: async () => ffmpegPath, feeder };
    const data = await loadPresenter(pack, { box: scene.presenterBox(), kernels, log, ...film });
    // From here on nothing can fail.
    voices.replace(own);
    live.set({ presenter });
    const atFrame = frameIndex(Math.max(soon(), runner.plannedUntil));
    const bitmaps = data.sprites.map(({ id, bitmap }) => ({ id, bitmap }));
    const removeBitmaps = this.onStage.map((id) => ({ id, atFrame }));
    loop.send({ type: 'scene', update: { bitmaps, layers: [], ends: [], removeBitmaps } });
    loop.send({ type: 'presenter', presenter: data, atFrame });
    this.onStage = bitmaps.map(({ id }) => id);
    this.since = atFrame;
    this.parts.onStage.presenter = { digest: data.digest, sinceFrame: atFrame };
    this.parts.onChange();
    ledger.append({ kind: 'operator', action: 'presenter', frame: frame(), detail: { pack: basename(pack) } });
  }
}

function parse(body: unknown): { pack: string } {
  const result = presenterChange.safeParse(body ?? {});
  if (result.success) return result.data;
  const fault = valueFault(result.error.issues[0]!, body, presenterChange);
  const where = 'PUT /api/presenter';
  throw new EngineError('E_BAD_REQUEST', { ...fault, where: fault.where === '' ? where : `${where}: ${fault.where}` });
}
