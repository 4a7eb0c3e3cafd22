import { dirname, join } from 'node:path';
import type { RoomConfig } from '../../config/room-config.js';
import type { Log } from '../../core/log.js';
import { SpeechService } from '../../speech/speech-service.js';

/** The voices of a room. Throws E_ENV_MISSING for a service whose key is not set. */
export const openSpeech = (
  room: RoomConfig,
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
  timeoutMs?: number,
): SpeechService =>
  new SpeechService({
    log,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    voices: [room.presenter.voice, ...(room.assistant === undefined ? [] : [room.assistant.voice])],
    env,
    // Beside the ledger, so a cap of the day holds over restarts.
    countFile: join(dirname(room.ledgerFile), 'voice-characters.json'),
  });
