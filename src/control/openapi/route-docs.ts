import { DESK_DOCS } from './desk-docs.js';
import { AVATAR_DOCS } from './avatar-docs.js';
import { EDIT_DOCS } from './edit-docs.js';
import { MODEL_DOCS } from './model-docs.js';
import { ROOM_DOCS } from './room-docs.js';
import type { RouteDocs } from './route-doc.js';
import { SCRIPT_DOCS } from './script-docs.js';
import { TAKEOVER_DOCS } from './takeover-docs.js';
import { VIEWER_DOCS } from './viewer-docs.js';

/** All documented routes; a test holds the registered ones against it. */
export const ROUTE_DOCS: RouteDocs = {
  ...ROOM_DOCS,
  ...MODEL_DOCS,
  ...EDIT_DOCS,
  ...SCRIPT_DOCS,
  ...VIEWER_DOCS,
  ...TAKEOVER_DOCS,
  ...AVATAR_DOCS,
  ...DESK_DOCS,
};
