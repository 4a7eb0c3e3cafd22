import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, type ErrorCode } from '../../../src/core/errors.js';
import { packageRoot } from '../../../src/core/files/paths.js';

/** The meaning of each code and the remedy, in one line each. */
export const ERROR_MEANINGS = JSON.parse(
  readFileSync(join(packageRoot(), 'scripts', 'tools', 'docs', 'error-meanings.json'), 'utf8'),
) as Readonly<Record<ErrorCode, { readonly meaning: string; readonly todo: string }>>;

const HEAD = `# Error codes

Every error has a code, and says where it happened, what was expected, what was found and what to do. On the command line the
code stands at the end of the message. The API answers with the status below and \`{ "error": { "code", "message", "where",
"expected", "found", "todo" } }\` ([api.md](api.md)). Programs look at the code; messages may change.

This page is made by \`npm run tool -- write-errors\`.

| code | status | meaning | what to do |
| --- | --- | --- | --- |
`;

/** `docs/errors.md`, from the codes and their meanings. */
export const errorsPage = (): string =>
  HEAD +
  Object.entries(ERROR_CODES)
    .map(([code, status]) => {
      const { meaning, todo } = ERROR_MEANINGS[code as ErrorCode];
      return `| \`${code}\` | ${status} | ${meaning} | ${todo} |\n`;
    })
    .join('');
