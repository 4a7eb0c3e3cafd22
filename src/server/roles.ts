/** Roles of an organisation, each with all rights of those before it. */
export const ROLES = ['viewer', 'moderator', 'operator', 'editor', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who may use a route. `public`: anybody. `user`: anybody with an account. A role: whoever has it, or a higher one, in
 * the organisation.
 */
export type Right = 'public' | 'user' | Role;

const rank = (role: Role): number => ROLES.indexOf(role);

export const hasRight = (role: Role | null, right: Role): boolean => role !== null && rank(role) >= rank(right);

export const isRole = (text: unknown): text is Role => ROLES.includes(text as Role);

/** The lower of two roles. */
export const lowerRole = (a: Role, b: Role): Role => (rank(a) < rank(b) ? a : b);

/** All rights of a role, for pages: controls that cannot be used are not shown. */
export const rightsOf = (role: Role | null): Role[] =>
  role === null ? [] : ROLES.filter((one) => hasRight(role, one));
