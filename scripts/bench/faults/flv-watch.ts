import { spawn, type ChildProcess } from 'node:child_process';
import { endWithUs } from '../kit/end-with-us.js';

interface Seen {
  readonly kind: 'audio' | 'video';
  readonly timeMs: number;
  readonly arrivedMs: number;
}

const HEAD = 11;

/** A player of an endpoint: records the arrival and media time of each packet. */
export class FlvWatch {
  private readonly seen: Seen[] = [];
  private readonly child: ChildProcess;
  private pending: Buffer = Buffer.alloc(0);
  private started = false;

  constructor(ffmpeg: string, url: string) {
    const args = [
      '-v',
      'quiet',
      '-fflags',
      '+nobuffer',
      '-i',
      url,
      '-c',
      'copy',
      '-flush_packets',
      '1',
      '-f',
      'flv',
      'pipe:1',
    ];
    this.child = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    endWithUs(this.child);
    this.child.stdout!.on('data', (data: Buffer) => this.take(data));
  }

  get packets(): number {
    return this.seen.length;
  }
  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Longest media time step between packets of a kind that arrived in a span, in ms. */
  widest(kind: 'audio' | 'video', fromMs: number, toMs: number): number {
    let widest = 0;
    let before: number | undefined;
    for (const one of this.seen) {
      if (one.kind !== kind || one.arrivedMs > toMs) continue;
      if (one.arrivedMs >= fromMs && before !== undefined) widest = Math.max(widest, one.timeMs - before);
      before = one.timeMs;
    }
    return widest;
  }

  close(): void {
    this.child.kill('SIGKILL');
  }

  private take(data: Buffer): void {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    if (!this.started) {
      if (this.pending.length < 13) return;
      this.pending = this.pending.subarray(13);
      this.started = true;
    }
    while (this.pending.length >= HEAD) {
      const length = this.pending.readUIntBE(1, 3);
      if (this.pending.length < HEAD + length + 4) return;
      const type = this.pending[0]!;
      const timeMs = this.pending.readUIntBE(4, 3) + this.pending[7]! * 0x100_0000;
      // Sequence headers are not packets.
      const isHeader = this.pending[HEAD + 1] === 0;
      const kind = type === 9 ? 'video' : 'audio';
      if ((type === 8 || type === 9) && !isHeader) this.seen.push({ kind, timeMs, arrivedMs: performance.now() });
      this.pending = this.pending.subarray(HEAD + length + 4);
    }
  }
}
