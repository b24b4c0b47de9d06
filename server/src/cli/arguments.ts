/** The command line's words: what they mean, and what to say of those that mean nothing. */

import { parseArgs } from 'node:util';
import { closest } from '../analysis/closest.ts';
import type { Severity } from '../rules/rule.ts';

export const FORMATS = ['pretty', 'json', 'sarif', 'markdown', 'github'] as const;
export type Format = (typeof FORMATS)[number];
/** Gravest first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const satisfies readonly Severity[];
const TIERS = ['core', 'all'] as const;
const COMMANDS = ['lint', 'rules', 'explain', 'help', 'version'] as const;

interface Common {
  readonly format: Format;
  readonly output?: string;
  readonly tier?: 'core' | 'all';
  /** Undefined: as the terminal and NO_COLOR say. */
  readonly color?: boolean;
}

export interface LintArguments extends Common {
  readonly command: 'lint';
  readonly paths: readonly string[];
  readonly config?: string;
  readonly fix: boolean;
  readonly stdin: boolean;
  readonly stdinFilename?: string;
  /** A git revision: what was there at its merge base with HEAD is no news. */
  readonly since?: string;
  /** A report of the base, as `--format json` writes it. */
  readonly baseline?: string;
  readonly failOn: Severity;
  readonly quiet: boolean;
  /** How many threads may work; undefined: as many as are worth it. */
  readonly jobs?: number;
  readonly cache: boolean;
  /** The folder of the cache; undefined: the user's. */
  readonly cacheLocation?: string;
}

export type Arguments =
  | LintArguments
  | (Common & { readonly command: 'rules' })
  | (Common & { readonly command: 'explain'; readonly rule: string })
  | { readonly command: 'help' }
  | { readonly command: 'version' };

/** A command line that cannot be carried out. */
export class UsageError extends Error {}

const OPTIONS = {
  format: { type: 'string', short: 'f' },
  output: { type: 'string', short: 'o' },
  tier: { type: 'string' },
  config: { type: 'string', short: 'c' },
  fix: { type: 'boolean' },
  stdin: { type: 'boolean' },
  'stdin-filename': { type: 'string' },
  since: { type: 'string' },
  baseline: { type: 'string' },
  'fail-on': { type: 'string' },
  jobs: { type: 'string', short: 'j' },
  cache: { type: 'boolean' },
  'cache-location': { type: 'string' },
  color: { type: 'boolean' },
  'no-color': { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;
const LINT_ONLY: readonly (keyof typeof OPTIONS)[] = [
  'config',
  'fix',
  'stdin',
  'stdin-filename',
  'since',
  'baseline',
  'fail-on',
  'jobs',
  'cache',
  'cache-location',
  'quiet',
];
/** More threads than any machine has use for. */
const MOST_JOBS = 256;

export const HELP = `Usage: demarc lint [PATH...]      lint files, folders or globs (the current folder where none is named)
       demarc rules               list the rules
       demarc explain RULE        say what a rule finds, why, and whose side it is (ids of other tools work too)

Finds public access, missing encryption and overbroad IAM in CloudFormation, SAM, Terraform and IAM policies,
and says which side of the AWS shared responsibility model owns each finding.

Options:
  -f, --format FORMAT     pretty (default), json, sarif, markdown or github
  -o, --output FILE       write the report to a file
      --tier core|all     core rules, or the opt-in rules too (overrides the configuration)
  -c, --config FILE       this configuration instead of the nearest .demarc.json, .demarc.yaml or .demarc.yml
      --fix               apply every safe fix, then lint what is left
      --stdin             lint standard input
      --stdin-filename N  its name, for the report, the configuration and the Terraform module it belongs to
      --since REVISION    compare with the merge base of HEAD and a git revision (origin/main): only what the change
                          introduces fails; every format tells it from what was there before
      --baseline FILE     the same, with a report of the base that --format json wrote
      --fail-on SEVERITY  lowest severity that fails: critical, high, medium, low (default) or info
  -j, --jobs N            at most N threads (as many as the machine has cores, where there is enough to do)
      --cache             keep results by content: what did not change is not judged again
      --cache-location D  where they are kept, outside of what is linted (your cache folder)
      --color, --no-color
  -q, --quiet             findings and errors only
  -h, --help
  -v, --version

For a pull request's comment: demarc lint --since origin/main --format markdown --output comment.md

Exit code: 0 nothing at or above --fail-on · 1 findings · 2 usage, configuration or internal error, or a file cannot be read
`;

/**
 * Reads the command line.
 * @throws UsageError where it cannot be carried out
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = (OPTIONS as Record<string, { type: string }>)[token.name];
    if (!option || !Object.hasOwn(OPTIONS, token.name)) {
      const nearest = closest(token.name, Object.keys(OPTIONS));
      throw new UsageError(`Unknown option ${token.rawName}.${nearest ? ` Did you mean --${nearest}?` : ''}`);
    }
    if (option.type === 'string' && (!token.value || (!token.inlineValue && /^--?[a-z]/i.test(token.value)))) {
      throw new UsageError(`Option ${token.rawName} needs a value.`);
    }
    if (option.type === 'boolean' && token.value !== undefined)
      throw new UsageError(`Option ${token.rawName} takes no value.`);
  }
  const given = (name: keyof typeof OPTIONS) => values[name] as string | undefined;
  const flag = (name: keyof typeof OPTIONS) => values[name] === true;
  if (flag('version')) return { command: 'version' };
  if (flag('help') || (!positionals.length && !flag('stdin'))) return { command: 'help' };

  const [word = 'lint', ...rest] = positionals;
  const command = COMMANDS.find((one) => one === word);
  if (!command) {
    const nearest = closest(word, COMMANDS);
    throw new UsageError(
      `Unknown command "${word}". ${nearest ? `Did you mean "${nearest}"?` : `To lint it: demarc lint ${word}`}`,
    );
  }
  if (command === 'help' || command === 'version') return { command };
  const common: Common = {
    format: oneOf('format', given('format'), FORMATS) ?? 'pretty',
    output: given('output'),
    tier: oneOf('tier', given('tier'), TIERS),
    color: flag('no-color') ? false : flag('color') ? true : undefined,
  };
  if (command !== 'lint') {
    const wrong = LINT_ONLY.find((name) => values[name] !== undefined);
    if (wrong) throw new UsageError(`Option --${wrong} is for "demarc lint".`);
    const formats: readonly Format[] = command === 'explain' ? ['pretty', 'json', 'markdown'] : ['pretty', 'json'];
    if (!formats.includes(common.format))
      throw new UsageError(`"demarc ${command}" knows the formats ${new Intl.ListFormat('en').format(formats)}.`);
    if (command === 'rules') {
      if (rest.length) throw new UsageError('"demarc rules" takes no names; see "demarc explain".');
      return { command, ...common };
    }
    const [rule] = rest;
    if (rest.length !== 1 || !rule) throw new UsageError('Name one rule: demarc explain RULE');
    return { command, ...common, rule };
  }
  if (rest.includes('')) throw new UsageError('A path is empty: name a file, a folder or a glob.');
  const stdin = flag('stdin');
  if (stdin && rest.length) throw new UsageError('Either --stdin or paths, not both.');
  if (stdin && flag('fix')) throw new UsageError('--fix changes files; it cannot be used with --stdin.');
  if (!stdin && given('stdin-filename') !== undefined) throw new UsageError('--stdin-filename is for --stdin.');
  const since = given('since');
  const baseline = given('baseline');
  if (since !== undefined && baseline !== undefined) throw new UsageError('Either --since or --baseline, not both.');
  if (stdin && since !== undefined && given('stdin-filename') === undefined)
    throw new UsageError('--since with --stdin needs --stdin-filename: the file to compare with.');
  return {
    command,
    ...common,
    paths: stdin || rest.length ? rest : ['.'],
    config: given('config'),
    fix: flag('fix'),
    stdin,
    stdinFilename: given('stdin-filename'),
    since,
    baseline,
    failOn: oneOf('fail-on', given('fail-on'), SEVERITIES) ?? 'low',
    quiet: flag('quiet'),
    jobs: threads(given('jobs')),
    cache: flag('cache') || given('cache-location') !== undefined,
    cacheLocation: given('cache-location'),
  };
}

function threads(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > MOST_JOBS) throw new UsageError(`--jobs is a number of threads, 1 to ${MOST_JOBS}.`);
  return number;
}

function oneOf<T extends string>(option: string, value: string | undefined, known: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  if (found) return found;
  const nearest = closest(value, known);
  throw new UsageError(
    `Unknown value "${value}" for --${option}. ${nearest ? `Did you mean "${nearest}"?` : `Known are ${known.join(', ')}.`}`,
  );
}
