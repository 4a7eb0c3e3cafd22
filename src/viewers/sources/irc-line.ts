/** A line of IRC with the tags of IRCv3. */
export interface IrcMessage {
  readonly tags: ReadonlyMap<string, string>;
  /** The sender's name; empty for the server's own. */
  readonly nick: string;
  readonly command: string;
  readonly params: readonly string[];
}

const LINE = /^(?:@(\S+) +)?(?::(\S+) +)?([A-Za-z]+|\d{3})(?: +(.*))?$/s;
const MAX_TAGS = 60;
const ESCAPES: Readonly<Record<string, string>> = { ':': ';', s: ' ', '\\': '\\', r: '\r', n: '\n' };

/** Reads a line (RFC 1459, IRCv3 message tags); undefined when it is malformed. */
export function parseIrc(line: string): IrcMessage | undefined {
  const [, tagText = '', prefix = '', command, rest = ''] = LINE.exec(line) ?? [];
  if (command === undefined) return undefined;
  const tags = new Map<string, string>();
  for (const pair of tagText.split(';').slice(0, MAX_TAGS)) {
    const at = pair.indexOf('=');
    if (at > 0)
      tags.set(
        pair.slice(0, at),
        pair.slice(at + 1).replace(/\\(.?)/g, (_, c: string) => ESCAPES[c] ?? c),
      );
  }
  const trailing = rest.startsWith(':') ? 0 : rest.indexOf(' :') + 1;
  const last = rest.startsWith(':') || trailing > 0 ? [rest.slice(trailing + 1)] : [];
  const middle = (last.length > 0 ? rest.slice(0, trailing) : rest).split(' ').filter((one) => one !== '');
  return {
    tags,
    nick: /^([^!@]+)!/.exec(prefix)?.[1] ?? '',
    command: command.toUpperCase(),
    params: [...middle, ...last],
  };
}
