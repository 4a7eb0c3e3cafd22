import { heldFetch } from '../../core/net/held-fetch.js';
import type { AlarmSnapshot } from '../../config/api/room-handle.js';
import { refuseStranger } from './push-address.js';
import type { Log } from '../../core/log.js';
import type { Database } from '../../store/store-schema.js';
import type { Seal } from '../../store/studio/seal.js';
import type { SettingsTable } from '../../store/studio/links-table.js';
import type { RoomRow } from '../../store/studio/rooms-table.js';

export interface PushSubscriptionBody {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

interface Vapid {
  readonly publicKey: string;
  /** Sealed, in Base64. */
  readonly privateKey: string;
}

const SETTING = 'vapid';
const PLACE = 'vapid';
const LIFE_S = 600;
const TIMEOUT_MS = 10_000;
const GONE: ReadonlySet<number> = new Set([404, 410]);

/** Alarms as Web Push messages to people who asked for them. The library is loaded with the first use. */
export class PushSender {
  constructor(
    private readonly db: Database,
    private readonly settings: SettingsTable,
    private readonly seal: Seal,
    private readonly log: Log,
    /** The address that push services may write to. */
    private readonly subject: () => string,
    /** Origins of push services beside those of the browsers. */
    private readonly services: readonly string[] = [],
  ) {}

  /** The key that browsers subscribe with. */
  async publicKey(): Promise<string> {
    const present = this.settings.get<Vapid>(SETTING);
    if (present !== undefined) return present.publicKey;
    const { generateVAPIDKeys } = (await import('web-push')).default;
    const { publicKey, privateKey } = generateVAPIDKeys();
    this.settings.put(SETTING, { publicKey, privateKey: this.seal.seal(privateKey, PLACE).toString('base64') });
    return publicKey;
  }

  subscribe(userId: string, organisation: string, subscription: PushSubscriptionBody): void {
    refuseStranger(subscription.endpoint, this.services);
    this.db
      .prepare(
        `INSERT INTO push (endpoint, user_id, organisation, subscription) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET user_id = excluded.user_id, organisation = excluded.organisation,
            subscription = excluded.subscription`,
      )
      .run(subscription.endpoint, userId, organisation, JSON.stringify(subscription));
  }

  unsubscribe(userId: string, endpoint: string): void {
    this.db.prepare('DELETE FROM push WHERE endpoint = ? AND user_id = ?').run(endpoint, userId);
  }

  /** Somebody has left an organisation; what they hear from another one stays. */
  forget(userId: string, organisation: string): void {
    this.db.prepare('DELETE FROM push WHERE user_id = ? AND organisation = ?').run(userId, organisation);
  }

  /** Never throws: an alarm that cannot be pushed is still on every page. */
  async alarm(row: RoomRow, alarm: AlarmSnapshot): Promise<void> {
    if (alarm.severity !== 'critical') return;
    const subscriptions = this.db.prepare('SELECT * FROM push WHERE organisation = ?').all(row.organisation) as {
      endpoint: string;
      subscription: string;
    }[];
    const vapid = this.settings.get<Vapid>(SETTING);
    if (subscriptions.length === 0 || vapid === undefined) return;
    const { generateRequestDetails } = (await import('web-push')).default;
    const text = JSON.stringify({ room: row.id, title: row.title, kind: alarm.kind, text: alarm.text });
    const vapidDetails = {
      subject: this.subject(),
      publicKey: vapid.publicKey,
      privateKey: this.seal.open(Buffer.from(vapid.privateKey, 'base64'), PLACE),
    };
    await Promise.all(
      subscriptions.map(async ({ endpoint, subscription }) => {
        try {
          const to = JSON.parse(subscription) as PushSubscriptionBody;
          const { method, headers, body } = generateRequestDetails(to, text, {
            TTL: LIFE_S,
            urgency: 'high',
            vapidDetails,
          });
          const answer = await heldFetch(endpoint, {
            method,
            headers: headers as Record<string, string>,
            body: new Uint8Array(body!),
            redirect: 'error',
            signal: AbortSignal.timeout(TIMEOUT_MS),
          });
          const { status } = answer;
          await answer.drop();
          if (GONE.has(status)) this.db.prepare('DELETE FROM push WHERE endpoint = ?').run(endpoint);
          else if (status >= 400) this.log.warn({ status }, 'a push service refuses an alarm');
        } catch (error) {
          this.log.warn({ error: String(error) }, 'an alarm could not be pushed to a browser');
        }
      }),
    );
  }
}
