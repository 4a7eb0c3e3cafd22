import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

const MAX_PAGE = 3;

/** The part of the YouTube Data API v3 that live chats need: videos.list and liveChatMessages.list with pages. */
export class YoutubeApi {
  readonly asked: { path: string; key: string | undefined; pageToken: string | null }[] = [];
  readonly messages: object[] = [];
  chat: string | undefined = 'chat-1';
  /** Answered once each, before anything else. */
  readonly failures: { status: number; reason: string; message?: string }[] = [];
  ended = false;
  pollingIntervalMillis = 20;
  url = '';

  static async start(t: Test): Promise<YoutubeApi> {
    const api = new YoutubeApi();
    const server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://api');
      const key = request.headers['x-goog-api-key'] as string | undefined;
      api.asked.push({ path: url.pathname, key, pageToken: url.searchParams.get('pageToken') });
      const [status, body] = api.answer(url, key);
      response.statusCode = status;
      response.setHeader('content-type', 'application/json; charset=UTF-8').end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => {
      server.closeAllConnections();
      server.close();
    });
    api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/youtube/v3`;
    return api;
  }

  say(id: string, name: string, text: string, publishedAt = new Date().toISOString()): void {
    this.messages.push({
      kind: 'youtube#liveChatMessage',
      id,
      snippet: {
        type: 'textMessageEvent',
        liveChatId: this.chat,
        publishedAt,
        displayMessage: text,
        textMessageDetails: { messageText: text },
      },
      authorDetails: { channelId: `UC${name}`, displayName: name, isChatOwner: false },
    });
  }

  private answer(url: URL, key: string | undefined): [number, object] {
    const failure = this.failures.shift();
    if (failure !== undefined) return [failure.status, errorBody(failure.status, failure.reason, failure.message)];
    if (key !== 'right-key')
      return [400, errorBody(400, 'badRequest', 'API key not valid. Please pass a valid API key.')];
    if (url.pathname.endsWith('/videos')) {
      const details = this.chat === undefined ? {} : { activeLiveChatId: this.chat };
      const items =
        url.searchParams.get('id') === 'live-video' ? [{ id: 'live-video', liveStreamingDetails: details }] : [];
      return [200, { kind: 'youtube#videoListResponse', items }];
    }
    if (!url.pathname.endsWith('/liveChat/messages')) return [404, errorBody(404, 'notFound')];
    if (url.searchParams.get('liveChatId') !== this.chat) return [404, errorBody(404, 'liveChatNotFound')];
    const from = Number(url.searchParams.get('pageToken')?.slice(5) ?? 0);
    const items = this.messages.slice(from, from + MAX_PAGE);
    return [
      200,
      {
        kind: 'youtube#liveChatMessageListResponse',
        nextPageToken: `page-${from + items.length}`,
        pollingIntervalMillis: this.pollingIntervalMillis,
        pageInfo: { totalResults: items.length, resultsPerPage: items.length },
        ...(this.ended ? { offlineAt: new Date().toISOString() } : {}),
        items,
      },
    ];
  }
}

const errorBody = (code: number, reason: string, message = reason): object => ({
  error: { code, message, errors: [{ message, domain: 'youtube.liveChat', reason }] },
});
