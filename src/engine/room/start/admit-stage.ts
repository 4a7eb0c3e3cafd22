import { dirname } from 'node:path';
import type { PresenterData } from '../../../avatar/presenter-data.js';
import type { RoomConfig } from '../../../config/room-config.js';
import { templatePath } from '../../../core/files/paths.js';
import type { Kernels } from '../../../core/kernels.js';
import type { DrawPicture } from '../../../scene/assets/load-picture.js';
import type { ClipDeps } from '../../../scene/clips/clip.js';
import type { Admission } from '../../admission/admission.js';
import { composedPictures } from '../../check/check-composed.js';

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
