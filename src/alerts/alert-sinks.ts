import type { Alerts } from '../config/sections/alerts.js';
import { postJson } from '../core/net/post-json.js';
import { maskUrl } from '../core/secrets.js';
import { runAlertProgram } from './alert-exec.js';
import type { AlarmNotice, AlertLanguage } from './alarm-notice.js';
import { webhookMessage } from './webhook-body.js';

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
