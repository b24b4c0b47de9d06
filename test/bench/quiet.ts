/** Counts what is said of policies that are known to be good. */

import { analyze, type Source } from '../../server/src/analysis/analyze.ts';
import { setActionDataSource } from '../../server/src/iam/reference.ts';
import { policiesOf } from '../../server/src/iam/sites.ts';

const SETTINGS = { enable: true, tier: 'all', rules: {}, exclude: [] } as const;
const UNKNOWN_NAME = /\/unknown-(service|action|global-key|service-key)$|\/wildcard-action-matches-nothing$/;
const ACCESS = /^iam-(privilege-escalation|data-exfiltration|credentials-exposure)/;
/** Of names that do not exist AWS says nothing; what a document says twice it takes. */
const TAKEN = /^iam-policy-(redundant|mismatch)|unknown-|retired-name|wildcard-action-matches-nothing/;
const INVALID = /^iam-(policy|principal|guardrail|arn|condition|condition-key)-(invalid|variable|size)/;

export interface Quiet {
  readonly policies: number;
  /** Documents with a finding that says AWS refuses them. */
  readonly refused: number;
  /** Actions and condition keys as written. */
  readonly names: number;
  readonly unknownNames: number;
  /** Policies with a finding on escalation, exfiltration or credentials. */
  readonly access: number;
  /** Policies by rule, variant and severity. */
  readonly rules: readonly (readonly [rule: string, policies: number])[];
}

/**
 * @param data text of the packed reference
 */
export function measureQuiet(sources: readonly Source[], data: string): Quiet {
  setActionDataSource(() => data);
  const rules = new Map<string, Set<string>>();
  const refused = new Set<string>();
  const access = new Set<string>();
  let policies = 0;
  let names = 0;
  let unknownNames = 0;
  for (const source of sources) {
    const analysis = analyze([source], SETTINGS);
    if (!analysis) continue;
    policies++;
    for (const { statements } of policiesOf(analysis.template)) {
      for (const one of statements) names += one.actions.length + one.notActions.length + one.conditions.length;
    }
    for (const { finding } of analysis.findings) {
      const rule = `${finding.rule.id}${finding.variant ? `/${finding.variant}` : ''}`;
      if (UNKNOWN_NAME.test(rule)) unknownNames++;
      if (ACCESS.test(rule)) access.add(source.uri);
      if (INVALID.test(rule) && !TAKEN.test(rule) && finding.severity === 'medium') refused.add(source.uri);
      const key = `${rule} ${finding.severity}`;
      rules.set(key, (rules.get(key) ?? new Set()).add(source.uri));
    }
  }
  const sorted = [...rules].map(([rule, uris]) => [rule, uris.size] as const).sort((a, b) => b[1] - a[1]);
  return { policies, refused: refused.size, names, unknownNames, access: access.size, rules: sorted };
}
