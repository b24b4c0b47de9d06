/** The workspace's configuration file: `.demarc.json`, `.demarc.yaml` or `.demarc.yml`. */

import type { SyntaxProblem } from '../syntax/document.ts';
import { parseJson } from '../syntax/json.ts';
import type { Entry, Node } from '../syntax/node.ts';
import { withoutQuery } from '../syntax/uri.ts';
import { parseYaml } from '../syntax/yaml.ts';
import { RULE_SETTINGS, type RuleSetting, ruleSetting, type Settings } from './settings.ts';
import { clip, closest, isRuleName, unknownRule } from './suggest.ts';

export { CONFIGURATION_NAMES, excluded, mergeSettings } from './settings.ts';

const KEYS = ['enable', 'tier', 'rules', 'exclude', '$schema'];
/** A file with more mistakes than this gets no more guesses at what was meant. */
const MAX_GUESSES = 20;
/** Problems that are told; the last one says that there are more. */
const MAX_PROBLEMS = 200;

export interface ConfigurationProblem extends SyntaxProblem {
  /** It names a rule that does not exist: the one mistake that the JSON schema cannot see. */
  readonly unknownRule?: boolean;
}

export interface ParsedConfiguration {
  /** What the file sets, without what it sets wrongly. */
  readonly settings: Partial<Settings>;
  /** In document order. */
  readonly problems: readonly ConfigurationProblem[];
}

/**
 * Reads a configuration file. Never throws: what is wrong is left out and reported at its place.
 * @param uri its ending tells JSON (with comments) from YAML
 */
export function parseConfiguration(uri: string, text: string): ParsedConfiguration {
  const document = /\.ya?ml$/i.test(withoutQuery(uri)) ? parseYaml(uri, text) : parseJson(uri, text);
  const problems: ConfigurationProblem[] = [...document.problems];
  let count = 0;
  const report: Report = ({ start, end }, message, unknown) => {
    if (count < MAX_PROBLEMS)
      problems.push(unknown ? { start, end, message, unknownRule: true } : { start, end, message });
    else if (count === MAX_PROBLEMS)
      problems.push({ start, end, message: `Problems are not told from here on: more than ${MAX_PROBLEMS}.` });
    count++;
  };
  const [root] = document.roots;
  if (!root || root.kind === 'missing' || root.kind === 'null') return { settings: {}, problems };
  if (root.kind !== 'object') {
    report(root, 'The configuration must be an object with "tier", "rules" or "exclude".');
    return { settings: {}, problems };
  }
  const settings: { -readonly [K in keyof Settings]?: Settings[K] } = {};
  for (const entry of root.entries) {
    const { name, key, value } = entry;
    if (entry.duplicate) report(key, `"${name}" is set again below; the last one counts.`);
    if (name === 'enable') {
      if (typeof value.value === 'boolean') settings.enable = value.value;
      else report(value, '"enable" must be true or false.');
    } else if (name === 'tier') {
      if (value.value === 'core' || value.value === 'all') settings.tier = value.value;
      else report(value, '"tier" must be "core" or "all".');
    } else if (name === 'rules') {
      if (value.kind === 'object') settings.rules = readRules(value.entries, report);
      else report(value, '"rules" must be an object of rule ids with "off", "on" or a severity.');
    } else if (name === 'exclude') settings.exclude = readExclude(value, report);
    else if (name !== '$schema') {
      const nearest = closest(name, KEYS);
      report(
        key,
        `Unknown setting "${clip(name)}".${nearest ? ` Did you mean "${nearest}"?` : ` Known are ${KEYS.slice(0, 4).join(', ')}.`}`,
      );
    }
  }
  return { settings, problems: problems.sort((a, b) => a.start - b.start || a.end - b.end) };
}

type Report = (node: Node, message: string, unknownRule?: boolean) => void;

function readRules(entries: readonly Entry[], report: Report): Record<string, RuleSetting> {
  const rules: [string, RuleSetting][] = [];
  let guesses = MAX_GUESSES;
  for (const { name, key, value } of entries) {
    if (!isRuleName(name)) {
      report(key, unknownRule(name, guesses-- > 0), true);
      continue;
    }
    const setting = ruleSetting(value.value);
    if (setting) rules.push([name, setting]);
    else {
      const nearest = typeof value.value === 'string' ? closest(value.value, RULE_SETTINGS) : undefined;
      report(
        value,
        `Must be "off", "on" or a severity (critical, high, medium, low, info).${nearest ? ` Did you mean "${nearest}"?` : ''}`,
      );
    }
  }
  return Object.fromEntries(rules);
}

function readExclude(value: Node, report: Report): string[] {
  const globs: string[] = [];
  for (const item of value.kind === 'array' ? value.items : [value]) {
    if (typeof item.value !== 'string' || !item.value.trim())
      report(item, '"exclude" must be a list of globs such as "cdk.out/**".');
    else if (item.value.startsWith('!')) report(item, 'A glob in "exclude" cannot be negated.');
    else globs.push(item.value);
  }
  return globs;
}
