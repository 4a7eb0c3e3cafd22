/**
 * Files on their way to a room: sent in pieces that go on after a cut (tus), then judged picture by picture by the engine's
 * admission, and only then offered in the gallery.
 */
import { Upload as TusUpload } from 'tus-js-client';
import { call, roomUrl } from '../../../api/client';
import { errorOf } from '../../../api/error';
import type { Job } from '../../../api/types';
import type { Medium } from '../shapes';

const PIECE_BYTES = 8 * 1024 * 1024;
const POLL_MS = 500;

export type UploadState = 'waiting' | 'sending' | 'judging' | 'admitted' | 'refused';

export class Upload {
  state: UploadState = $state('waiting');
  sent = $state(0);
  /** Seconds until it has been sent; null before anybody knows. */
  left: number | null = $state(null);
  judged = $state(0);
  toJudge = $state(0);
  error: unknown = $state.raw(null);
  medium: Medium | null = $state.raw(null);
  private tus: TusUpload | undefined;
  private startedMs = 0;

  constructor(
    readonly file: File,
    private readonly room: string,
    private readonly use: 'layer' | 'film' | 'music',
    private readonly ondone: (upload: Upload) => void,
  ) {}

  async start(): Promise<void> {
    this.startedMs = performance.now();
    this.state = 'sending';
    this.error = null;
    const { file, room } = this;
    const upload = new TusUpload(file, {
      endpoint: `${location.origin}${roomUrl(room, '/uploads')}`,
      chunkSize: PIECE_BYTES,
      retryDelays: [0, 1000, 3000, 5000, 10_000, 20_000],
      metadata: { filename: file.name, filetype: file.type, use: this.use },
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => {
        const status = 'originalResponse' in error ? (error.originalResponse?.getStatus() ?? 0) : 0;
        return navigator.onLine && (status < 400 || status >= 500 || status === 409 || status === 423);
      },
      onProgress: (sent, of) => {
        this.sent = sent;
        const seconds = (performance.now() - this.startedMs) / 1000;
        this.left = sent === 0 ? null : Math.ceil(((of - sent) / sent) * seconds);
      },
      onError: (error) => {
        const response = 'originalResponse' in error ? error.originalResponse : null;
        if (response === null && !navigator.onLine) {
          this.waitForNetwork(upload);
          return;
        }
        this.state = 'refused';
        let body: unknown = null;
        try {
          body = JSON.parse(response?.getBody() ?? '');
        } catch {
          body = { code: 'E_UNREACHABLE', message: error.message };
        }
        this.error = errorOf(undefined, body);
      },
      onSuccess: ({ lastResponse }) => void this.follow(lastResponse.getHeader('x-job') ?? ''),
    });
    this.tus = upload;
    // Goes on where a former visit was cut.
    const [before] = await upload.findPreviousUploads();
    if (before !== undefined) upload.resumeFromPreviousUpload(before);
    upload.start();
  }

  /** A cut that the browser knows of, such as a closed laptop: nothing is tried until the network is back. */
  private waitForNetwork(upload: TusUpload): void {
    this.state = 'waiting';
    this.left = null;
    const back = (): void => {
      if (this.state !== 'waiting' || this.tus !== upload) return;
      this.state = 'sending';
      upload.start();
    };
    addEventListener('online', back, { once: true });
  }

  async stop(): Promise<void> {
    await this.tus?.abort(true).catch(() => undefined); // it may be over already
    this.state = 'refused';
  }

  private async follow(job: string): Promise<void> {
    this.state = 'judging';
    for (;;) {
      const now = await call<Job<Medium>>('GET', `/api/jobs/${job}`);
      const step = now.steps.find((one) => one.state === 'running');
      this.judged = step?.done ?? this.judged;
      this.toJudge = step?.of ?? this.toJudge;
      if (now.state === 'done') {
        this.medium = now.result;
        this.state = 'admitted';
        this.ondone(this);
        return;
      }
      if (now.state === 'failed' || now.state === 'cancelled') {
        this.error = errorOf(undefined, {
          error: now.error ?? { code: 'E_CANCELLED', message: 'Cancelled', where: '' },
        });
        this.state = 'refused';
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
