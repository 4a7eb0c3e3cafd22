import { z } from 'zod';
import { pageBatchBody } from '../routes/event-source-routes.js';
import { captureBody } from '../routes/intake-routes.js';
import type { RouteDocs } from './route-doc.js';

const loose = z.looseObject({});
const taken = z.object({ taken: z.int(), repeated: z.int(), dropped: z.int() });

/** Routes about viewers, product pages and the report. */
export const VIEWER_DOCS: RouteDocs = {
  'GET /api/events/sources': {
    tag: 'viewers',
    summary: { en: 'Connections to the platforms’ comments', zh: '各平台评论来源的连接状态' },
    answer: z.object({ sources: z.array(loose) }),
  },
  'POST /api/events/page': {
    tag: 'viewers',
    summary: { en: 'Comments that the extension reads on a live page', zh: '浏览器扩展从直播页读取的评论' },
    body: pageBatchBody,
    answer: taken,
    errors: [400, 413],
  },
  'POST /api/intake': {
    tag: 'products',
    summary: { en: 'A product page becomes a product', zh: '商品页转为商品' },
    body: captureBody,
    answer: z.object({ product: loose, warnings: z.array(z.string()), added: z.boolean() }),
    errors: [400, 413, 422],
  },
  'GET /api/report': {
    tag: 'viewers',
    summary: { en: 'Figures of the last shows', zh: '直播报告' },
    query: z.object({
      since: z.string().default('24h'),
      format: z.enum(['json', 'html']).default('json'),
      lang: z.enum(['en', 'zh']).default('en'),
    }),
    answer: loose,
    errors: [400],
  },
};
