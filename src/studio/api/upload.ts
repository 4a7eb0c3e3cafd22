import { Upload } from 'tus-js-client';
import { errorOf } from './error';

export interface UploadOptions {
  /** From 0 to 1, as the bytes go. */
  readonly onShare?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Sends a file to the studio's media folder; goes on by itself after a cut. Resolves to its path there. */
export function uploadFile(file: File, { onShare, signal }: UploadOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: '/api/media/uploads',
      retryDelays: [0, 1000, 3000, 5000, 10_000],
      chunkSize: 8 * 1024 * 1024,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type },
      onProgress: (sent, total) => onShare?.(total === 0 ? 1 : sent / total),
      onError: (error) => {
        const response = 'originalResponse' in error ? error.originalResponse : null;
        let body: unknown = null;
        try {
          body = JSON.parse(response?.getBody() ?? 'null');
        } catch {
          // Not the studio's own words: the status alone is said.
        }
        reject(
          body === null && response === null
            ? errorOf(undefined, { code: 'E_UNREACHABLE', message: error.message })
            : errorOf(new Response(null, { status: Math.max(400, response?.getStatus() ?? 500) }), body),
        );
      },
      onSuccess: ({ lastResponse }) =>
        resolve(lastResponse.getHeader('x-media-path') ?? upload.url?.split('/').pop() ?? ''),
    });
    signal?.addEventListener('abort', () => void upload.abort(true));
    upload.start();
  });
}
