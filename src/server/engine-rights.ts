import type { Role } from './roles.js';

/**
 * Who may use which route of a room's engine through the studio. The first line that fits decides; what no line names
 * does not exist for a browser.
 */
const TABLE: readonly (readonly [methods: string, path: RegExp, right: Role])[] = [
  ['PUT DELETE', /^\/api\/outputs\/[^/]+$/, 'operator'],
  ['POST', /^\/api\/outputs\/[^/]+\/reconnect$/, 'operator'],
  ['GET', /^\/api\/live$/, 'viewer'],
  ['GET', /^\/api\/clip$/, 'operator'],
  ['GET', /^\/api\/evidence\/[^/]+$/, 'moderator'],
  ['GET', /^\/api\/(?!intake)[\w\-/.~%:]+$/, 'viewer'],
  ['GET', /^\/(openapi|camera)\.json$/, 'viewer'],
  ['GET', /^\/hls\/[\w-]+\/[\w.-]+$/, 'viewer'],
  ['POST PATCH DELETE OPTIONS', /^\/whep(\/[\w-]+)?$/, 'viewer'],
  ['POST', /^\/api\/ask$/, 'viewer'],
  ['POST', /^\/api\/events$/, 'moderator'],
  ['POST DELETE', /^\/api\/viewers\/hidden$/, 'moderator'],
  ['POST', /^\/api\/alarms\/acknowledge$/, 'moderator'],
  ['POST DELETE PUT', /^\/api\/(questions|comments|viewers|people)\//, 'moderator'],
  ['POST', /^\/api\/(mute|blank|dump|resume|say)$/, 'operator'],
  ['POST', /^\/api\/script\/(skip|jump|pause|resume)$/, 'operator'],
  ['POST DELETE', /^\/api\/takeover(\/(say|audio))?$/, 'operator'],
  ['POST DELETE', /^\/whip\/takeover(\/[\w-]+)?$/, 'operator'],
  ['DELETE', /^\/api\/agenda\/[^/]+$/, 'operator'],
  ['POST', /^\/api\/products\/[^/]+\/(pin|unpin|sold-out|on-sale)$/, 'operator'],
  ['PATCH', /^\/api\/products\/[^/]+$/, 'operator'],
  ['PUT PATCH DELETE POST', /^\/api\/layers(\/|$)/, 'operator'],
  ['PATCH', /^\/api\/(audio|encoder)$/, 'operator'],
  ['PUT PATCH POST DELETE', /^\/api\/(rules|recording)(\/|$)/, 'operator'],
  ['PUT POST PATCH DELETE', /^\/api\/(script|products)(\/|$)/, 'editor'],
  ['PUT', /^\/api\/presenter$/, 'editor'],
  ['POST', /^\/api\/(undo|redo|room\/save)$/, 'editor'],
  ['PUT PATCH POST', /^\/api\/(replies|llm)(\/|$)/, 'editor'],
];

/** Undefined for a route that the studio does not hand on. */
export const engineRight = (method: string, path: string): Role | undefined =>
  TABLE.find(([methods, pattern]) => methods.split(' ').includes(method) && pattern.test(path))?.[2];
