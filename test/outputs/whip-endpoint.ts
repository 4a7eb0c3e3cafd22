import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RTCPeerConnection, RTCRtpCodecParameters } from 'werift';

/** Answers to a POST that create no session. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** A WHIP endpoint (RFC 9725) on loopback that receives real media and records its requests. */
export class WhipEndpoint {
  readonly requests: { method: string; path: string; authorization: string; body: string; ifMatch: string }[] = [];
  readonly counts = { video: 0, audio: 0, pictures: 0 };
  readonly sessions = new Map<string, RTCPeerConnection>();
  deleted = 0;
  /** Candidates that came by PATCH, and were taken. */
  readonly trickled: string[] = [];
  readonly patchStatuses: number[] = [];
  refusal: Refusal | undefined;
  /** The bearer token that a POST must have. */
  token: string | undefined;
  onSound: (sequence: number, payload: Buffer) => void = () => undefined;
  /** Further headers of the 201. */
  headers: Record<string, string> = {};
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const peer of this.sessions.values()) await peer.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url: path = '' } = request;
    const { authorization = '', 'if-match': ifMatch = '' } = request.headers;
    this.requests.push({ method, path, authorization, body, ifMatch });
    const id = path.split('/').at(-1)!;
    if (method === 'POST' && this.refusal !== undefined) {
      response.writeHead(this.refusal.status, this.refusal.headers).end('do not show this: s3cret');
    } else if (method === 'POST' && this.token !== undefined && authorization !== `Bearer ${this.token}`) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    } else if (method === 'POST' && path === '/entry/s3cret') {
      response.writeHead(307, { location: '/hop' }).end();
    } else if (method === 'POST' && path === '/hop') {
      response.writeHead(308, { location: '/whip/room/' }).end();
    } else if (method === 'POST' && path === '/whip/room/') {
      const { session, answer } = await this.open(body);
      // Relative to the address that was redirected to.
      response
        .writeHead(201, { 'content-type': 'application/sdp', location: `session/${session}`, ...this.headers })
        .end(answer);
    } else if (method === 'PATCH' && this.sessions.has(id)) {
      const type = request.headers['content-type'] ?? '';
      const status = await this.trickle(this.sessions.get(id)!, type, ifMatch, body);
      this.patchStatuses.push(status);
      response.writeHead(status).end();
    } else if (method === 'DELETE' && this.sessions.has(id)) {
      this.deleted += 1;
      await this.sessions.get(id)!.close();
      this.sessions.delete(id);
      response.writeHead(200).end();
    } else {
      response.writeHead(404).end();
    }
  }

  /** Candidates that came after the offer (RFC 9725, 4.3.1 and 4.3.2; RFC 8840); gives the status. */
  private async trickle(peer: RTCPeerConnection, type: string, ifMatch: string, body: string): Promise<number> {
    const { etag } = this.headers;
    if (etag === undefined) return 405; // no trickle here
    if (type !== 'application/trickle-ice-sdpfrag') return 415;
    if (ifMatch === '') return 428;
    if (ifMatch !== etag) return 412;
    const remote = peer.remoteDescription!.sdp;
    const field = (name: string, text: string): string | undefined =>
      new RegExp(`^a=${name}:(.*)\r$`, 'm').exec(text)?.[1];
    const mid = field('mid', body);
    // Other credentials would be a restart of ICE, which this endpoint does not offer.
    for (const name of ['ice-ufrag', 'ice-pwd']) if (field(name, body) !== field(name, remote)) return 422;
    if (mid === undefined || !/^m=\w+ \d+ \S+ .*\r$/m.test(body) || !remote.includes(`a=mid:${mid}\r\n`)) return 400;
    for (const [, candidate] of body.matchAll(/^a=(candidate:.*)\r$/gm)) {
      this.trickled.push(candidate!);
      await peer.addIceCandidate({ candidate: candidate!, sdpMid: mid });
    }
    return 204;
  }

  private async open(offer: string): Promise<{ session: string; answer: string }> {
    const profile = /profile-level-id=[0-9a-f]{6}/.exec(offer)?.[0];
    const h264 = (parameters: string): RTCRtpCodecParameters =>
      new RTCRtpCodecParameters({
        mimeType: 'video/H264',
        clockRate: 90_000,
        rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
        parameters,
      });
    const peer = new RTCPeerConnection({
      codecs: {
        video: profile === undefined ? [] : [h264(profile)],
        audio: [new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2 })],
      },
      iceServers: [],
      iceAdditionalHostAddresses: ['127.0.0.1'],
    });
    peer.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet) => {
        this.counts[track.kind === 'video' ? 'video' : 'audio'] += 1;
        if (track.kind === 'video' && packet.header.marker) this.counts.pictures += 1;
        if (track.kind === 'audio') this.onSound(packet.header.sequenceNumber, packet.payload);
      });
    });
    await peer.setRemoteDescription({ type: 'offer', sdp: offer });
    await peer.setLocalDescription(await peer.createAnswer());
    const session = randomBytes(6).toString('hex');
    this.sessions.set(session, peer);
    return { session, answer: peer.localDescription!.sdp };
  }
}
