// One banner for one trouble. A busy machine raises several alarms at once and shows the slate besides; a person who reads four
// banners looks for four faults.

/** Slate reasons that a machine too slow for the checks brings. */
const SLOW = new Set(['unjudged', 'hold-time']);
/** Signs of the slate, which is still and silent; a machine that is too slow is silent as well. */
const SIGNS = new Set(['picture', 'silence', 'dead-air']);
const SEVERITIES = ['critical', 'warning', 'notice'];

/**
 * The present troubles, each with all its signs: `{ key, severity, since, text, more }`, the worst first. `alarms` are those of the
 * room, `slate` the reasons why viewers see the slate, `busy` whether frames are late or unchecked now. `word` translates,
 * `language` is that of the alarms' texts. Without an alarm a trouble is a notice without a time.
 */
export function causesOf({ alarms, slate, busy }, word, language) {
  const slow = busy || alarms.some(({ kind }) => kind === 'machine-slow');
  const held = alarms.some(({ kind }) => kind === 'risk-held');
  const own = slate.filter((reason) => !(slow && SLOW.has(reason)) && !(held && reason === 'risk'));
  // The moment after a withheld frame is a reason of its own only where there is no other.
  const slateUp = own.some((reason) => reason !== 'hold-time') || (own.length > 0 && !held);
  const ofSlate = slateUp ? 'slate' : held ? 'risk' : slow ? 'machine' : 'slate';
  const slateSeen = slate.length > 0 || alarms.some(({ kind }) => kind === 'slate');
  const keyOf = (alarm) => {
    if (alarm.kind === 'machine-slow') return 'machine';
    if (alarm.kind === 'risk-held') return 'risk';
    if (alarm.kind === 'slate' || (slateSeen && SIGNS.has(alarm.kind))) return ofSlate;
    if (SIGNS.has(alarm.kind) && alarm.kind !== 'picture') return slow ? 'machine' : 'sound';
    if (alarm.kind === 'disk-low' || alarm.kind === 'ledger') return 'disk';
    if (alarm.kind === 'avatar-away' || alarm.kind === 'avatar-speech') return 'avatar';
    return `${alarm.kind} ${reasonOf(alarm.text.en) || alarm.subject}`;
  };
  const found = new Map();
  for (const alarm of alarms) found.set(keyOf(alarm), [...(found.get(keyOf(alarm)) ?? []), alarm]);
  if (slow && !found.has('machine')) found.set('machine', []);
  if (slateUp && !found.has('slate')) found.set('slate', []);

  const headOf = (key) => {
    if (key === 'machine')
      return (slateSeen && ofSlate === 'machine' ? `${word('slateUp')}${gap(language)}` : '') + word('busy');
    if (key !== 'slate' || !slateUp) return '';
    const reasons = own.map((reason) => word(`slate-${reason}`)).join(language === 'zh' ? '；' : '; ');
    return word('slate') + reasons + (language === 'zh' ? '。' : '.');
  };
  return [...found]
    .map(([key, members]) => {
      const sorted = members.toSorted(
        (a, b) => rank(a.severity) - rank(b.severity) || SIGNS.has(a.kind) - SIGNS.has(b.kind),
      );
      const head = headOf(key);
      // Viewers see the slate: the head says so already, with its present reasons.
      const rest = head === '' ? sorted.slice(1) : sorted.filter(({ kind }) => kind !== 'slate');
      return {
        key,
        severity: sorted[0]?.severity ?? 'notice',
        since: members.map(({ since }) => since).toSorted()[0],
        text: head || sorted[0].text[language],
        more: rest.map(({ text }) => text[language]),
      };
    })
    .toSorted((a, b) => rank(a.severity) - rank(b.severity));
}

const rank = (severity) => SEVERITIES.indexOf(severity);
const gap = (language) => (language === 'zh' ? '' : ' ');

/** "Output taobao is down: refused": refused. Outputs that fail for one reason are one trouble. */
const reasonOf = (text) => (text.includes(': ') ? text.slice(text.indexOf(': ') + 2) : '');
