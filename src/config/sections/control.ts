import { isIP } from 'node:net';
import { z } from 'zod';

/** An address, or a network in CIDR notation. */
function isNetwork(text: string): boolean {
  const [address = '', bits, more] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 &&
    more === undefined &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
  );
}

export const control = z
  .strictObject({
    host: z.string().default('127.0.0.1').describe('Address the API and page listen on'),
    port: z.int().min(0).max(65_535).default(8080).describe('HTTP port; 0 takes a free one'),
    rtmpPort: z.int().min(0).max(65_535).default(1935).describe('Port of the embedded RTMP server; 0 takes a free one'),
    flvPort: z
      .int()
      .min(0)
      .max(65_535)
      .default(8000)
      .describe('Port of the embedded HTTP-FLV server; 0 takes a free one'),
    webhooks: z
      .array(
        z
          .strictObject({
            url: z
              .string()
              .regex(/^https?:\/\/\S+$/, 'expected https://host/path')
              .describe('Gets a POST of JSON; ${NAME} is taken from the environment and never shown'),
            token: z.string().min(1).optional().describe('Bearer token'),
            allowPrivate: z.boolean().optional().describe('The name may lead to an address of a private network'),
          })
          .describe('One receiver'),
      )
      .max(10)
      .default([])
      .describe('Receivers of state changes of outputs'),
    liveTalking: z
      .strictObject({
        host: z.string().optional().describe('Address it listens on; default: control.host'),
        port: z.int().min(0).max(65_535).default(8010).describe('Port; 0 takes a free one'),
      })
      .optional()
      .describe("LiveTalking's HTTP interface, for programs written for it; it asks for the room's token"),
    trustedProxies: z
      .array(z.string().refine(isNetwork, 'expected an address or a network, such as "127.0.0.1" or "10.0.0.0/8"'))
      .max(20)
      .default([])
      .describe('Reverse proxies whose X-Forwarded-For, -Host and -Proto count; from all others they are ignored'),
    maxViewers: z
      .int()
      .min(1)
      .max(200)
      .default(16)
      .describe('Maximum WebRTC viewers at once; a quarter is reserved for viewers with the token'),
    assetFolders: z
      .array(z.string().min(1))
      .max(50)
      .default([])
      .describe('Folders, besides those of the room file and of the files it names, whose files layers may use on air'),
  })
  .describe('API, page and embedded servers');
