import { z } from 'zod';

const id = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,39}$/, 'expected letters, digits and dashes')
  .describe('Name of the source, used in logs and in the ids of its events');
const socketUrl = (fallback: string) =>
  z
    .string()
    .regex(/^wss?:\/\/[^\s/@]+(?:\/\S*)?$/, 'expected ws://host:port or wss://host/path')
    .default(fallback);
const httpUrl = (fallback: string) =>
  z
    .url({ protocol: /^https?$/, error: 'expected http(s)://host/path' })
    .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'expected an address without a name and a password')
    .default(fallback);
const secret = z
  .string()
  .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, 'expected "${NAME}": the name of an environment variable, not the secret');
const platform = (fallback: string) =>
  z
    .string()
    .regex(/^[\da-z][\da-z-]{0,39}$/, 'expected lower-case letters, digits and dashes')
    .default(fallback);

const oba = z
  .strictObject({
    id,
    kind: z.literal('oba').describe('Kind of the source'),
    url: socketUrl('ws://127.0.0.1:12354').describe('WebSocket server of oba-live-tool'),
    platform: platform('douyin').describe('Platform of the messages that do not name one: "douyin" or "kuaishou"'),
  })
  .describe('oba-live-tool: Taobao, Douyin, Kuaishou, WeChat Channels, Xiaohongshu');

const luna = z
  .strictObject({
    id,
    kind: z.literal('luna').describe('Kind of the source'),
    host: z.string().min(1).default('127.0.0.1').describe('Address that the server listens on'),
    port: z.int().min(0).max(65_535).default(5001).describe('Port of the server; 0 takes a free one'),
    token: secret
      .optional()
      .describe('Environment variable with the token that clients send as ?token= or as a Bearer token'),
    platform: platform('luna').describe('Platform of the messages that do not name one'),
    sites: z
      .array(
        z
          .string()
          .regex(
            /^(?:https?:\/\/[a-z0-9][a-z0-9.-]*(?::\d{1,5})?|[a-z0-9][a-z0-9.-]*)$/,
            'expected a host name such as douyin.com, or an origin such as http://localhost:8080',
          ),
      )
      .max(50)
      .default([
        'douyin.com',
        'jinritemai.com',
        'kuaishou.com',
        'taobao.com',
        '1688.com',
        'pinduoduo.com',
        'xiaohongshu.com',
        'weixin.qq.com',
        'tiktok.com',
        'alibaba.com',
      ])
      .describe('Sites whose https pages may connect, and exact origins; programs and browser extensions always may'),
  })
  .refine(({ host, token }) => token !== undefined || /^(?:127\.|localhost$|::1$)/.test(host), {
    error: 'expected a token, since other machines can reach this address',
    path: ['token'],
  })
  .describe('WebSocket server for the comment tools of Luna (AI-Vtuber)');

const youtube = z
  .strictObject({
    id,
    kind: z.literal('youtube').describe('Kind of the source'),
    videoId: z
      .string()
      .regex(/^[\w-]{6,20}$/, 'expected the id of a video, such as jfKfPfyJRdk')
      .optional()
      .describe('Id of the live video; its chat is looked up'),
    liveChatId: z.string().min(1).max(300).optional().describe('Id of the chat, instead of videoId'),
    apiKey: secret.default('${YOUTUBE_KEY}').describe('Environment variable with a key of the YouTube Data API v3'),
    minPollMs: z
      .int()
      .min(1000)
      .max(600_000)
      .default(10_000)
      .describe('Shortest time between two polls in ms; each costs quota, and YouTube may ask for a longer time'),
    baseUrl: httpUrl('https://www.googleapis.com/youtube/v3').describe('Address of the API'),
  })
  .refine(({ videoId, liveChatId }) => (videoId === undefined) !== (liveChatId === undefined), {
    error: 'expected videoId or liveChatId, one of them',
    path: ['videoId'],
  })
  .describe('YouTube live chat, by polling the official Data API');

const twitch = z
  .strictObject({
    id,
    kind: z.literal('twitch').describe('Kind of the source'),
    channel: z
      .string()
      .regex(/^#?\w{2,25}$/, 'expected the name of a channel')
      .describe('Name of the channel'),
    url: socketUrl('wss://irc-ws.chat.twitch.tv:443').describe('Address of the chat'),
  })
  .describe('Twitch chat, read without an account');

const bilibili = z
  .strictObject({
    id,
    kind: z.literal('bilibili').describe('Kind of the source'),
    roomId: z.int().min(1).max(1e12).describe('Number of the live room'),
    uid: z.int().min(0).max(1e18).default(0).describe('Number of the account that the cookie belongs to; 0: none'),
    cookie: secret
      .optional()
      .describe('Environment variable with the Cookie header of a signed-in browser; without it names are masked'),
    infoUrl: httpUrl('https://api.live.bilibili.com/xlive/web-room/v1/index/getDanmuInfo').describe(
      'Where the servers and the key of a room are asked for',
    ),
  })
  .describe('Bilibili live comments');

const page = z
  .strictObject({
    id,
    kind: z.literal('page').describe('Kind of the source'),
    site: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]*(?::\d+)?$/, 'expected a host name such as live.alibaba.com')
      .describe('Host of the live page that the browser extension reads'),
    platform: platform('page').describe('Platform of its comments'),
  })
  .describe('A live page that the browser extension reads; listed here, the engine reports when nobody reads it');

export const eventSource = z.discriminatedUnion('kind', [oba, luna, youtube, twitch, bilibili, page]);
export type EventSourceConfig = z.infer<typeof eventSource>;
export type ObaSourceConfig = z.infer<typeof oba>;
export type LunaSourceConfig = z.infer<typeof luna>;
export type YoutubeSourceConfig = z.infer<typeof youtube>;
export type TwitchSourceConfig = z.infer<typeof twitch>;
export type BilibiliSourceConfig = z.infer<typeof bilibili>;
export type PageSourceConfig = z.infer<typeof page>;

export const events = z
  .strictObject({
    sources: z.array(eventSource).max(20).default([]).describe('Where comments, likes, gifts and orders come from'),
  })
  .describe('Events of viewers');
