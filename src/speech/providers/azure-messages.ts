/**
 * Messages of Azure's speech WebSocket: headers and a body. Text messages separate them by an empty line; binary ones
 * begin with the length of the headers (uint16 BE).
 */
export interface AzureMessage {
  /** Lower case: `turn.end`, `audio.metadata`. */
  readonly path: string;
  readonly body: Buffer;
}

export function azureText(path: string, requestId: string, type: string, body: string, nowMs: number): string {
  return [
    `Path: ${path}`,
    `X-RequestId: ${requestId}`,
    `X-Timestamp: ${new Date(nowMs).toISOString()}`,
    `Content-Type: ${type}`,
    '',
    body,
  ].join('\r\n');
}

export function readAzureText(text: string): AzureMessage {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  return { path: pathIn(head), body: Buffer.from(end < 0 ? '' : text.slice(end + 4)) };
}

/** Undefined for a message that is too short for its own headers. */
export function readAzureBytes(bytes: Buffer): AzureMessage | undefined {
  if (bytes.length < 2) return undefined;
  const length = bytes.readUInt16BE(0);
  if (bytes.length < 2 + length) return undefined;
  return { path: pathIn(bytes.toString('latin1', 2, 2 + length)), body: bytes.subarray(2 + length) };
}

const pathIn = (head: string): string => (/^path:\s*(\S+)/im.exec(head)?.[1] ?? '').toLowerCase();

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export const xmlText = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/** One sound for each of Azure's 22 visemes, so the mouth takes the same path as with sounds. Empty: silence. */
export const AZURE_VISEME_IPA: readonly string[] = ' æ ɑ ɔ ɛ ɝ i u o aʊ ɔɪ aɪ h ɹ l s ʃ θ f t k p'.split(' ');
