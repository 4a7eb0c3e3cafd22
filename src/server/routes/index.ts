import type { StudioApp } from '../app.js';
import type { Studio } from '../studio.js';
import { cameraRoutes } from './camera-routes.js';
import { destinationRoutes } from './destination-routes.js';
import { engineRoutes } from './engine-routes.js';
import { fleetRoutes } from './fleet-routes.js';
import { galleryRoutes } from './gallery-routes.js';
import { jobRoutes } from './job-routes.js';
import { liveRoutes } from './live-routes.js';
import { mediaRoutes } from './media-routes.js';
import { peopleRoutes } from './people-routes.js';
import { pictureRoutes } from './picture-routes.js';
import { processRoutes } from './process-routes.js';
import { productRoutes } from './product-routes.js';
import { roomRoutes } from './room-routes.js';
import { scheduleRoutes } from './schedule-routes.js';
import { scriptRoutes } from './script-routes.js';
import { secretRoutes } from './secret-routes.js';
import { studioRoutes } from './studio-routes.js';
import { wallRoutes } from './wall-routes.js';

/** All resources of the studio's API, a file each. */
export const ROUTES: readonly ((app: StudioApp, studio: Studio) => void)[] = [
  studioRoutes,
  peopleRoutes,
  roomRoutes,
  processRoutes,
  engineRoutes,
  liveRoutes,
  jobRoutes,
  productRoutes,
  scriptRoutes,
  destinationRoutes,
  scheduleRoutes,
  secretRoutes,
  wallRoutes,
  fleetRoutes,
  mediaRoutes,
  pictureRoutes,
  galleryRoutes,
  cameraRoutes,
];
