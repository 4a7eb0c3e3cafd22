import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { forkChild } from '../../core/child-process.js';
import type { OcrJob, OcrReply, TextLine } from './ocr-messages.js';

/** The process is gone, by a fault or because it was ended. */
export class OcrDied extends Error {}

interface Pending {
  resolve(lines: readonly TextLine[]): void;
  reject(error: Error): void;
}

/** One text reading process and the one job it is doing. A dead one stays dead and rejects with OcrDied. */
export class OcrChild {
  private readonly process: ChildProcess;
  private readonly exited: Promise<void>;
  private pending: Pending | undefined;
  private stderr = '';
  private gone = false;

  constructor() {
    const here = import.meta.url;
    const source = here.endsWith('.ts');
    const module = fileURLToPath(new URL(source ? './ocr-process.ts' : './ocr-process.js', here));
    this.process = forkChild(module, [], {
      serialization: 'advanced',
      execArgv: [
        ...(source ? [`--import=${import.meta.resolve('tsx')}`] : []),
        '--max-semi-space-size=2',
        '--max-old-space-size=64',
      ],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-600);
    });
    this.exited = new Promise((resolve) => {
      const end = (why: string): void => {
        this.gone = true;
        this.pending?.reject(new OcrDied(`${why} ${this.stderr.trim()}`.trim()));
        this.pending = undefined;
        resolve();
      };
      this.process.once('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
      this.process.once('error', (error) => end(error.message));
    });
    this.process.on('message', (reply: OcrReply) => this.receive(reply));
    this.rest();
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get alive(): boolean {
    return !this.gone;
  }

  /** Reads one picture; the caller gives one job at a time. Rejects with OcrDied or what the networks said. */
  run(job: OcrJob): Promise<readonly TextLine[]> {
    return new Promise<readonly TextLine[]>((resolve, reject) => {
      if (this.gone) {
        reject(new OcrDied(`it was gone ${this.stderr.trim()}`.trim()));
        return;
      }
      this.pending = { resolve, reject };
      this.process.ref();
      this.process.channel?.ref();
      this.process.send(job, (error) => {
        if (error !== null) this.kill();
      });
    });
  }

  async close(): Promise<void> {
    this.kill();
    // Whoever waits for the end must live to see it.
    if (!this.gone) this.process.ref();
    await this.exited;
  }

  private kill(): void {
    if (!this.gone) this.process.kill('SIGKILL');
  }

  /** A process without a job keeps nobody alive. */
  private rest(): void {
    this.process.unref();
    this.process.channel?.unref();
    const stderr = this.process.stderr as unknown as { unref?(): void };
    stderr.unref?.();
  }

  private receive(reply: OcrReply): void {
    const pending = this.pending;
    if (reply.kind === 'ready' || pending === undefined) return;
    this.pending = undefined;
    this.rest();
    if (reply.kind === 'done') pending.resolve(reply.lines);
    else pending.reject(new Error(reply.message));
  }
}
