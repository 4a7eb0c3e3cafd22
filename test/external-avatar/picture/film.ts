import { spawn } from 'node:child_process';
import { FLV_VIDEO, flvTag, tagKind } from '../../../src/core/media/packets.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { avcConfigOf } from '../../../src/external-avatar/picture/picture-sizes.js';

export const ffmpeg = await findFfmpeg();

/** FLV tags of an H.264 film that ffmpeg draws: a red square that moves on a green backdrop. */
export async function filmTags(
  seconds: number,
  { width = 320, height = 240, extra = [] as string[] } = {},
): Promise<Buffer[]> {
  const graph =
    `color=0x00ff00:s=${width}x${height}:r=30,format=yuv444p,` +
    `drawbox=x=${width / 4}:y=${height / 4}:w=${width / 2}:h=${height / 2}:color=0xc02020:t=fill`;
  const args = ['-v', 'error', '-f', 'lavfi', '-i', graph, '-t', String(seconds), ...extra];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '15'];
  const child = spawn(ffmpeg.path, [...args, ...encode, '-f', 'flv', 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const parts: Buffer[] = [];
  for await (const part of child.stdout) parts.push(part as Buffer);
  return splitTags(Buffer.concat(parts)).filter((tag) => tagKind(tag) !== 'other');
}

/** The whole tags of an FLV file. */
export function splitTags(file: Buffer): Buffer[] {
  const tags: Buffer[] = [];
  for (let at = 13; at + 15 <= file.length;) {
    const whole = 15 + file.readUIntBE(at + 1, 3);
    tags.push(file.subarray(at, at + whole));
    at += whole;
  }
  return tags;
}

/** The pictures of a film without its configuration: the parameter sets stand before each key frame. */
export function inBandOf(film: readonly Buffer[]): Buffer[] {
  const { sps, pps } = avcConfigOf(film[0]!)!;
  const unit = (nal: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([0, 0, nal.length >> 8, nal.length & 255]), nal]);
  return film
    .slice(1)
    .map((tag) =>
      tagKind(tag) === 'key'
        ? flvTag(
            FLV_VIDEO,
            0,
            Buffer.concat([tag.subarray(11, 16), unit(sps), unit(pps), tag.subarray(16, tag.length - 4)]),
          )
        : tag,
    );
}

/** Access units of a film, Annex B, with parameter sets before key frames. */
export function annexBOf(film: readonly Buffer[]): Buffer[] {
  const [config, ...pictures] = film.map((tag) => tag.subarray(16, tag.length - 4));
  const spsLength = config!.readUInt16BE(6);
  const sps = config!.subarray(8, 8 + spsLength);
  const pps = config!.subarray(11 + spsLength, 11 + spsLength + config!.readUInt16BE(9 + spsLength));
  const code = Buffer.from([0, 0, 0, 1]);
  return pictures.map((body, i) => {
    const nals: Buffer[] = film[i + 1]![11]! >> 4 === 1 ? [code, sps, code, pps] : [];
    for (let at = 0; at + 4 < body.length;) {
      const length = body.readUInt32BE(at);
      nals.push(code, body.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    return Buffer.concat(nals);
  });
}
