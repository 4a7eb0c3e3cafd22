/** RFC 9309: the group for this agent, else the one for all; the longest matching rule, and of two equal ones `allow`. */
export function isClosed(robots: string, path: string): boolean {
  const groups: { agents: string[]; rules: { allow: boolean; pattern: string }[] }[] = [];
  let open = false;
  for (const line of robots.split(/\r?\n/)) {
    const [, key, value] = /^\s*([\w-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (/^user-agent$/i.test(key)) {
      if (!open) groups.push({ agents: [], rules: [] });
      open = true;
      groups.at(-1)!.agents.push(value.toLowerCase());
    } else if (/^(dis)?allow$/i.test(key)) {
      open = false;
      if (value !== '') groups.at(-1)?.rules.push({ allow: /^allow$/i.test(key), pattern: value });
    }
  }
  const own = groups.filter((one) => one.agents.includes('showroombot'));
  const rules = (own.length > 0 ? own : groups.filter((one) => one.agents.includes('*'))).flatMap((one) => one.rules);
  let best: { allow: boolean; pattern: string } | undefined;
  for (const rule of rules) {
    if (!matches(rule.pattern, path)) continue;
    const longer = rule.pattern.length - (best?.pattern.length ?? -1);
    if (longer > 0 || (longer === 0 && rule.allow)) best = rule;
  }
  return best !== undefined && !best.allow;
}

/** `*` is any run of characters, `$` the end; by parts, so that no pattern takes long. */
function matches(pattern: string, path: string): boolean {
  const anchored = pattern.endsWith('$');
  const parts = (anchored ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(parts[0]!)) return false;
  let at = parts[0]!.length;
  for (const part of parts.slice(1, anchored ? -1 : undefined)) {
    const next = path.indexOf(part, at);
    if (next < 0) return false;
    at = next + part.length;
  }
  if (!anchored) return true;
  const last = parts.length > 1 ? parts.at(-1)! : '';
  return parts.length === 1 ? at === path.length : path.length - last.length >= at && path.endsWith(last);
}
