import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** The format a reader or an earlier writer has settled on. */
export interface DeviceFormat {
  /** ffmpeg's name: `yuv420p`. */
  readonly pixelFormat: string;
  readonly width: number;
  readonly height: number;
}

export interface VideoDevice {
  /** `/dev/video10`. */
  readonly device: string;
  readonly name: string;
  /** Whether it is a software device (v4l2loopback), and so can be written. */
  readonly loopback: boolean;
  readonly format: DeviceFormat | undefined;
}

/** Four-character codes of V4L2 (linux/videodev2.h) that ffmpeg can write, by its names for them. */
const PIXEL_FORMATS: Readonly<Record<string, string>> = {
  YU12: 'yuv420p',
  YUYV: 'yuyv422',
  UYVY: 'uyvy422',
  NV12: 'nv12',
  RGB3: 'rgb24',
  BGR3: 'bgr24',
  BGR4: 'bgr0',
};

export const SYSTEM_DEVICES = '/sys/class/video4linux';

/** The machine's video devices, by number; empty when there are none. */
export async function listVideoDevices(folder = SYSTEM_DEVICES): Promise<VideoDevice[]> {
  const names = await readdir(folder).catch(() => []);
  const numbers = names.flatMap((name) => /^video(\d+)$/.exec(name)?.[1] ?? []).sort((a, b) => Number(a) - Number(b));
  return Promise.all(numbers.map((number) => describe(folder, `video${number}`)));
}

async function describe(folder: string, node: string): Promise<VideoDevice> {
  const read = (file: string): Promise<string> =>
    readFile(join(folder, node, file), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const [name, format, path] = await Promise.all([
    read('name'),
    read('format'),
    realpath(join(folder, node)).catch(() => ''),
  ]);
  return { device: `/dev/${node}`, name, loopback: path.includes('/virtual/'), format: parseDeviceFormat(format) };
}

/**
 * Parses `YU12:1280x720@30/1`, as v4l2loopback shows it; undefined when nothing is settled or the format cannot be
 * written.
 */
export function parseDeviceFormat(text: string): DeviceFormat | undefined {
  const [, code, width, height] = /^(\S{3,4}):(\d+)x(\d+)/.exec(text) ?? [];
  const pixelFormat = PIXEL_FORMATS[code ?? ''];
  if (pixelFormat === undefined || Number(width) < 1 || Number(height) < 1) return undefined;
  return { pixelFormat, width: Number(width), height: Number(height) };
}
