import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowNegative: true }>>['values'];

/**
 * The options of a script, from its command line. `--help` prints the comment at the top of the script, which explains
 * its use, and exits. An unknown option, or an option for which `faultOf` returns a sentence, exits with code 2 and
 * that comment.
 *
 * @param url the script's `import.meta.url`
 */
export function scriptOptions<const T extends Options>(
  url: string,
  options: T,
  faultOf: (values: Values<T>) => string | undefined = () => undefined,
): Values<T> {
  const usage = `${headOf(readFileSync(fileURLToPath(url), 'utf8'))}\n`;
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const refuse = (fault: string): never => {
    process.stderr.write(`${fault}\n\n${usage}`);
    process.exit(2);
  };
  try {
    const { values } = parseArgs({ options, allowNegative: true } as { options: T; allowNegative: true });
    const fault = faultOf(values);
    return fault === undefined ? values : refuse(fault);
  } catch (error) {
    return refuse((error as Error).message);
  }
}

/** The text of a source file's first comment. */
export function headOf(source: string): string {
  const block = /^\/\*\*?\s*\n?([\s\S]*?)\*\//.exec(source);
  if (block !== null) {
    return block[1]!
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, ''))
      .join('\n')
      .trim();
  }
  const lines = source.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .join('\n')
    .trim();
}
