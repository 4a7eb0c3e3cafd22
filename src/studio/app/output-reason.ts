/**
 * What a seller reads of an output's last error: the engine's text is for a log, in English, and names a system call.
 * Each pattern stands with the text `output.reason.…`; the first that matches counts.
 */
const REASONS = [
  [/ECONNREFUSED/, 'refused'],
  [/ENOTFOUND|EAI_AGAIN/, 'no-such-host'],
  [/ETIMEDOUT|no answer in/, 'no-answer'],
  [/EHOSTUNREACH|ENETUNREACH/, 'unreachable'],
  [/ECONNRESET|EPIPE/, 'closed'],
  [/CERT_|certificate/i, 'certificate'],
] as const;

type Reason = (typeof REASONS)[number][1];

/** The error in the studio's language, with the server's address where it names one; other errors as they are. */
export function outputReason(lastError: string, t: (key: `output.reason.${Reason}`) => string): string {
  const known = REASONS.find(([pattern]) => pattern.test(lastError));
  // The wait for a platform's next publish is in the engine's words alone.
  if (known === undefined || lastError.includes('publishes per hour')) return lastError;
  const at = /\[[\da-f:]+\]:\d+|(?:\d{1,3}\.){3}\d{1,3}:\d+|(?<=ENOTFOUND |EAI_AGAIN )[\w.-]+/.exec(lastError)?.[0];
  return t(`output.reason.${known[1]}`) + (at === undefined ? '' : ` (${at})`);
}
