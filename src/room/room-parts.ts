import type { LiveRoomConfig, RoomConfig } from '../config/room-config.js';
import type { Log } from '../core/log.js';
import type { BitmapId } from '../core/media/picture.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import type { Broadcast } from './open/broadcast.js';
import type { Ground } from './open/ground.js';
import type { Records } from './open/open-records.js';
import type { Programme } from './open/programme.js';

/** The running parts of a room, as its four stages opened them, each on its close stack. */
export interface RoomParts
  extends
    Pick<Ground, 'kernels' | 'avatar' | 'speech' | 'admission' | 'fastStart'>,
    Records,
    Omit<Programme, 'scene' | 'loading'>,
    Broadcast {
  /** A live view: products, sound and presenter as they are now. */
  readonly room: RoomConfig;
  readonly live: LiveRoomConfig;
  readonly log: Log;
  readonly scene: SceneCompiler;
  /** Bitmaps of the presenter that the show began with; only their ids, so that they can be freed. */
  readonly presenterBitmaps: readonly BitmapId[];
  readonly assistantBitmaps: readonly BitmapId[];
  /** Resolves when the encoders wait for their first frame. */
  readonly encoding: Promise<void>;
}
