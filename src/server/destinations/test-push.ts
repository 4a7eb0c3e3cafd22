/** A test push as a chain: each link that holds is ticked, and the first that does not is named with what to do there. */
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { PLATFORMS } from '../../config/sections/platform.js';
import type { OutputConfig } from '../../config/sections/output.js';
import type { TwoTexts } from '../../core/alarm-kinds.js';
import type { StudioWork } from '../work/studio-work.js';
import type { DestinationView } from './destinations.js';
import { presetOf } from './presets.js';

export const TEST_STEPS = [
  { id: 'address', text: { en: 'Address', zh: '地址' } },
  { id: 'connection', text: { en: 'Connection', zh: '连接' } },
  { id: 'key', text: { en: 'Key', zh: '密钥' } },
  { id: 'media', text: { en: 'Picture and sound', zh: '画面与声音' } },
  { id: 'bitrate', text: { en: 'Bitrate', zh: '码率' } },
] as const;

type TestLink = (typeof TEST_STEPS)[number]['id'];

export interface TestResult {
  readonly ok: boolean;
  /** The link that does not hold; null when all do. */
  readonly failed: TestLink | null;
  readonly text: TwoTexts;
  readonly todo: TwoTexts;
  readonly kbps: number | null;
  readonly wantedKbps: number | null;
}

interface Parts {
  readonly view: DestinationView;
  readonly output: OutputConfig | undefined;
  readonly work: StudioWork;
  readonly signal: AbortSignal;
  readonly step: (id: string, progress?: { done: number; of: number; note?: TwoTexts }) => void;
}

const CONNECT_MS = 6000;
const SECONDS = 6;
const USUAL_KBPS = 2500;
/** A receiver that takes less than this share is too slow for the show. */
const ENOUGH = 0.85;
const PORTS: Readonly<Record<string, number>> = { 'rtmp:': 1935, 'rtmps:': 443, 'https:': 443, 'http:': 80 };
const NOTHING: TwoTexts = { en: '', zh: '' };

export async function testPush({ view, output, work, signal, step }: Parts): Promise<TestResult> {
  if (output === undefined)
    return good(
      {
        en: 'This destination takes the camera of your browser: there is nothing to push.',
        zh: '此目标使用浏览器摄像头，无需推流测试。',
      },
      null,
      null,
    );
  if (output.kind === 'recording')
    return good({ en: 'Recordings are written on this machine.', zh: '录制文件保存在本机。' }, null, null);
  step('address');
  const url = 'url' in output && URL.canParse(output.url) ? new URL(output.url) : undefined;
  if (url === undefined)
    return bad(
      'address',
      { en: 'The address cannot be read.', zh: '地址无法识别。' },
      {
        en: 'Copy the server address again.',
        zh: '请重新复制服务器地址。',
      },
    );
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const address = await lookup(host).catch(() => undefined);
  if (address === undefined)
    return bad(
      'address',
      { en: `No server has the name ${host}.`, zh: `找不到服务器 ${host}。` },
      {
        en: 'Look for a typing error in the server address, or check this machine’s network.',
        zh: '请检查服务器地址是否有误，或检查本机网络。',
      },
    );
  signal.throwIfAborted();
  step('connection');
  const port = url.port === '' ? (PORTS[url.protocol] ?? 1935) : Number(url.port);
  // SRT answers over UDP, to its own handshake alone.
  if (output.kind !== 'srt') {
    const fault = await tryConnect(host, port, /^(rtmps|https):$/.test(url.protocol));
    if (fault !== undefined)
      return bad(
        'connection',
        { en: `${host} does not answer on port ${port}: ${fault}.`, zh: `${host} 的端口 ${port} 没有响应：${fault}。` },
        {
          en: 'The server may be down, or a firewall keeps this machine from it.',
          zh: '服务器可能未开启，或被防火墙拦截。',
        },
      );
  }
  signal.throwIfAborted();
  step('key');
  if (output.kind === 'whip' || output.kind === 'hls' || output.kind === 'v4l2')
    return good(
      {
        en: 'The endpoint answers. Key, picture and sound of a WHIP endpoint are tried when the show starts.',
        zh: '接入点有响应。密钥、画面与声音将在开播时验证。',
      },
      null,
      null,
    );
  const limit = PLATFORMS[presetOf(view.preset)?.platform ?? 'generic'].maxVideoKbps;
  const pushed = await work.run(
    'push',
    { output, width: 720, height: 1280, videoKbps: Math.min(USUAL_KBPS, limit), seconds: SECONDS },
    {
      signal,
      beside: true,
      onProgress: ({ done, of }) => step('media', { done, of }),
    },
  );
  if (!pushed.accepted)
    return pushed.code === 'E_OUTPUT_REFUSED'
      ? bad(
          'key',
          {
            en: `${view.name} does not know this key: ${pushed.error}.`,
            zh: `${view.name} 不认识此密钥：${pushed.error}。`,
          },
          presetOf(view.preset)?.keyHelp ?? NOTHING,
        )
      : bad(
          pushed.code === 'E_OUTPUT_CONNECT' ? 'connection' : 'key',
          {
            en: `${view.name} did not accept the stream: ${pushed.error}.`,
            zh: `${view.name} 未接受推流：${pushed.error}。`,
          },
          {
            en: 'Copy server and key again; some platforms accept them only after “Go live” was pressed there.',
            zh: '请重新复制地址和密钥；部分平台需先在其后台点击“开播”。',
          },
        );
  step('media');
  if (!pushed.delivered)
    return bad(
      'media',
      {
        en: `${view.name} accepted the stream and ended it: ${pushed.error === '' ? 'no picture arrived' : pushed.error}.`,
        zh: `${view.name} 接受后又断开：${pushed.error === '' ? '未收到画面' : pushed.error}。`,
      },
      {
        en: 'Another program may be streaming with this key, or the platform has ended the session.',
        zh: '可能有其他程序正在使用此密钥，或平台已结束本场。',
      },
    );
  step('bitrate');
  // A machine too busy to encode is not the receiver's fault.
  if (pushed.kbps < Math.min(pushed.wantedKbps, pushed.encodedKbps) * ENOUGH)
    return {
      ...bad(
        'bitrate',
        {
          en: `${view.name} takes ${pushed.kbps} kbit/s; the show sends ${pushed.wantedKbps}.`,
          zh: `${view.name} 只能接收 ${pushed.kbps} kbit/s，直播需要 ${pushed.wantedKbps} kbit/s。`,
        },
        {
          en: 'Choose a nearer server, or a lower bitrate for the room.',
          zh: '请选择更近的服务器，或降低直播间码率。',
        },
      ),
      kbps: pushed.kbps,
      wantedKbps: pushed.wantedKbps,
    };
  return good(
    {
      en: `${view.name} took picture and sound at ${pushed.kbps} kbit/s.`,
      zh: `${view.name} 已接收画面与声音，${pushed.kbps} kbit/s。`,
    },
    pushed.kbps,
    pushed.wantedKbps,
  );
}

const good = (text: TwoTexts, kbps: number | null, wantedKbps: number | null): TestResult => ({
  ok: true,
  failed: null,
  text,
  todo: NOTHING,
  kbps,
  wantedKbps,
});

const bad = (failed: TestLink, text: TwoTexts, todo: TwoTexts): TestResult => ({
  ok: false,
  failed,
  text,
  todo,
  kbps: null,
  wantedKbps: null,
});

/** The fault in a word; undefined when it connects. */
function tryConnect(host: string, port: number, isSecure: boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = isSecure ? connectTls({ host, port, servername: host }) : connect({ host, port });
    const end = (fault: string | undefined): void => {
      socket.destroy();
      resolve(fault);
    };
    socket.setTimeout(CONNECT_MS, () => end('no answer in time'));
    socket.once(isSecure ? 'secureConnect' : 'connect', () => end(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
