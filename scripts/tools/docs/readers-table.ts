import { CODE_READERS } from '../../../src/codescan/code-reader.js';

const HEAD = `| reader | formats | found with it (without it) | ms a frame |
| --- | --- | --- | --- |
`;

/** The table of readers in docs/benchmarks-scan.md. */
export const readersTable = (): string =>
  HEAD +
  CODE_READERS.map(({ name, formats, isOption, costMs, gains }) => {
    const found = gains.map(
      ({ set, part, codes, found, without }) =>
        `${set}${part === undefined ? '' : `, ${part}`}: ${found} (${without}) of ${codes}`,
    );
    const gain = isOption === true ? 'an option, off by default' : found.join('; ');
    const cost = costMs === undefined ? '' : costMs <= 0.01 ? '< 0.01' : costMs.toFixed(2);
    return `| ${name} | ${formats.join(', ')} | ${gain} | ${cost} |\n`;
  }).join('');
