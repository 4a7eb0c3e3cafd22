import { createWriteStream, type WriteStream } from 'node:fs';
import { get, type ClientRequest } from 'node:http';

const TAG_HEAD = 11;
const PREVIOUS = 4;
const FILE_HEAD = 13;

/** Keeps an HTTP-FLV stream in a file, with the arrival time of each picture. It decodes nothing, so it costs no CPU. */
export class StreamRecord {
  /** Arrival of picture i, and of the last byte, in milliseconds of `performance.now()`. */
  readonly arrivedMs: number[] = [];
  lastByteMs = 0;
  private readonly file: WriteStream;
  private readonly request: ClientRequest;
  private pending: Buffer = Buffer.alloc(0);
  private headed = false;
  readonly ended: Promise<void>;

  constructor(url: string, file: string) {
    this.file = createWriteStream(file);
    let over = (): void => undefined;
    this.ended = new Promise((resolve) => (over = resolve));
    this.request = get(url, (reply) => {
      reply.on('data', (data: Buffer) => this.take(data));
      reply.once('close', over);
      reply.on('error', over);
    });
    this.request.on('error', over);
  }

  async close(): Promise<void> {
    this.request.destroy();
    await new Promise<void>((resolve) => this.file.end(() => resolve()));
  }

  private take(data: Buffer): void {
    this.lastByteMs = performance.now();
    this.file.write(data);
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    if (!this.headed) {
      if (this.pending.length < FILE_HEAD) return;
      this.pending = this.pending.subarray(FILE_HEAD);
      this.headed = true;
    }
    while (this.pending.length >= TAG_HEAD) {
      const length = this.pending.readUIntBE(1, 3);
      if (this.pending.length < TAG_HEAD + length + PREVIOUS) return;
      // AVCPacketType 1 is a picture; 0 is the decoder's configuration.
      if ((this.pending[0]! & 0x1f) === 9 && this.pending[TAG_HEAD + 1] === 1) this.arrivedMs.push(performance.now());
      this.pending = this.pending.subarray(TAG_HEAD + length + PREVIOUS);
    }
  }
}
