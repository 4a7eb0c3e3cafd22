import type { Platform } from '../../config/sections/platform.js';
import type { TwoTexts } from '../../core/alarm-kinds.js';

export type DestinationKind = 'rtmp' | 'srt' | 'whip' | 'recording' | 'camera';

export interface DestinationPreset {
  readonly id: string;
  readonly name: TwoTexts;
  readonly kind: DestinationKind;
  /** The limits that the engine keeps to. */
  readonly platform: Platform;
  /** Known addresses; empty where each account has its own. */
  readonly servers: readonly { readonly name: string; readonly url: string }[];
  /** A second address of the same stream. */
  readonly backup?: string;
  readonly keyHelp: TwoTexts;
  /** The seller's browser joins the platform's own page with the camera extension. */
  readonly byCamera?: boolean;
}

const ownAddress = (where: TwoTexts): TwoTexts => ({
  en: `Copy server and key from ${where.en}. Both are for one live session.`,
  zh: `从${where.zh}复制推流地址和推流码，每场直播单独生成。`,
});

/** Where sellers go live. */
export const PRESETS: readonly DestinationPreset[] = [
  {
    id: 'taobao',
    name: { en: 'Taobao Live', zh: '淘宝直播' },
    kind: 'rtmp',
    platform: 'taobao',
    servers: [],
    keyHelp: ownAddress({ en: 'Taobao Live workbench, “Third-party streaming”', zh: '淘宝直播中控台“第三方推流”' }),
  },
  {
    id: 'alibaba',
    name: { en: 'Alibaba.com', zh: '阿里巴巴国际站' },
    kind: 'camera',
    platform: 'alibaba',
    servers: [],
    byCamera: true,
    keyHelp: {
      en: 'Alibaba.com takes a camera of your browser: add the Showroom extension and choose “Showroom” as the camera.',
      zh: '国际站直播使用浏览器摄像头：安装 Showroom 扩展，并选择“Showroom”摄像头。',
    },
  },
  {
    id: 'douyin',
    name: { en: 'Douyin', zh: '抖音' },
    kind: 'rtmp',
    platform: 'douyin',
    servers: [],
    keyHelp: ownAddress({ en: 'Douyin Live Companion, “Stream settings”', zh: '抖音直播伴侣“推流设置”' }),
  },
  {
    id: 'tiktok',
    name: { en: 'TikTok LIVE', zh: 'TikTok LIVE' },
    kind: 'rtmp',
    platform: 'tiktok',
    servers: [],
    keyHelp: ownAddress({ en: 'TikTok, “Go LIVE”, “Streaming software”', zh: 'TikTok“开始直播”中的“串流软件”' }),
  },
  {
    id: 'youtube',
    name: { en: 'YouTube', zh: 'YouTube' },
    kind: 'rtmp',
    platform: 'youtube',
    servers: [
      { name: 'RTMPS', url: 'rtmps://a.rtmps.youtube.com/live2' },
      { name: 'RTMP', url: 'rtmp://a.rtmp.youtube.com/live2' },
    ],
    backup: 'rtmps://b.rtmps.youtube.com/live2?backup=1',
    keyHelp: {
      en: 'Copy it from YouTube Studio, “Go live”, “Stream key”.',
      zh: '在 YouTube 工作室“直播”→“直播密钥”中复制。',
    },
  },
  {
    id: 'twitch',
    name: { en: 'Twitch', zh: 'Twitch' },
    kind: 'rtmp',
    platform: 'twitch',
    servers: [
      { name: 'Nearest', url: 'rtmp://live.twitch.tv/app' },
      { name: 'Asia: Singapore', url: 'rtmp://sin.contribute.live-video.net/app' },
      { name: 'Europe: Frankfurt', url: 'rtmp://fra02.contribute.live-video.net/app' },
    ],
    keyHelp: {
      en: 'Copy “Primary stream key” from the Creator Dashboard, “Settings”, “Stream”.',
      zh: '在创作者仪表盘“设置”→“直播”中复制“主直播密钥”。',
    },
  },
  {
    id: 'bilibili',
    name: { en: 'Bilibili', zh: '哔哩哔哩' },
    kind: 'rtmp',
    platform: 'generic',
    servers: [{ name: '', url: 'rtmp://live-push.bilivideo.com/live-bvc' }],
    keyHelp: {
      en: 'Copy it from the Live Centre, “Start streaming”; it begins with “?streamname=”.',
      zh: '在直播中心“开播设置”中复制串流密钥，以“?streamname=”开头。',
    },
  },
  {
    id: 'rtmp',
    name: { en: 'Own RTMP server', zh: '自有 RTMP 服务器' },
    kind: 'rtmp',
    platform: 'generic',
    servers: [],
    keyHelp: { en: 'The name of the stream on your server.', zh: '服务器上的流名称。' },
  },
  {
    id: 'srt',
    name: { en: 'SRT', zh: 'SRT' },
    kind: 'srt',
    platform: 'generic',
    servers: [],
    keyHelp: { en: 'The stream id that your receiver expects; empty for none.', zh: '接收端要求的 streamid，可留空。' },
  },
  {
    id: 'whip',
    name: { en: 'WHIP', zh: 'WHIP' },
    kind: 'whip',
    platform: 'generic',
    servers: [],
    keyHelp: { en: 'The bearer token of the endpoint; empty for none.', zh: '接入点的 Bearer 令牌，可留空。' },
  },
  {
    id: 'recording',
    name: { en: 'Recording', zh: '录制' },
    kind: 'recording',
    platform: 'generic',
    servers: [],
    keyHelp: { en: 'Files in the folder of the room.', zh: '保存在直播间文件夹中。' },
  },
];

export const presetOf = (id: string): DestinationPreset | undefined => PRESETS.find((one) => one.id === id);
