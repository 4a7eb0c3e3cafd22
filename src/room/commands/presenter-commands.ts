import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { FilmRing } from '../../avatar/filmed/film-ring.js';
import { loadPresenter } from '../../avatar/load-presenter.js';
import { looksOf } from '../../cast/spec-pack.js';
import type { PresenterData } from '../../avatar/presenter-data.js';
import { isFilmedPack, readPackVoices, readPresenterCard } from '../../avatar/presenter-pack.js';
import type { Layer } from '../../config/sections/layer.js';
import type { RoomConfig, LiveRoomConfig, LiveSections } from '../../config/room-config.js';
import { deepFreeze } from '../../config/load-room.js';
import { absoluteIn, relativeIn, resolvePack } from '../../config/resolve-room.js';
import { presenterChange, type PresenterHandle, type PresenterState } from '../../config/api/presenter-handle.js';
import { valueFault } from '../../config/value-fault.js';
import { EngineError } from '../../core/errors.js';
import { templatePath } from '../../core/files/paths.js';
import type { BitmapId } from '../../core/media/picture.js';
import { COMMAND_LIMIT_MS, pointOfNoReturn, SerialQueue } from '../../core/serial-queue.js';
import { sleep } from '../../core/sleep.js';
import { frameIndex, millisecondsToFrames, type FrameIndex } from '../../core/time.js';
import type { SpeakerRole } from '../../show/agenda/agenda.js';
import { lineVoice } from '../../show/line-voice.js';
import { refusePathsElsewhere } from '../../admission/asset-folders.js';
import { admitPerson } from '../start/admit-stage.js';
import { lookOf, withAssistant, withHost } from '../../stage/room-assets.js';
import type { RoomParts } from '../room-desk.js';
import { assistantBox, presenterBox } from '../../scene/place-box.js';
import type { Presenter } from '../../config/sections/presenter.js';
import type { Voice } from '../../config/sections/voice.js';
import type { EditHistory, Reversal } from './edit-history.js';
import { patchedVoice } from './audio-commands.js';

/** Who stands, and speaks, in a role. */
interface PersonOnStage {
  /** Undefined: a voice without a face. */
  readonly pack: string | undefined;
  readonly look: Presenter['look'] | undefined;
  readonly voice: Voice;
}

/** Throws E_BAD_REQUEST for an assistant that the room does not have. */
function knownPerson(room: Pick<RoomConfig, 'presenter' | 'assistant'>, role: SpeakerRole): PersonOnStage {
  const found = role === 'host' ? room.presenter : room.assistant;
  if (found !== undefined) return { pack: found.pack, look: found.look, voice: found.voice };
  throw new EngineError('E_BAD_REQUEST', {
    where: 'PUT /api/presenter: role',
    expected: '"host": the room has no assistant',
    found: '"assistant"',
    todo: 'add `assistant` to the room file, and start the room again',
  });
}

/** The room's section with another person. */
function withPerson(
  { presenter, assistant }: Pick<RoomConfig, 'presenter' | 'assistant'>,
  role: SpeakerRole,
  { pack, look, voice }: PersonOnStage,
): Pick<LiveSections, 'presenter'> | Pick<LiveSections, 'assistant'> {
  const clothes = look === undefined ? {} : { look };
  if (role === 'host') {
    const { look: _before, ...rest } = presenter;
    return { presenter: { ...rest, pack: pack!, voice, ...clothes } };
  }
  const { look: _before, pack: _pack, ...rest } = assistant!;
  return { assistant: { ...rest, voice, ...clothes, ...(pack === undefined ? {} : { pack }) } };
}

/** A change of clothes takes this long to fade in. */
const FADE_MS = 700;
/** The longest time for the line on air and those scheduled behind it. */
const MAX_WAIT_MS = 90_000;
const POLL_MS = 50;

export type PresenterParts = Pick<
  RoomParts,
  | 'loop'
  | 'scene'
  | 'ledger'
  | 'runner'
  | 'speech'
  | 'voices'
  | 'assistantVoices'
  | 'kernels'
  | 'presenterBitmaps'
  | 'assistantBitmaps'
  | 'onStage'
  | 'log'
  | 'ffmpegPath'
  | 'filmFeeder'
  | 'admission'
  | 'outputs'
> & {
  /** The picture changes. */
  readonly onChange: () => void;
  readonly live: LiveRoomConfig;
  readonly history: EditHistory;
  readonly frame: () => FrameIndex;
  readonly soon: () => FrameIndex;
  readonly signal: AbortSignal;
};

/**
 * Changes who presents, and who assists.
 *
 * Problem: a presenter is a hundred bitmaps of forty megabytes, and a line must not begin with one face and voice and
 * end with another.
 * Rule: the new person is drawn at the layer's box before anything changes. It takes over behind the line on air: by a cut, or by a
 * fade when only its clothes change; every line after that has its voice. Without an output nobody listens, as in the
 * studio's preview: the line on air is cut. The old bitmaps are freed once they are no longer shown.
 */
export class PresenterCommands implements PresenterHandle {
  private readonly turns = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: 'PUT /api/presenter' });
  /** Bitmaps of the people on stage. */
  private readonly bitmaps: Record<SpeakerRole, readonly BitmapId[]>;
  private readonly since: Record<SpeakerRole, number | null> = { host: null, assistant: null };
  /** Share of a person that is being drawn for the first time. */
  private drawn: number | null = null;

  constructor(private readonly parts: PresenterParts) {
    this.bitmaps = { host: parts.presenterBitmaps, assistant: parts.assistantBitmaps };
  }

  async state(): Promise<PresenterState> {
    const { room } = this.parts.live;
    const packs = (await readdir(templatePath('presenters'), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const { assistant } = room;
    return {
      ...(await this.stateOf(room.presenter.pack, room.presenter)),
      atFrame: this.since.host,
      assistant:
        assistant === undefined
          ? null
          : {
              ...(await this.stateOf(assistant.pack, assistant)),
              voice: assistant.voice,
              atFrame: this.since.assistant,
            },
      packs,
      drawing: this.drawn,
    };
  }

  put(body: unknown): Promise<PresenterState> {
    return this.turns.take(async (signal) => {
      const { live, history } = this.parts;
      const { room } = live;
      const { role = 'host', ...change } = parse(body);
      const before = knownPerson(room, role);
      const pack = change.pack === undefined ? before.pack : resolvePack(change.pack, absoluteIn(room.dir));
      if (pack !== undefined && dirname(pack) !== templatePath('presenters'))
        await refusePathsElsewhere(room, `${role === 'host' ? 'presenter' : 'assistant'}.pack`, [pack]);
      // Another presenter comes in clothes of its own.
      const kept = pack === before.pack ? before.look : undefined;
      const look = change.look === undefined ? kept : (change.look ?? undefined);
      const after = { pack, look, voice: patchedVoice(before.voice, change.voice, 'PUT /api/presenter') };
      if (!isDeepStrictEqual(after, before)) {
        await this.apply(role, after, signal);
        const name = role === 'host' ? 'presenter' : 'assistant';
        const applyAgain =
          (person: PersonOnStage): Reversal =>
          (requireNewest) =>
            this.turns.take((late) => {
              requireNewest();
              return this.apply(role, person, late);
            });
        history.register({ what: name, undo: applyAgain(before), redo: applyAgain(after) });
      }
      return this.state();
    });
  }

  /** Moves a person, or draws them at another size; returns the first frame at the new place. */
  place(layer: Layer, late: AbortSignal): Promise<FrameIndex> {
    const role: SpeakerRole = layer.type === 'assistant' ? 'assistant' : 'host';
    return this.turns.take(async () => {
      await this.settled(role);
      const { live, scene, loop, soon, onChange } = this.parts;
      const { room } = live;
      const person = knownPerson(room, role);
      const before = room.layers;
      const boxBefore = boxOf(role, room);
      if (role === 'host' && room.presenter.source !== undefined && room.presenter.source !== 'pack')
        throw otherEngine(layer.id);
      live.set({ layers: deepFreeze(before.map((one) => (one.id === layer.id ? layer : one))) });
      let data: PresenterData | undefined;
      try {
        const isSeen = person.pack !== undefined && !isDeepStrictEqual(boxBefore, boxOf(role, room));
        data = isSeen ? await this.admitted(role, person.pack, person, late) : undefined;
      } catch (error) {
        live.set({ layers: before });
        throw error;
      }
      if (data === undefined) pointOfNoReturn(late);
      const update = await scene.placePerson(layer, soon());
      const atFrame = soon();
      if (data !== undefined) this.send(role, data, atFrame, 0);
      loop.send({ type: 'scene', update });
      onChange();
      return atFrame;
    });
  }

  private async stateOf(pack: string | undefined, { look }: { readonly look?: PersonOnStage['look'] }) {
    const { dir } = this.parts.live.room;
    if (pack === undefined) return { pack: null, look: null, looks: [] };
    const isOwn = dirname(pack) === templatePath('presenters');
    // A film has the clothes that were worn in it.
    const spec = (await isFilmedPack(pack)) ? undefined : (await readPresenterCard(pack)).spec;
    return {
      pack: isOwn ? basename(pack) : relativeIn(dir)(pack),
      look: look ?? null,
      looks: spec === undefined ? [] : looksOf(spec),
    };
  }

  private async apply(role: SpeakerRole, person: PersonOnStage, late: AbortSignal): Promise<void> {
    await this.settled(role);
    const { live, ledger, speech, voices, assistantVoices, frame } = this.parts;
    const { room } = live;
    const { pack, look } = person;
    const before = knownPerson(room, role);
    const section = deepFreeze(withPerson(room, role, person));
    const own = pack === undefined ? {} : await readPackVoices(pack);
    const isHost = role === 'host';
    const [host, second] = isHost ? [own, assistantVoices.voices] : [voices.voices, own];
    const { language, voice, provider } = lineVoice({ ...room, ...section }, host, undefined, role, second);
    await speech.voiceFor(language, voice, provider);
    const isSeen = pack !== before.pack || !isDeepStrictEqual(look, before.look);
    const data = isSeen && pack !== undefined ? await this.admitted(role, pack, person, late) : undefined;
    if (data === undefined) pointOfNoReturn(late);
    // From here on nothing can fail.
    (isHost ? voices : assistantVoices).replace(own);
    // The voice may have been changed by another request meanwhile.
    const isOtherVoice = !isDeepStrictEqual(person.voice, before.voice);
    const voiceNow = isOtherVoice ? person.voice : knownPerson(live.room, role).voice;
    live.set(deepFreeze(withPerson(live.room, role, { ...person, voice: voiceNow })));
    if (data !== undefined) await this.show(role, data, pack === before.pack);
    // A line that was spoken ahead has the voice of the former person.
    else this.parts.runner.revoice();
    ledger.append({
      kind: 'operator',
      action: isHost ? 'presenter' : 'assistant',
      frame: frame(),
      detail: { ...(pack === undefined ? {} : { pack: basename(pack) }), ...lookName(look) },
    });
  }

  /** Waits until the change before has happened: bitmaps that are still shown must not be freed. */
  private async settled(role: SpeakerRole): Promise<void> {
    const { frame, live, signal } = this.parts;
    const doneAt = (this.since[role] ?? -Infinity) + millisecondsToFrames(FADE_MS, live.room.rate) + 1;
    const endMs = performance.now() + MAX_WAIT_MS;
    while (frame() <= doneAt && !signal.aborted) {
      if (performance.now() > endMs)
        throw new EngineError('E_BAD_REQUEST', {
          where: 'PUT /api/presenter',
          expected: 'a show in which the change before has come',
          found: `a change that waits for frame ${this.since[role]}`,
          todo: 'send it again when the line on air has ended',
        });
      await sleep(POLL_MS, signal);
    }
  }

  /** Draws a person, and refuses one who shows a code; the point of no return is passed when it resolves. */
  private async admitted(
    role: SpeakerRole,
    pack: string,
    who: PersonOnStage,
    late: AbortSignal,
  ): Promise<PresenterData> {
    const person = await this.draw(role, pack, who);
    try {
      const { live, kernels, admission } = this.parts;
      const where = 'PUT /api/presenter: pack';
      await admitPerson({ room: live.room, kernels, role, pack, person, where, admission });
      pointOfNoReturn(late);
    } catch (error) {
      // Ends the thread that reads the film ahead.
      if (person.film !== undefined) new FilmRing(person.film.control).end();
      throw error;
    }
    return person;
  }

  private async draw(role: SpeakerRole, pack: string, person: PersonOnStage): Promise<PresenterData> {
    const { live, kernels, log, ffmpegPath, filmFeeder: feeder, scene } = this.parts;
    const box = boxOf(role, live.room);
    if (box === undefined)
      throw new EngineError('E_BAD_REQUEST', {
        where: 'PUT /api/presenter: pack',
        expected: 'a layer of type "assistant" in the room, where the assistant stands',
        found: 'no such layer',
        todo: 'add it and `assistant.pack` to the room file, and start the room again',
      });
    const film = { ffmpegPath: async () => ffmpegPath, feeder, light: async () => scene.setLight };
    const onProgress = (share: number): void => {
      this.drawn = share;
    };
    try {
      return await loadPresenter(pack, { box, kernels, log, onProgress, ...lookOf(person), ...film });
    } finally {
      this.drawn = null;
    }
  }

  private async show(role: SpeakerRole, data: PresenterData, isSamePack: boolean): Promise<void> {
    const { live, runner, outputs, soon, onChange } = this.parts;
    const isUnheard = outputs.snapshots().length === 0;
    const fadeFrames = isSamePack ? millisecondsToFrames(FADE_MS, live.room.rate) : 0;
    // A show that ends has no line to wait for.
    const atFrame = await runner.changePerson(soon, isUnheard).catch(() => soon());
    this.send(role, data, atFrame, fadeFrames);
    onChange();
  }

  private send(role: SpeakerRole, data: PresenterData, atFrame: FrameIndex, fadeFrames: number): void {
    const { loop, onStage } = this.parts;
    const bitmaps = data.sprites.map(({ id, bitmap }) => ({ id, bitmap }));
    const goneAt = frameIndex(atFrame + fadeFrames);
    const removeBitmaps = this.bitmaps[role].map((id) => ({ id, atFrame: goneAt }));
    loop.send({ type: 'scene', update: { bitmaps, layers: [], ends: [], removeBitmaps } });
    loop.send({ type: 'presenter', role, presenter: data, atFrame, fadeFrames });
    this.bitmaps[role] = bitmaps.map(({ id }) => id);
    this.since[role] = atFrame;
    const digest = (role === 'host' ? withHost : withAssistant)(onStage.presenter.digest, data);
    onStage.presenter = { digest, sinceFrame: atFrame };
  }
}

const boxOf = (role: SpeakerRole, room: RoomConfig) => (role === 'host' ? presenterBox(room) : assistantBox(room));

const otherEngine = (layer: string): EngineError =>
  new EngineError('E_LAYER_INVALID', {
    where: `layer "${layer}"`,
    expected: 'a presenter that this engine draws',
    found: 'one whose pictures come from another engine, and whose place is fixed on air',
    todo: 'change the room file and start again',
  });

const lookName = (look: PersonOnStage['look']): { look?: string } => {
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
