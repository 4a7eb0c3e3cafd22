import { modelsAnswer, modelState } from '../routes/model-routes.js';
import type { RouteDocs } from './route-doc.js';

/** Routes that install models beside the package. */
export const MODEL_DOCS: RouteDocs = {
  'GET /api/models': {
    tag: 'room',
    summary: { en: 'Models beside the package, and the progress of an install', zh: '可安装的模型及安装进度' },
    answer: modelsAnswer,
  },
  'POST /api/models/:name': {
    tag: 'room',
    summary: { en: 'Install a model in the background', zh: '在后台安装模型' },
    answer: modelState,
    status: 202,
    errors: [404, 409],
  },
  'DELETE /api/models/:name': {
    tag: 'room',
    summary: { en: 'Stop an install, or remove a model', zh: '停止安装或删除模型' },
    answer: modelState,
    errors: [404, 409],
  },
};
