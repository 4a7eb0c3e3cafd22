/** Of the first bytes a page names its encoding in, and no later. */
const HEAD_BYTES = 4096;

/** Text of a page's bytes: by its byte order mark, the answer's header, the page's own word, else UTF-8. 1688 and Taobao still send GBK. */
export function decodePage(bytes: Uint8Array, charset?: string): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES));
  const mark = head.startsWith('ÿþ') ? 'utf-16le' : head.startsWith('þÿ') ? 'utf-16be' : undefined;
  const named = /<meta\b[^>]{0,200}\bcharset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(head)?.[1];
  for (const label of [mark, charset, named]) {
    if (label === undefined) continue;
    try {
      return new TextDecoder(label).decode(bytes);
    } catch {
      continue; // an encoding nobody knows
    }
  }
  return new TextDecoder().decode(bytes);
}
