import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { Readable } from 'node:stream';
import { childEnvironment, spawnApart } from '../../core/processes/child-process.js';
import { EngineError } from '../../core/errors.js';
import type { Kernels } from '../../core/kernels.js';
import { leanStart } from '../../native/lean-start.js';
import { newInputLog, InputLog, type EncoderLink, type StreamKind } from './encoder-link.js';
import { openInputPipe } from '../input-pipe.js';

const ERROR_TEXT_LIMIT = 2000;
/**
 * Three seconds of coded pictures. While this thread is busy nobody reads them, and an encoder that cannot write takes no
 * pictures: with a child's ordinary output they were lost after a third of a second.
 */
const OUTPUT_PIPES = { video: 1 << 20, aac: 1 << 16, opus: 1 << 16 } as const;
const READ_BYTES = 64 << 10;
/**
 * ffmpeg allocates memory for each raw picture. glibc would map and return such a block every time, 340 page faults a picture; kept, they take
 * a third of a millisecond less.
 */
const KEEP_BLOCKS = {
  MALLOC_MMAP_THRESHOLD_: String(64 << 20),
  MALLOC_TRIM_THRESHOLD_: String(128 << 20),
  MALLOC_TOP_PAD_: String(16 << 20),
};

export interface EncoderProcessOptions {
  stream: StreamKind;
  generation: number;
  program: string;
  args: readonly string[];
  kernels: Kernels;
  /** Receives the child's standard output; an exception ends the process. The chunk holds other bytes afterwards. */
  onData(chunk: Buffer): void;
  /** Called once, however it ends. */
  onExit(error: EngineError | undefined): void;
}

/** One generation of one encoder: a child process, its input pipe and its output. */
export class EncoderProcess {
  readonly link: EncoderLink;
  readonly log: InputLog;
  readonly startedAtMs = performance.now();
  private readonly child: ChildProcess;
  private errorText = '';
  private reason: EngineError | undefined;
  private done = false;
  readonly exited: Promise<void>;

  constructor(private readonly options: EncoderProcessOptions) {
    const { stream, generation } = options;
    const pipe = openInputPipe(options.kernels, stream === 'video' ? 'video' : 'audio');
    const shared = newInputLog();
    this.log = new InputLog(shared);
    this.link = { stream, generation, fd: pipe.writeFd, log: shared };
    const output = options.kernels.openPipe(OUTPUT_PIPES[stream], 'wait');
    this.child = spawnApart(options.program, options.args, {
      stdio: [pipe.readFd, output?.[1] ?? 'pipe', 'pipe'],
      env: { ...leanStart(childEnvironment()), ...(stream === 'video' ? KEEP_BLOCKS : {}) },
    });
    // Only the child may hold the read end, so its death breaks the pipe.
    closeSync(pipe.readFd);
    if (output !== undefined) closeSync(output[1]);
    const coded = output === undefined ? this.child.stdout : this.readerOf(output[0]);
    if (output === undefined) coded?.on('data', (chunk: Buffer) => this.read(chunk));
    const readToEnd = new Promise<void>((resolve) =>
      coded === null ? resolve() : coded.once('close', () => resolve()),
    );
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errorText = (this.errorText + text).slice(-ERROR_TEXT_LIMIT);
    });
    this.exited = new Promise((resolve) => {
      const end = (error: EngineError | undefined): void => {
        if (this.done) return;
        this.done = true;
        resolve();
        options.onExit(error);
      };
      this.child.once('error', (cause) => end(this.failure(cause.message, cause)));
      this.child.once('close', (code, signal) => {
        // After the last byte of its output.
        void readToEnd.then(() => {
          if (this.reason !== undefined) end(this.reason);
          else if (code === 0) end(undefined);
          else end(this.failure(signal === null ? `exit code ${code}` : `signal ${signal}`));
        });
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Ends it at once; `onExit` gets the reason. */
  kill(reason: EngineError | undefined): void {
    this.reason ??= reason;
    this.child.kill('SIGKILL');
  }

  /** Reads into one buffer: a stream would allocate 64 KB for each packet, and its queues take as long as the read. */
  private readerOf(fd: number): Readable {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const callback = (bytes: number): boolean => {
      this.read(buffer.subarray(0, bytes));
      return true;
    };
    // Node's types have `onread` for connections only.
    const options: SocketConstructorOpts & Pick<ConnectOpts, 'onread'> = {
      fd,
      readable: true,
      writable: false,
      onread: { buffer, callback },
    };
    return new Socket(options);
  }

  private read(chunk: Buffer): void {
    if (this.reason !== undefined) return;
    try {
      this.options.onData(chunk);
    } catch (e) {
      const error = e instanceof EngineError ? e : this.failure(e instanceof Error ? e.message : String(e), e);
      this.kill(error);
    }
  }

  private failure(found: string, cause?: unknown): EngineError {
    const last = this.errorText.trim().split('\n').slice(-3).join(' | ');
    return new EngineError('E_ENCODER_DIED', {
      where: `${this.options.stream} encoder, generation ${this.options.generation}`,
      expected: 'to run as long as the room',
      found: last === '' ? found : `${found}: ${last}`,
      cause,
    });
  }
}
