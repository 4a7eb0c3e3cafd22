import { z } from 'zod';
import { ALARM_KINDS } from '../../core/alarm-kinds.js';

const ms = (describe: string): z.ZodOptional<z.ZodInt> => z.int().min(0).max(604_800_000).optional().describe(describe);

const kind = z
  .strictObject({
    enabled: z.boolean().optional().describe('false: no alerts of this kind; the page shows no banner'),
    afterMs: ms('Duration of the trouble before the alarm is raised, in ms'),
    clearMs: ms('Time without the trouble before the alarm ends, in ms'),
    repeatMs: ms('Interval at which an active alarm is sent again, in ms; 0: never'),
  })
  .describe('Timing of one kind of alarm; docs/alerts.md has the defaults');

const webhook = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/\S+$/, 'expected https://host/path')
      .describe('Address of the robot or receiver; ${NAME} is taken from the environment and never shown'),
    format: z
      .enum(['generic', 'slack', 'dingtalk', 'feishu'])
      .default('generic')
      .describe('Body: generic JSON, a Slack incoming webhook, or a custom robot of DingTalk or Feishu (Lark)'),
    token: z.string().min(1).optional().describe('Bearer token; ${NAME} from the environment'),
    allowPrivate: z.boolean().optional().describe('The name may lead to an address of a private network'),
    secret: z
      .string()
      .min(1)
      .optional()
      .describe('Signing secret of a DingTalk or Feishu robot; ${NAME} is taken from the environment'),
    language: z.enum(['en', 'zh']).optional().describe('Language of the text; default: alerts.language'),
  })
  .describe('One receiver');
export type AlertWebhookConfig = z.infer<typeof webhook>;

export const alerts = z
  .strictObject({
    webhooks: z.array(webhook).max(10).default([]).describe('Receivers of a POST for each alarm and each recovery'),
    exec: z
      .array(z.string().min(1).max(4096))
      .min(1)
      .max(50)
      .optional()
      .describe('Program and its arguments, run without a shell for each alarm; the alarm is JSON on standard input'),
    language: z
      .enum(['en', 'zh'])
      .optional()
      .describe('Language of the texts; default: zh for a Chinese room, else en'),
    minDiskFreeMb: z
      .int()
      .min(0)
      .max(10_000_000)
      .default(1024)
      .describe('Free space in MB for the ledger or recordings below which disk-low is raised'),
    kinds: z.partialRecord(z.enum(ALARM_KINDS), kind).default({}).describe('Timing by kind of alarm'),
  })
  .describe('Receivers and timing of alarms');
export type Alerts = z.infer<typeof alerts>;
