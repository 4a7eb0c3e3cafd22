import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, realpath, rm } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { mergePatch } from '../../config/resolve-room.js';
import { product as productSchema } from '../../config/sections/product.js';
import { captureBody } from '../../control/routes/viewer-routes.js';
import { EngineError } from '../../core/errors.js';
import type { TwoTexts } from '../../core/alarm-kinds.js';
import type { RoomRow } from '../../store/studio/rooms-table.js';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { member, roomOf } from '../guard.js';
import type { Job } from '../jobs/jobs.js';
import { limitedBody } from '../limited-body.js';
import { job, json, roomParams, saved } from '../schemas.js';
import type { Studio } from '../studio.js';
import { savedView } from '../views.js';
import type { IntakeInput, IntakeResult } from '../work/work-tasks.js';
import { readFields, warningText } from './product-words.js';

const PAGE_BYTES = 8 * 1024 * 1024;
const MAX_PRODUCTS = 50;

const STEPS: readonly { id: string; text: TwoTexts }[] = [
  { id: 'read', text: { en: 'Reading the page', zh: '读取网页' } },
  { id: 'pictures', text: { en: 'Taking pictures', zh: '获取图片' } },
  { id: 'scan', text: { en: 'Scanning pictures', zh: '审核图片' } },
  { id: 'save', text: { en: 'Saving the product', zh: '保存商品' } },
];
const STEP_OF: Readonly<Record<string, string>> = {
  'reading the page': 'read',
  'taking pictures': 'pictures',
  'scanning pictures': 'scan',
};

const currency = z
  .string()
  .regex(/^[a-z]{3}$/i, 'expected an ISO 4217 code such as USD')
  .transform((code) => code.toUpperCase())
  .optional();
const productParams = roomParams.extend({ product: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/) });
const form = productSchema
  .omit({ id: true, image: true, images: true })
  .partial()
  .required({ title: true, price: true })
  .extend({
    id: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/)
      .optional(),
    images: z
      .array(z.string().max(300))
      .max(12)
      .default([])
      .describe('Paths of uploaded pictures below the media folder'),
  });

/** Products of a room: from a link, a saved page, a capture of the extension, or a form. */
export function productRoutes(app: StudioApp, studio: Studio): void {
  const { rooms } = studio;

  app.post(
    '/api/rooms/:id/products/link',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'A product page becomes a product; a job with steps',
        params: roomParams,
        body: z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(4000), currency }),
        response: { 202: job },
      },
    },
    async (request, reply) => {
      const { url, currency: code } = request.body;
      return reply.code(202).send(intake(request, { link: url }, code, url));
    },
  );
  app.post(
    '/api/rooms/:id/products/capture',
    {
      config: { right: 'editor', holdsPage: true },
      bodyLimit: 4 * 1024 * 1024,
      schema: { summary: 'A page as the extension captured it', params: roomParams, response: { 202: job } },
    },
    async (request, reply) => {
      const { url, html, data } = captureBody.parse(request.body);
      return reply.code(202).send(intake(request, { capture: { url, html, data } }, undefined, url));
    },
  );
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The page goes to the disk as it comes: it is a stranger's, and may be large.
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.post(
      '/api/rooms/:id/products/page',
      {
        config: { right: 'editor' },
        bodyLimit: PAGE_BYTES,
        schema: {
          summary: 'A saved page (HTML), a JSON answer or a text, as the raw body',
          params: roomParams,
          response: { 202: job },
        },
      },
      async (request, reply) => {
        const name = String(request.headers['x-file-name'] ?? 'page.html');
        const folder = join(studio.data, 'tmp');
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = join(
          folder,
          `${randomBytes(8).toString('hex')}${/\.(html?|json|txt)$/i.exec(name)?.[0] ?? '.html'}`,
        );
        try {
          await pipeline(
            limitedBody(request.body as Readable, 'the page', PAGE_BYTES),
            createWriteStream(file, { mode: 0o600 }),
          );
        } catch (error) {
          await rm(file, { force: true });
          throw error;
        }
        const started = intake(request as never, { file }, undefined, name, () => void rm(file, { force: true }));
        return reply.code(202).send(started);
      },
    );
  });
  app.post(
    '/api/rooms/:id/products/form',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'A product that a person has typed',
        params: roomParams,
        body: form,
        response: { 201: saved.extend({ product: json }) },
      },
    },
    async (request, reply) => {
      const row = roomOf(request);
      const { id, name } = member(request);
      const { images, id: given, ...body } = request.body;
      const product = given ?? `${slugOf(body.title)}-${randomBytes(2).toString('hex')}`;
      const paths = await placeImages(row, product, images);
      const value: Record<string, unknown> = { id: product, ...body, image: paths[0], images: paths.slice(1) };
      const read = productSchema.safeParse(value);
      if (!read.success)
        throw new EngineError('E_BAD_REQUEST', {
          where: read.error.issues[0]!.path.join('.') || 'product',
          expected: 'a product of a room',
          found: read.error.issues[0]!.message,
        });
      const done = await rooms.edit(row, { id, name }, (document) => withProduct(document, value));
      audit(studio, request, { action: 'product.add', what: body.title, after: { id: product } });
      return reply.code(201).send({ ...(await savedView(studio, row, done)), product: value });
    },
  );
  app.put(
    '/api/rooms/:id/products/order',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'The order of the show',
        params: roomParams,
        body: z.strictObject({ ids: z.array(z.string().max(64)).max(MAX_PRODUCTS) }),
        response: { 200: saved },
      },
    },
    async (request) => {
      const row = roomOf(request);
      const { id, name } = member(request);
      const { ids } = request.body;
      const at = (one: { id: string }): number => (ids.includes(one.id) ? ids.indexOf(one.id) : ids.length);
      const done = await rooms.edit(row, { id, name }, (document) => {
        const { products = [], script, ...rest } = document as { products?: { id: string }[]; script?: Script };
        return {
          ...rest,
          products: products.toSorted((a, b) => at(a) - at(b)),
          ...(script === undefined ? {} : { script: { ...script, segments: inOrder(script.segments ?? [], ids) } }),
        };
      });
      audit(studio, request, { action: 'product.order', what: ids.join(', ') });
      return savedView(studio, row, done);
    },
  );
  app.patch(
    '/api/rooms/:id/products/:product',
    {
      config: { right: 'editor' },
      schema: { summary: 'A JSON Merge Patch', params: productParams, body: json, response: { 200: saved } },
    },
    async (request) => {
      const row = roomOf(request);
      const { id, name } = member(request);
      const { product } = request.params;
      let before: unknown;
      const done = await rooms.edit(row, { id, name }, (document) => {
        const { products = [] } = document as { products?: { id: string }[] };
        before = products.find((one) => one.id === product);
        if (before === undefined) throw noProduct(product);
        return {
          ...document,
          products: products.map((one) =>
            one.id === product ? { ...(mergePatch(one, request.body) as object), id: product } : one,
          ),
        };
      });
      audit(studio, request, { action: 'product.change', what: product, before, after: request.body });
      return savedView(studio, row, done);
    },
  );
  app.delete(
    '/api/rooms/:id/products/:product',
    { config: { right: 'editor' }, schema: { params: productParams, response: { 200: saved } } },
    async (request) => {
      const row = roomOf(request);
      const { id, name } = member(request);
      const { product } = request.params;
      const done = await rooms.edit(row, { id, name }, (document) => withoutProduct(document, product));
      audit(studio, request, { action: 'product.remove', what: product });
      return savedView(studio, row, done);
    },
  );

  function intake(
    request: FastifyRequest,
    from: IntakeInput['from'],
    code: string | undefined,
    what: string,
    after: () => void = () => undefined,
  ): Job {
    const row = roomOf(request);
    const { organisation, id, name } = member(request);
    const maker = { id, name };
    audit(studio, request, { action: 'product.read', what });
    return studio.jobs.run({ kind: 'product', organisation, room: row.id, steps: STEPS }, async ({ signal, step }) => {
      try {
        step('read');
        const taken = await studio.work.run(
          'intake',
          {
            room: rooms.file(row.id),
            out: join(rooms.folder(row.id), 'products', `p-${randomBytes(4).toString('hex')}`),
            from,
            currency: code,
          },
          {
            signal,
            onProgress: ({ done, of, what: doing }) => {
              const which = STEP_OF[doing];
              if (which !== undefined) step(which, { done, of });
            },
          },
        );
        step('save');
        return await keep(row, taken, maker);
      } finally {
        after();
      }
    });
  }

  /** A page that is read again takes the place of its product. */
  async function keep(row: RoomRow, taken: IntakeResult, maker: { id: string; name: string }): Promise<unknown> {
    let product = taken.product as { id: string; link?: string };
    const done = await rooms.edit(row, maker, (document) => {
      const { products = [] } = document as { products?: { id: string; link?: string }[] };
      const known = products.find((one) => one.link !== undefined && one.link === product.link);
      product = { ...product, id: known?.id ?? freeId(product.id, products) };
      return withProduct(document, product);
    });
    return {
      ...(await savedView(studio, row, done)),
      product,
      link: taken.link,
      warnings: taken.warnings.map((warning) => ({ ...warning, text: warningText(warning) })),
      origins: taken.origins,
      read: readFields(product),
    };
  }

  async function placeImages(row: RoomRow, product: string, images: readonly string[]): Promise<string[]> {
    const folder = join(rooms.folder(row.id), 'products', product);
    await mkdir(folder, { recursive: true });
    if (images.length === 0) {
      const { NO_PICTURE } = await import('./product-words.js');
      const { writeFile } = await import('node:fs/promises');
      await writeFile(join(folder, '1.svg'), NO_PICTURE);
      return [`products/${product}/1.svg`];
    }
    const media = await realpath(join(studio.data, 'media')).catch(() => undefined);
    const placed: string[] = [];
    for (const [i, path] of images.entries()) {
      const file = media === undefined ? undefined : await realpath(join(media, path)).catch(() => undefined);
      if (file === undefined || !file.startsWith(media + sep))
        throw new EngineError('E_NOT_FOUND', {
          where: `images[${i}]`,
          expected: 'an uploaded picture',
          found: 'no such file',
        });
      const name = `${i + 1}${extname(file).toLowerCase()}`;
      await copyFile(file, join(folder, name));
      placed.push(`products/${product}/${name}`);
    }
    return placed;
  }
}

interface Script {
  segments?: { id?: string; product?: string }[];
}

/** Segments follow their products; those of none keep their places. */
function inOrder(segments: readonly { product?: string }[], ids: readonly string[]): { product?: string }[] {
  const moved = segments
    .filter(({ product }) => product !== undefined && ids.includes(product))
    .toSorted((a, b) => ids.indexOf(a.product!) - ids.indexOf(b.product!));
  let next = 0;
  return segments.map((one) => {
    if (one.product === undefined || !ids.includes(one.product)) return one;
    next += 1;
    return moved[next - 1]!;
  });
}

function withProduct(document: Record<string, unknown>, product: Record<string, unknown>): Record<string, unknown> {
  const { products = [] } = document as { products?: { id: string; licence?: unknown }[] };
  if (products.length >= MAX_PRODUCTS && !products.some(({ id }) => id === product['id']))
    throw new EngineError('E_BAD_REQUEST', {
      where: 'products',
      expected: `at most ${MAX_PRODUCTS}`,
      found: 'one more',
    });
  const at = products.findIndex(({ id }) => id === product['id']);
  if (at < 0) return { ...document, products: [...products, product] };
  const { licence } = products[at]!;
  const value = { ...product, ...(licence === undefined ? {} : { licence }) };
  return { ...document, products: products.with(at, value as never) };
}

/** With the segments that speak of nothing else. */
function withoutProduct(document: Record<string, unknown>, product: string): Record<string, unknown> {
  const { products = [], script } = document as { products?: { id: string }[]; script?: Script };
  if (!products.some(({ id }) => id === product)) throw noProduct(product);
  return {
    ...document,
    products: products.filter(({ id }) => id !== product),
    ...(script?.segments === undefined
      ? {}
      : { script: { ...script, segments: script.segments.filter((one) => one.product !== product) } }),
  };
}

function freeId(id: string, products: readonly { id: string }[]): string {
  const taken = new Set(products.map((one) => one.id));
  for (let i = 1; i < 1000; i += 1) {
    const next = i === 1 ? id : `${id}-${i}`;
    if (!taken.has(next)) return next;
  }
  return `${id}-${randomBytes(3).toString('hex')}`;
}

const noProduct = (id: string): EngineError =>
  new EngineError('E_NOT_FOUND', {
    where: `product ${id}`,
    expected: 'a product of the room',
    found: 'no such product',
  });

const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40) || 'product';
