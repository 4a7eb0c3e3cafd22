import type { CloseStack } from '../../core/close-stack.js';
import type { RoomParts } from '../room-desk.js';
import { openBroadcast } from './broadcast.js';
import { openGround, type OpenRoomOptions, type Ground } from './ground.js';
import { openProgramme, type Programme } from './programme.js';
import { clipDeps, type RoomAssets } from '../../stage/room-assets.js';
import { admitStage, readComposed } from '../start/admit-stage.js';

/**
 * Loads and judges a room's assets and starts its parts; the clock does not run yet. Everything opened is on
 * the stack, also when it throws the EngineError of something that cannot be loaded or may not be shown.
 *
 * Four stages, each on what the ones before it opened: what needs only the room file; texts and show, while pictures
 * load; the judged pictures; and everything from the loop to the outputs.
 */
export async function openRoom(options: OpenRoomOptions, stack: CloseStack): Promise<RoomParts> {
  const ground = await openGround(options, stack);
  const programme = await openProgramme(options, ground, stack);
  const assets = await unlessStopped(() => admitPicture(options, ground, programme), options.signal);
  const broadcast = await openBroadcast(options, ground, programme, assets, stack);
  const { room, live, log } = options;
  const { kernels, avatar, speech, admission, fastStart, threads, records } = ground;
  const bitmapsOf = (person: typeof assets.assistant) => person?.sprites.map(({ id }) => id) ?? [];
  return {
    room,
    live,
    log,
    kernels,
    avatar,
    speech,
    admission,
    fastStart,
    encoding: threads.encoding,
    ...records,
    ...programme,
    scene: assets.scene,
    presenterBitmaps: bitmapsOf(assets.presenter),
    assistantBitmaps: bitmapsOf(assets.assistant),
    ...broadcast,
  };
}

/** Stage 3: the loaded pictures of a room, each of them judged, alone and as they are composed. */
async function admitPicture(
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

/**
 * Reading pictures takes minutes on a machine without time to spare. A stop does not wait for it: what still works on them ends
 * with the parts on the stack.
 */
async function unlessStopped<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onStop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    onStop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onStop, { once: true });
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    signal.removeEventListener('abort', onStop!);
  }
}
