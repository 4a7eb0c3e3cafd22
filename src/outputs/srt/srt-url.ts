import { EngineError } from '../../core/errors.js';
import { maskUrl } from '../../core/secrets.js';

export interface SrtAddress {
  /** For ffmpeg's command line, which every local user may read: without secrets. */
  readonly open: string;
  readonly host: string;
  /** Passed to ffmpeg through a pipe: option name and value. */
  readonly secrets: readonly (readonly [option: string, value: string])[];
  /** For display. */
  readonly masked: string;
}

/** Query keys passed to libsrt unchanged. */
const PASSED = new Set(['pbkeylen', 'maxbw', 'oheadbw', 'payload_size']);
const CONNECT_MS = 3000;
/** SRT itself gives up a silent peer after 5 s, and drops late packets before that. */
const SILENT_MS = 2000;
const MIN_BUFFER_BYTES = 128 << 10;

/**
 * @param kbps total send rate
 * @throws EngineError E_OUTPUT_INVALID, without a secret in it
 */
export function parseSrtUrl(url: string, latencyMs: number, kbps: number): SrtAddress {
  const m = /^srt:\/\/(\[[0-9a-f:.]+\]|[^:/?#\s]+):(\d{1,5})\/?(?:\?(\S*))?$/i.exec(url);
  const invalid = (found: string): EngineError =>
    new EngineError('E_OUTPUT_INVALID', {
      where: `output address ${maskUrl(url)}`,
      expected: 'srt://host:port?streamid=…&passphrase=…',
      found,
      todo: 'the engine is the caller; keys besides those: pbkeylen, maxbw, oheadbw, payload_size',
    });
  if (m === null) throw invalid('something else');
  const [, host, port, query = ''] = m;
  // Unacknowledged data is kept until the buffer is full, and then nothing more is accepted: the ring jumps to an IDR,
  // and a silent peer becomes visible.
  const sndbuf = Math.max(MIN_BUFFER_BYTES, Math.ceil((kbps * (1000 + latencyMs)) / 8));
  const open = new URLSearchParams({
    mode: 'caller',
    connect_timeout: String(CONNECT_MS),
    latency: `${latencyMs}000`,
    timeout: `${SILENT_MS}000`,
    snddropdelay: '-1',
    sndbuf: String(sndbuf),
  });
  const secrets: [string, string][] = [];
  for (const [key, value] of new URLSearchParams(query)) {
    if ([...value].some((letter) => letter < ' ')) throw invalid(`control characters in "${key}"`);
    if (key === 'streamid') secrets.push(['srt_streamid', value]);
    else if (key === 'passphrase') secrets.push(['passphrase', value]);
    else if (PASSED.has(key) && /^\d+$/.test(value)) open.set(key, value);
    else if (!(key === 'mode' && value === 'caller') && key !== 'latency') throw invalid(`the key "${key}"`);
  }
  const passphrase = secrets.find(([name]) => name === 'passphrase')?.[1];
  if (passphrase !== undefined && (passphrase.length < 10 || passphrase.length > 79)) {
    throw invalid(`a passphrase of ${passphrase.length} characters (SRT takes 10 to 79)`);
  }
  return {
    open: `srt://${host}:${port}?${open}`,
    host: host!.replace(/^\[|\]$/g, ''),
    secrets,
    masked: `srt://${host}:${port}`,
  };
}
