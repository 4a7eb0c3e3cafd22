import type { FastifyRequest } from 'fastify';
import type { AuditWords, Studio } from './studio.js';

/** Keeps who changed what. Never hand it a secret. */
export function audit(studio: Studio, request: FastifyRequest, words: AuditWords): void {
  const { person, roomRow } = request;
  if (person === null || person.organisation === null) return;
  studio.audits.add({
    organisation: person.organisation,
    room: roomRow?.id ?? null,
    by: { id: person.id, name: person.name },
    ...words,
  });
}
