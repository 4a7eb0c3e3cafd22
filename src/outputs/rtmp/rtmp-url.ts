import { EngineError } from '../../core/errors.js';
import { maskUrl } from '../../core/secrets.js';

export interface RtmpUrl {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** All path segments but the last. */
  readonly app: string;
  /** The last segment with the query: on most platforms, the key. */
  readonly streamName: string;
  /** `tcUrl` of the connect command: the address up to the app. */
  readonly tcUrl: string;
  /** For display: without the key. */
  readonly masked: string;
}

/** @throws EngineError E_OUTPUT_INVALID, without the key in it */
export function parseRtmpUrl(url: string): RtmpUrl {
  const m = /^(rtmps?):\/\/(?:[^@/?#]*@)?(\[[0-9a-f:.]+\]|[^:/?#]+)(?::(\d{1,5}))?\/([^?]+)(\?.*)?$/i.exec(url);
  const path = m?.[4] ?? '';
  const cut = path.lastIndexOf('/');
  const port = m?.[3] === undefined ? undefined : Number(m[3]);
  if (m === null || cut < 1 || cut === path.length - 1 || port === 0 || (port ?? 0) > 65_535) {
    throw new EngineError('E_OUTPUT_INVALID', {
      where: `output address ${maskUrl(url)}`,
      expected: 'rtmp://host[:port]/app/key or rtmps://…',
      found: 'another form',
      todo: 'copy server address and key from the platform and join them with "/"',
    });
  }
  const secure = m[1]!.toLowerCase() === 'rtmps';
  const app = path.slice(0, cut);
  const at = m[3] === undefined ? m[2]! : `${m[2]}:${m[3]}`;
  return {
    secure,
    host: m[2]!.replace(/^\[|\]$/g, ''),
    port: port ?? (secure ? 443 : 1935),
    app,
    streamName: path.slice(cut + 1) + (m[5] ?? ''),
    tcUrl: `${m[1]!.toLowerCase()}://${at}/${app}`,
    masked: maskUrl(url),
  };
}

/** Removes every secret part of the address from a text the server wrote. */
export function scrub(text: string, url: RtmpUrl): string {
  const parts = [url.streamName, ...url.streamName.split(/[?&=/]/), ...url.app.split('/').slice(1)];
  let clean = text.slice(0, 300);
  for (const part of parts.sort((a, b) => b.length - a.length)) {
    if (part.length >= 4) clean = clean.replaceAll(part, '***');
  }
  return clean;
}
