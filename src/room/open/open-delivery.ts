import type { RoomConfig } from '../../config/room-config.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Log } from '../../core/log.js';
import type { OutputEvent } from '../../config/api/room-handle.js';
import type { LedgerEntry } from '../../core/verdict.js';
import type { EncoderSupervisor } from '../../encoder/process/encoder-supervisor.js';
import type { EmbeddedServer } from '../../outputs/embedded/embedded-server.js';
import type { OutputSupervisor } from '../../outputs/output-supervisor.js';
import { WhepServer } from '../../outputs/whep/whep-server.js';
import { EncoderKeeper } from '../encoder-keeper.js';
import { LastSeconds } from '../../outputs/recording/last-seconds.js';
import { type MakeOutputs, openOutputs } from '../start/open-outputs.js';

export interface OpenDeliveryOptions {
  readonly room: RoomConfig;
  readonly encoder: EncoderSupervisor;
  readonly server: EmbeddedServer;
  readonly ffmpegPath: string;
  readonly note: (entry: LedgerEntry) => void;
  readonly onOutput: (event: OutputEvent) => void;
  readonly log: Log;
}

/** Everything that carries encoded packets to viewers. */
export interface Delivery {
  readonly whep: WhepServer;
  readonly outputs: OutputSupervisor;
  readonly encoderKeeper: EncoderKeeper;
  readonly makeOutputs: MakeOutputs;
  /** For clips. */
  readonly lastSeconds: LastSeconds;
}

/** Opens WHEP, the outputs and the adaptation of the bitrate; the outputs are not started yet. */
export function openDelivery(
  { room, encoder, server, ffmpegPath, note, onOutput, log }: OpenDeliveryOptions,
  stack: CloseStack,
): Delivery {
  const whep = stack.add(
    new WhepServer({
      source: encoder,
      rate: room.rate,
      maxViewers: room.control.maxViewers,
      videoKbps: () => encoder.settings.videoKbps,
      log,
    }),
  );
  const { outputs, bodies, makeOutputs } = openOutputs(
    { room, source: encoder, server, log, ffmpegPath, onOutput },
    stack,
  );
  const encoderKeeper = stack.add(new EncoderKeeper({ encoder, outputs, viewers: whep, note, log }));
  const { width, height } = room.video;
  const lastSeconds = stack.add(new LastSeconds({ source: encoder, bodies, width, height }));
  return { whep, outputs, encoderKeeper, makeOutputs, lastSeconds };
}
