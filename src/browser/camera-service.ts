import { deviceIds, newSalt, readSalt, readSettings, type Settings, siteMatches, type Store } from './settings.js';
import { USUAL_PICTURE, type CameraState, type OfferReply, type Replies, type Request } from './messages.js';
import { iceServers, lookAtRoom, whepDrop, whepOffer, type Endpoint, type Http, type Picture } from './whep-client.js';

const LOOK_KEPT_MS = 400;
const GRANTS_KEPT = 500;

/**
 * Answers pages' requests: holds the settings, talks to the engine. In the extension it runs in the worker, beyond any
 * page's policy; in a userscript it runs beside the page's part.
 */
export class CameraService {
  /** Session addresses by the opaque names given to pages: a page must not choose the target of a request. */
  private readonly sessions = new Map<string, string>();
  private salt: Promise<string> | undefined;
  private looked: { key: string; atMs: number; picture: Promise<Picture | undefined> } | undefined;

  constructor(
    private readonly store: Store,
    private readonly http: Http,
  ) {}

  /** `origin` is the asking page's, as reported by the browser. */
  async answer<K extends Request['kind']>(request: Extract<Request, { kind: K }>, origin: string): Promise<Replies[K]> {
    return (await this.handle(request, origin)) as Replies[K];
  }

  private async handle(request: Request, origin: string): Promise<Replies[Request['kind']]> {
    const settings = await readSettings(this.store);
    const endpoint = { url: settings.endpoint, token: settings.token };
    if (request.kind === 'state') return this.state(settings, origin);
    if (request.kind === 'drop') return this.drop(endpoint, request.session);
    if (!this.offered(settings, origin)) throw new Error('the camera is not offered on this site');
    switch (request.kind) {
      case 'offer':
        return this.offer(endpoint, request.sdp);
      case 'servers':
        return iceServers(this.http, endpoint).catch(() => []);
      case 'granted':
        return this.grant(origin, request.video, request.audio);
    }
  }

  /** Whether the engine answers, and with which picture; cached for a moment. */
  look(settings: Settings): Promise<Picture | undefined> {
    const key = `${settings.endpoint}\n${settings.token}`;
    const nowMs = Date.now();
    if (this.looked?.key !== key || nowMs - this.looked.atMs > LOOK_KEPT_MS) {
      const picture = lookAtRoom(this.http, { url: settings.endpoint, token: settings.token });
      this.looked = { key, atMs: nowMs, picture };
    }
    return this.looked.picture;
  }

  private offered(settings: Settings, origin: string): boolean {
    return URL.canParse(origin) && siteMatches(new URL(origin).hostname, settings.sites);
  }

  private async state(settings: Settings, origin: string): Promise<CameraState> {
    const offered = this.offered(settings, origin);
    const [ids, granted, picture] = await Promise.all([
      (this.salt ??= readSalt(this.store)).then((salt) => deviceIds(salt, origin)),
      this.store.get('granted'),
      offered ? this.look(settings) : undefined,
    ]);
    return {
      offered,
      available: picture !== undefined,
      preferred: settings.preferred,
      ...(picture ?? USUAL_PICTURE),
      ids,
      granted: granted?.[origin] ?? { video: false, audio: false },
    };
  }

  private async offer(endpoint: Endpoint, sdp: string): Promise<OfferReply> {
    const { answer, session } = await whepOffer(this.http, endpoint, sdp);
    const name = newSalt();
    this.sessions.set(name, session);
    return { answer, session: name };
  }

  private async drop(endpoint: Endpoint, name: string): Promise<null> {
    const session = this.sessions.get(name);
    this.sessions.delete(name);
    if (session !== undefined) await whepDrop(this.http, endpoint, session);
    return null;
  }

  private async grant(origin: string, video: boolean, audio: boolean): Promise<null> {
    const { [origin]: before, ...others } = (await this.store.get('granted')) ?? {};
    const now = { video: video || before?.video === true, audio: audio || before?.audio === true };
    const kept = [...Object.entries(others), [origin, now] as const].slice(-GRANTS_KEPT);
    await this.store.set('granted', Object.fromEntries(kept));
    return null;
  }
}
