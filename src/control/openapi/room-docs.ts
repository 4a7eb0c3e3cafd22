import { z } from 'zod';
import { encoderPatch } from '../../config/sections/encoder.js';
import { resumeBody } from '../routes/operate-routes.js';
import { sayBody } from '../routes/say-routes.js';
import {
  cameraAnswer,
  commandsAnswer,
  dumpAnswer,
  encoderAnswer,
  healthAnswer,
  outputsAnswer,
  sayAnswer,
  snapshotAnswer,
  verdictsAnswer,
} from './answers.js';
import type { RouteDoc, RouteDocs } from './route-doc.js';

const SDP = 'application/sdp';

const page = (en: string, zh: string, type: string): RouteDoc => ({ tag: 'pages', summary: { en, zh }, answer: type });
const file = (type: string): RouteDoc => page('A file of the pages', '页面文件', type);
const preflight: RouteDoc = {
  tag: 'broadcast',
  summary: { en: 'Preflight for pages of any origin', zh: '跨域预检' },
};

/** Routes that watch and operate a room, and its broadcast. */
export const ROOM_DOCS: RouteDocs = {
  'GET /healthz': {
    tag: 'room',
    summary: { en: 'Whether the room is on air; for supervisors', zh: '是否在播,供进程守护使用' },
    answer: healthAnswer,
    errors: [503],
  },
  'GET /metrics': {
    tag: 'room',
    summary: { en: 'Prometheus metrics', zh: 'Prometheus 指标' },
    answer: 'text/plain',
  },
  'GET /api/room': {
    tag: 'room',
    summary: { en: 'State and figures', zh: '状态与指标' },
    answer: snapshotAnswer,
  },
  'GET /api/verdicts': {
    tag: 'room',
    summary: { en: 'Newest decisions, newest first', zh: '最新的审核决定' },
    query: z.object({ limit: z.int().min(1).max(500).default(50) }),
    answer: verdictsAnswer,
  },
  'GET /api/still': {
    tag: 'room',
    summary: { en: 'The picture that left last', zh: '最近播出的画面' },
    answer: 'image/jpeg',
    errors: [504],
  },
  'GET /api/outputs': {
    tag: 'room',
    summary: { en: 'Outputs and the newest changes of their states', zh: '推流输出及其状态变化' },
    query: z.object({ events: z.int().min(1).max(200).default(50) }),
    answer: outputsAnswer,
  },
  'PATCH /api/encoder': {
    tag: 'room',
    summary: { en: 'Change encoder settings', zh: '修改编码参数' },
    body: encoderPatch,
    answer: encoderAnswer,
    errors: [400, 502],
  },
  'POST /api/say': {
    tag: 'show',
    summary: { en: 'Speak a line', zh: '插播一句话' },
    body: sayBody,
    answer: sayAnswer,
    status: 202,
    errors: [400, 422],
  },
  'POST /api/mute': {
    tag: 'operate',
    summary: { en: 'Silence the sound', zh: '静音' },
    answer: commandsAnswer,
  },
  'POST /api/blank': {
    tag: 'operate',
    summary: { en: 'Show the slate', zh: '遮屏' },
    answer: commandsAnswer,
  },
  'POST /api/dump': {
    tag: 'operate',
    summary: { en: 'Drop what has not left', zh: '丢弃尚未播出的内容' },
    answer: dumpAnswer,
    errors: [504],
  },
  'POST /api/resume': {
    tag: 'operate',
    summary: { en: 'Undo mute, blank or the slate for the risk', zh: '恢复播出' },
    body: resumeBody,
    answer: commandsAnswer,
    errors: [400],
  },
  'POST /whep': {
    tag: 'broadcast',
    summary: { en: 'Watch by WebRTC (WHEP): an SDP offer', zh: '以 WebRTC(WHEP)观看' },
    body: z.string(),
    bodyType: SDP,
    answer: SDP,
    status: 201,
    errors: [400, 503],
  },
  'PATCH /whep/:id': {
    tag: 'broadcast',
    summary: { en: 'Trickle ICE candidates', zh: '补充 ICE 候选' },
    body: z.string(),
    bodyType: 'application/trickle-ice-sdpfrag',
    errors: [400, 404],
  },
  'DELETE /whep/:id': { tag: 'broadcast', summary: { en: 'End a WHEP session', zh: '结束 WHEP 会话' }, status: 200 },
  'OPTIONS /whep': preflight,
  'OPTIONS /whep/:id': preflight,
  'OPTIONS /hls/:id/:file': preflight,
  'GET /hls/:id/:file': {
    tag: 'broadcast',
    summary: { en: 'Playlist and segments of an HLS output', zh: 'HLS 播放列表与分片' },
    answer: 'application/octet-stream',
    errors: [404],
  },
  'GET /': page('The control desk', '控制台', 'text/html'),
  'GET /api-docs': page('This description as a page', '接口文档页', 'text/html'),
  'GET /openapi.json': {
    tag: 'room',
    summary: { en: 'This description (OpenAPI 3.1)', zh: '接口描述(OpenAPI 3.1)' },
    answer: 'application/json',
  },
  'GET /camera': page('How to add the room as a camera', '浏览器摄像头说明', 'text/html'),
  'GET /camera.json': {
    tag: 'pages',
    summary: { en: "The room's picture size", zh: '画面尺寸' },
    answer: cameraAnswer,
  },
  'GET /camera/extension.zip': file('application/zip'),
  'GET /camera/showroom-camera.user.js': file('text/javascript'),
  'GET /camera/camera.css': file('text/css'),
  'GET /camera/camera.js': file('text/javascript'),
  'GET /camera/late-fonts.js': file('text/javascript'),
  'GET /fonts/wght.css': file('text/css'),
  'GET /fonts/files/:file': file('font/woff2'),
  'GET /desk/report': page('The report as a page', '报告页', 'text/html'),
  'GET /icon.svg': file('image/svg+xml'),
  'GET /assets/:file': file('application/octet-stream'),
  'GET /api-docs.css': file('text/css'),
  'GET /api-docs.js': file('text/javascript'),
};
