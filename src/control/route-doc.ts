import type { z } from 'zod';

/** Describes a route for the API's documents; it checks nothing. */
export interface RouteDoc {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly body?: z.ZodType;
  readonly response?: z.ZodType;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    doc?: RouteDoc;
  }
}

/** The route option that carries a document. */
export const doc = (
  summary: string,
  tag: string,
  body?: z.ZodType,
): { readonly config: { readonly doc: RouteDoc } } => ({
  config: { doc: { summary, tags: [tag], ...(body === undefined ? {} : { body }) } },
});
