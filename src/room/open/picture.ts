import { clipDeps, type RoomAssets } from '../../stage/room-assets.js';
import { admitStage } from '../start/admit-stage.js';
import { readComposed } from '../start/read-composed.js';
import type { Ground, OpenRoomOptions } from './ground.js';
import type { Programme } from './programme.js';

/** Stage 3: the loaded pictures of a room, each of them judged, alone and as they are composed. */
export async function admitPicture(
  { room, log, signal, onStep }: OpenRoomOptions,
  { kernels, threads, admission, fastStart }: Ground,
  { loading, drawing: { draw } }: Programme,
): Promise<RoomAssets> {
  onStep?.({ step: 'pictures' });
  const assets = await loading;
  const { scene, presenter, assistant } = assets;
  if (!fastStart) {
    const clips = clipDeps({ ffmpeg: await threads.ffmpeg, log, signal }, admission);
    await admitStage({ room, kernels, draw, presenter, assistant, clips, admission });
  }
  admission.remember();
  if (!fastStart) {
    onStep?.({ step: 'composed' });
    await readComposed({ room, scene, kernels, draw, presenter, assistant, admission, log, signal });
  }
  return assets;
}
