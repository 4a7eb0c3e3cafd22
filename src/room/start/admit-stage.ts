import { dirname } from 'node:path';
import type { PresenterData } from '../../avatar/presenter-data.js';
import type { RoomConfig } from '../../config/room-config.js';
import { templatePath } from '../../core/files/paths.js';
import type { Kernels } from '../../core/kernels.js';
import type { DrawPicture } from '../../scene/assets/load-picture.js';
import type { ClipDeps } from '../../scene/clips/clip.js';
import type { Admission } from '../../admission/admission.js';
import type { SpeakerRole } from '../../show/agenda/agenda-line.js';
import { composedPictures } from '../../check/check-composed.js';
import { StillCanvas } from '../../render/still-canvas.js';

export interface AdmitStageOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly draw: DrawPicture;
  readonly presenter: PresenterData;
  readonly assistant: PresenterData | undefined;
  readonly clips: ClipDeps;
  readonly admission: Pick<Admission, 'admitComposed'>;
}

/** Refuses a room whose own presenter or assistant shows a code, as `engine check` does. The engine's have none. */
export async function admitStage({ admission, ...deps }: AdmitStageOptions): Promise<void> {
  const { room } = deps;
  const packs = [room.presenter.pack, ...(deps.assistant === undefined ? [] : [room.assistant!.pack!])];
  if (packs.every((pack) => dirname(pack) === templatePath('presenters'))) return;
  for await (const { where, picture } of composedPictures(room, deps)) await admission.admitComposed(picture, where);
}

export interface AdmitPersonOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly role: SpeakerRole;
  readonly pack: string;
  readonly person: PresenterData;
  readonly where: string;
  readonly admission: Pick<Admission, 'admitComposed'>;
}

/**
 * Refuses a person who is about to take over and shows a code. On air only the person is drawn, on the room's background:
 * laying out every product would take too long, and the gate judges the frames that show both.
 */
export async function admitPerson(options: AdmitPersonOptions): Promise<void> {
  const { room, kernels, role, pack, person, where, admission } = options;
  if (dirname(pack) === templatePath('presenters')) return;
  const { width, height } = room.video;
  const canvas = new StillCanvas(room, kernels, person, person);
  const type = role === 'host' ? 'presenter' : 'assistant';
  for (const layer of room.layers) if (layer.type === type) canvas.add({ layer, pictures: [] });
  const rgba = canvas.under({ x: 0, y: 0, width, height });
  await admission.admitComposed({ rgba, width, height }, where);
}
