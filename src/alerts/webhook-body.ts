/**
 * Alert bodies in the formats of the receivers: our own JSON, Slack's incoming webhooks, the custom robots of DingTalk
 * and Feishu.
 */
import { createHmac } from 'node:crypto';
import type { AlertWebhookConfig } from '../config/sections/alerts.js';
import { noticeSentence, type AlarmNotice, type AlertLanguage } from './alarm-notice.js';

export interface WebhookMessage {
  /** With the signature, where it belongs to the address. */
  readonly url: string;
  readonly body: unknown;
  /** The refusal in an answer of status 200, or an empty text. */
  readonly refusal?: (answer: string) => string;
}

export interface MessageParts {
  readonly notice: AlarmNotice;
  readonly room: string;
  readonly language: AlertLanguage;
  /** Number of earlier notices that were lost. */
  readonly dropped: number;
  /** Wall time; signatures are valid for an hour around it. */
  readonly nowMs: number;
}

export function webhookMessage(to: AlertWebhookConfig, parts: MessageParts): WebhookMessage {
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
