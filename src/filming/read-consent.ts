import { consentRecord, type ConsentRecord } from '../avatar/filmed/film-manifest.js';
import { EngineError } from '../core/errors.js';
import { readRegularFile } from '../core/files/regular-file.js';

export interface ConsentOptions {
  readonly file?: string | undefined;
  readonly who?: string | undefined;
  readonly date?: string | undefined;
  readonly use?: string | undefined;
  readonly document?: string | undefined;
  readonly adult?: boolean | undefined;
}

const MAX_BYTES = 65_536;
const HOW_TO_CONSENT =
  'give --consent FILE, or --consent-who, --consent-date, --consent-use, --consent-document and --adult';

/** The record of consent from a file, or from options of the command. Throws E_PRESENTER_INVALID when it is incomplete. */
export async function readConsent(options: ConsentOptions): Promise<ConsentRecord> {
  const { file, adult } = options;
  const where = file === undefined ? 'consent' : `--consent ${file}`;
  const raw =
    file === undefined
      ? {
          who: options.who,
          date: options.date,
          use: options.use,
          document: options.document,
          ...(adult === true ? { adult: true, onePerson: true } : {}),
        }
      : await fromFile(file, where);
  const result = consentRecord.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const field = issue.path.map(String).join('.');
    const wanted = consentRecord.shape[field as keyof ConsentRecord]?.description;
    const value = JSON.stringify((raw as Record<string, unknown> | null)?.[field]);
    throw new EngineError('E_PRESENTER_INVALID', {
      where: field === '' ? where : `${where}: ${field}`,
      expected:
        value === undefined && wanted !== undefined
          ? wanted
          : issue.message.replace(/^(Invalid input: )?expected /, ''),
      found: value?.slice(0, 80) ?? 'nothing',
      todo: HOW_TO_CONSENT,
    });
  }
  if (Date.parse(result.data.date) > Date.now() + 86_400_000) {
    throw new EngineError('E_PRESENTER_INVALID', {
      where: `${where}: date`,
      expected: 'a day that has come',
      found: result.data.date,
      todo: 'correct the date of the consent',
    });
  }
  return result.data;
}

async function fromFile(file: string, where: string): Promise<unknown> {
  try {
    return JSON.parse((await readRegularFile(file, { maxBytes: MAX_BYTES })).toString('utf8'));
  } catch (cause) {
    throw new EngineError('E_PRESENTER_INVALID', {
      where,
      expected: 'a JSON file with the record of consent',
      found: (cause as Error).message,
      todo: HOW_TO_CONSENT,
      cause,
    });
  }
}
