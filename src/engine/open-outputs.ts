import type { RoomConfig } from '../config/room-config.js';
import type { Log } from '../core/log.js';
import type { PacketSource } from '../core/packets.js';
import { createOutputs } from '../outputs/create-outputs.js';
import type { EmbeddedServer } from '../outputs/embedded-server.js';
import { OutputSupervisor } from '../outputs/output-supervisor.js';
import { FlvBodies } from '../outputs/rtmp/flv-body.js';
import { RtmpOutput } from '../outputs/rtmp/rtmp-output.js';

export interface OpenOutputsOptions {
  readonly room: RoomConfig;
  readonly source: PacketSource;
  readonly server: EmbeddedServer;
  readonly log: Log;
  readonly ffmpegPath: string;
}

/** All outputs of a room: the embedded server's first. They are not started yet. */
export function openOutputs({ room, source, server, log, ffmpegPath }: OpenOutputsOptions): OutputSupervisor {
  for (const reason of room.encoderLowered) log.warn({ reason }, 'a platform limits the encoder');
  const { width, height } = room.video;
  const { videoKbps, aacKbps } = room.encoder;
  const bodies = new FlvBodies();
  const context = { source, width, height, rate: room.rate, videoKbps, aacKbps, bodies, ffmpegPath };
  const local = new RtmpOutput({
    ...context,
    id: 'local',
    url: server.publishUrl(room.name),
    maxLagMs: 4000,
    timeline: 'output',
  });
  return new OutputSupervisor({ outputs: [local, ...createOutputs(room.outputs, context)], log });
}
