import { z } from 'zod';

/** A value of a schema that nobody changes. */
export type Shape<T extends z.ZodType> = ReadonlyDeep<z.infer<T>>;

/** All fields and lists read-only. */
export type ReadonlyDeep<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer One)[]
    ? readonly ReadonlyDeep<One>[]
    : T extends object
      ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
      : T;

/** A schema without its default and without leave to be absent. */
type Bare<T> = T extends z.ZodOptional<infer Inner> | z.ZodDefault<infer Inner> ? Bare<Inner> : T;

type PatchOf<S extends z.ZodRawShape, Kept extends string> = {
  [K in keyof S]: Bare<S[K]> extends infer Field extends z.core.SomeType
    ? z.ZodOptional<K extends Kept ? Field : z.ZodNullable<Field>>
    : never;
};

/**
 * The changed fields of an object; null returns a field to its default.
 *
 * @param kept fields that cannot be null
 */
export function patchOf<S extends z.ZodRawShape, Kept extends keyof S & string>(
  { shape }: z.ZodObject<S>,
  kept: readonly Kept[],
): z.ZodObject<PatchOf<S, Kept>, z.core.$strict> {
  const fields = Object.entries(shape).map(([name, schema]) => {
    const whole = schema as z.ZodType;
    const bare = bareOf(whole);
    const field = (kept as readonly string[]).includes(name) ? bare.optional() : bare.nullable().optional();
    return [name, whole.description === undefined ? field : field.describe(whole.description)];
  });
  return z.strictObject(Object.fromEntries(fields)) as unknown as z.ZodObject<PatchOf<S, Kept>, z.core.$strict>;
}

const bareOf = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? bareOf(schema.unwrap() as z.ZodType) : schema;
