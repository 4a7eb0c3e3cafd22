import { createHmac } from 'node:crypto';
import type { Alerts, AlertWebhookConfig } from '../config/sections/alerts.js';
import { postJson } from '../core/net/post-json.js';
import { maskUrl } from '../core/secrets.js';
import { TimeLimit } from '../core/sleep.js';
import { spawnChild } from '../core/processes/child-process.js';
import { type AlarmNotice, type AlertLanguage, noticeSentence } from './alarm.js';

/**
 * Alert bodies in the formats of the receivers: our own JSON, Slack's incoming webhooks, the custom robots of DingTalk
 * and Feishu.
 */
interface WebhookMessage {
  /** With the signature, where it belongs to the address. */
  readonly url: string;
  readonly body: unknown;
  /** The refusal in an answer of status 200, or an empty text. */
  readonly refusal?: (answer: string) => string;
}

interface MessageParts {
  readonly notice: AlarmNotice;
  readonly room: string;
  readonly language: AlertLanguage;
  /** Number of earlier notices that were lost. */
  readonly dropped: number;
  /** Wall time; signatures are valid for an hour around it. */
  readonly nowMs: number;
}

function webhookMessage(to: AlertWebhookConfig, parts: MessageParts): WebhookMessage {
  const { notice, room, language, dropped, nowMs } = parts;
  const sentence = noticeSentence(notice, room, language);
  switch (to.format) {
    case 'generic': {
      const { kind, subject, state, severity, since, at, lastedMs } = notice;
      const body = {
        event: 'alarm',
        room,
        kind,
        subject,
        state,
        severity,
        text: sentence,
        since,
        at,
        lastedMs,
        dropped,
      };
      return { url: to.url, body };
    }
    case 'slack':
      return { url: to.url, body: { text: slackText(sentence) } };
    case 'dingtalk':
      return {
        url: to.secret === undefined ? to.url : dingTalkUrl(to.url, to.secret, nowMs),
        body: { msgtype: 'text', text: { content: sentence }, at: { isAtAll: false } },
        refusal: (answer) => refusalOf(answer, 'errcode', 'errmsg'),
      };
    case 'feishu':
      return {
        url: to.url,
        body: {
          ...(to.secret === undefined ? {} : feishuSignature(to.secret, nowMs)),
          msg_type: 'text',
          content: { text: sentence },
        },
        refusal: (answer) => refusalOf(answer, 'code', 'msg'),
      };
  }
}

/** Escapes the three special characters of Slack's markup. */
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** DingTalk: HMAC-SHA256 of `timestamp\nsecret` under the secret, in the address; the time in ms. */
function dingTalkUrl(url: string, secret: string, nowMs: number): string {
  const timestamp = String(Math.round(nowMs));
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  const signed = new URL(url);
  signed.searchParams.set('timestamp', timestamp);
  signed.searchParams.set('sign', sign);
  return signed.href;
}

/** Feishu: HMAC-SHA256 of an empty text under `timestamp\nsecret`, in the body; the time in seconds. */
function feishuSignature(secret: string, nowMs: number): { timestamp: string; sign: string } {
  const timestamp = String(Math.round(nowMs / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
}

/** Both robots answer 200 to everything and put the refusal into the body. */
function refusalOf(answer: string, codeKey: string, messageKey: string): string {
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(answer) as Record<string, unknown>;
  } catch {
    return 'an answer that is not JSON';
  }
  const code = said?.[codeKey];
  return code === 0 ? '' : `code ${String(code)}: ${String(said?.[messageKey] ?? 'no reason').slice(0, 200)}`;
}

interface AlertExecParts {
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
function runAlertProgram({ command, notice, room, language, signal }: AlertExecParts): Promise<string> {
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

/** A receiver of alerts. */
export interface AlertSink {
  /** For logs, without secrets. */
  readonly name: string;
  /** Tries once. Resolves with the failure, or an empty text; never rejects. */
  send(notice: AlarmNotice, dropped: number, signal: AbortSignal): Promise<string>;
}

/** All receivers that a room file names. Their language defaults to `roomLanguage`. */
export function alertSinks(alerts: Alerts, room: string, roomLanguage: string): AlertSink[] {
  const usual: AlertLanguage = alerts.language ?? (/^zh\b/i.test(roomLanguage) ? 'zh' : 'en');
  const sinks: AlertSink[] = alerts.webhooks.map((to) => ({
    name: `${to.format} ${maskUrl(to.url)}`,
    send(notice, dropped, signal) {
      const parts = { notice, room, language: to.language ?? usual, dropped, nowMs: Date.now() };
      const { url, body, refusal } = webhookMessage(to, parts);
      return postJson({
        url,
        token: to.token,
        body,
        signal,
        allowPrivate: to.allowPrivate,
        ...(refusal === undefined ? {} : { refusal }),
      });
    },
  }));
  const { exec } = alerts;
  if (exec !== undefined) {
    sinks.push({
      name: `program ${exec[0]}`,
      send: (notice, _dropped, signal) => runAlertProgram({ command: exec, notice, room, language: usual, signal }),
    });
  }
  return sinks;
}
