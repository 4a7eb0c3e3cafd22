import type { FastifyInstance } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';
import { gestureOf } from './layer-routes.js';

/**
 * `GET /api/audio`: music, ducking and voice. `PATCH /api/audio`: changes the named settings. `GET/PUT /api/presenter`: who
 * presents.
 */
export function audioRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.get('/api/audio', () => room.audio.state());
  app.patch('/api/audio', (request) => room.audio.patch(request.body, gestureOf(request).gesture));
  app.get('/api/presenter', () => room.presenter.state());
  app.put('/api/presenter', (request) => room.presenter.put(request.body));
}
