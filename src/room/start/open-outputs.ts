import type { RoomConfig } from '../../config/room-config.js';
import type { Log } from '../../core/log.js';
import type { PacketSource } from '../../core/media/packets.js';
import type { OutputEvent } from '../../config/api/room-handle.js';
import type { OutputConfig } from '../../config/sections/output.js';
import type { Output } from '../../outputs/output.js';
import { createOutputs } from '../../outputs/create-outputs.js';
import type { EmbeddedServer } from '../../outputs/embedded/embedded-server.js';
import { OutputSupervisor } from '../../outputs/output-supervisor.js';
import { FlvBodies } from '../../outputs/rtmp/flv-body.js';
import { RtmpOutput } from '../../outputs/rtmp/rtmp-output.js';
import { StateWebhook } from '../../outputs/state-webhook.js';
import { PayloadCache } from '../../outputs/webrtc/viewer-stream.js';
import type { CloseStack } from '../../core/close-stack.js';

export interface OpenOutputsOptions {
  readonly room: RoomConfig;
  readonly source: PacketSource;
  readonly server: EmbeddedServer;
  readonly log: Log;
  readonly ffmpegPath: string;
  readonly onOutput?: (event: OutputEvent) => void;
}

/** Creates an output that is added while the show runs. */
export type MakeOutputs = (config: OutputConfig) => Output[];

/** Opens all outputs of a room, the embedded server's first, and puts them on the stack; does not start them. */
export function openOutputs(
  { room, source, server, log, ffmpegPath, onOutput }: OpenOutputsOptions,
  stack: CloseStack,
): { outputs: OutputSupervisor; bodies: FlvBodies; makeOutputs: MakeOutputs } {
  for (const reason of room.encoderLowered) log.warn({ reason }, 'a platform limits the encoder');
  const { width, height } = room.video;
  const { videoKbps, aacKbps } = room.encoder;
  const [bodies, cache] = [new FlvBodies(), new PayloadCache()];
  const context = { source, width, height, rate: room.rate, videoKbps, aacKbps, bodies, cache, log, ffmpegPath };
  const local = new RtmpOutput({
    ...context,
    id: 'local',
    url: server.publishUrl(room.name),
    maxLagMs: 4000,
    timeline: 'output',
  });
  const webhooks = room.control.webhooks.map((one) => stack.add(new StateWebhook({ ...one, room: room.name, log })));
  const outputs = stack.add(
    new OutputSupervisor({
      outputs: [local, ...createOutputs(room.outputs, context)],
      log,
      onEvent: (event) => {
        onOutput?.(event);
        for (const webhook of webhooks) webhook.tell(event);
      },
    }),
  );
  return { outputs, bodies, makeOutputs: (config) => createOutputs([config], context) };
}
