import { TimeLimit } from '../core/time-limit.js';
import { spawnChild } from '../core/processes/child-process.js';
import { noticeSentence, type AlarmNotice, type AlertLanguage } from './alarm-notice.js';

export interface AlertExecParts {
  readonly command: readonly string[];
  readonly notice: AlarmNotice;
  readonly room: string;
  readonly language: AlertLanguage;
  readonly signal: AbortSignal;
}

const MAX_RUN_MS = 30_000;

/**
 * Runs a program for an alarm, without a shell; it gets the alarm as JSON on standard input and in its environment.
 * Resolves with the failure, or an empty text.
 */
export function runAlertProgram({ command, notice, room, language, signal }: AlertExecParts): Promise<string> {
  const [program, ...args] = command;
  const text = noticeSentence(notice, room, language);
  const env: NodeJS.ProcessEnv = {
    SHOWROOM_ROOM: room,
    SHOWROOM_ALARM: notice.kind,
    SHOWROOM_ALARM_STATE: notice.state,
    SHOWROOM_ALARM_SUBJECT: notice.subject,
    SHOWROOM_ALARM_TEXT: text,
  };
  // Not the time limit of spawn(): where a program is missing, its timer would keep the process for 30 s.
  const limit = new TimeLimit(MAX_RUN_MS, signal);
  return new Promise<string>((resolve) => {
    const child = spawnChild(program!, args, {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
      killSignal: 'SIGKILL',
      signal: limit.signal,
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve(limit.isOver ? `ended after ${MAX_RUN_MS / 1000} s` : (error.code ?? error.name)),
    );
    child.on('close', (code, killedBy) =>
      resolve(code === 0 ? '' : code === null ? `ended by ${killedBy}` : `exit code ${code}`),
    );
    // A program that does not read its input may close it.
    child.stdin.on('error', () => undefined);
    const { kind, subject, state, severity, since, at, lastedMs } = notice;
    child.stdin.end(`${JSON.stringify({ room, kind, subject, state, severity, text, since, at, lastedMs })}\n`);
  }).finally(() => limit.end());
}
