import { once } from 'node:events';
import { EngineError } from '../../core/errors.js';
import { spawnChild } from '../../core/processes/child-process.js';
import type { FrameRate } from '../../core/time.js';
import type { Rgb } from './rgb.js';

/** Encodes the film of a pack, H.264 in BT.709; a matte stands below the picture. */
export class FilmWriter {
  private readonly child;
  private stderr = '';
  private readonly ended: Promise<number>;
  private readonly buffer: Buffer;

  constructor(
    private readonly path: string,
    width: number,
    height: number,
    rate: FrameRate,
    alpha: boolean,
    ffmpegPath: string,
    signal: AbortSignal,
  ) {
    const rows = alpha ? 2 * height : height;
    this.buffer = Buffer.alloc(width * rows * 3);
    const args = [
      ...`-v error -nostdin -y -f rawvideo -pix_fmt rgb24 -s ${width}x${rows} -r ${rate.num}/${rate.den} -i pipe:0`.split(
        ' ',
      ),
      ...'-vf scale=in_range=pc:out_range=tv:out_color_matrix=bt709:flags=accurate_rnd,format=yuv420p'.split(' '),
      ...'-c:v libx264 -preset medium -crf 15 -bf 0 -g 60 -threads 2 -map_metadata -1'.split(' '),
      ...'-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv'.split(' '),
      ...'-movflags +faststart -f mp4'.split(' '),
      `file:${path}`,
    ];
    this.child = spawnChild(ffmpegPath, args, { stdio: ['pipe', 'ignore', 'pipe'], signal });
    this.child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (this.stderr = (this.stderr + text).slice(-1000)));
    this.child.stdin.on('error', () => undefined); // the exit code says why
    this.ended = new Promise((resolve) => {
      this.child.once('error', () => resolve(-1));
      this.child.once('close', (code) => resolve(code ?? -1));
    });
  }

  async add({ data }: Rgb, alpha: Uint8Array | undefined): Promise<void> {
    // Pipes keep the buffer until it is written.
    const out = Buffer.from(this.buffer);
    out.set(data);
    if (alpha !== undefined) {
      let at = data.length;
      for (const a of alpha) {
        out[at] = a;
        out[at + 1] = a;
        out[at + 2] = a;
        at += 3;
      }
    }
    if (!this.child.stdin.write(out)) await Promise.race([once(this.child.stdin, 'drain'), this.ended]);
  }

  async end(): Promise<void> {
    this.child.stdin.end();
    const code = await this.ended;
    if (code === 0) return;
    const found = this.stderr.trim().split('\n').at(-1)?.slice(0, 160) ?? `exit code ${code}`;
    throw new EngineError('E_ASSET_INVALID', { where: this.path, expected: 'a film that can be encoded', found });
  }

  close(): void {
    this.child.kill('SIGKILL');
  }
}
