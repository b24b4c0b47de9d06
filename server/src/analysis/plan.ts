/** What is told of a Terraform plan beyond its findings: what it introduces, and where its resources are written. */

import { checkInSteps } from '../rules/engine.ts';
import type { Finding, Severity } from '../rules/rule.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { Steps } from '../syntax/steps.ts';
import { select } from '../template/select.ts';
import type { Template } from '../template/template.ts';
import { terraformPlanBefore } from '../terraform/plan.ts';
import type { Analysis } from './analyze.ts';
import { type Comparison, compare } from './compare.ts';

/**
 * The findings of a plan against those of what was there before it: which of them applying it introduces.
 * Undefined where the plan does not say what was there. In steps.
 */
export function* changesOfPlan(
  document: SyntaxDocument,
  head: Analysis,
  severityOf: (finding: Finding) => Severity,
): Steps<Comparison | undefined> {
  const template = terraformPlanBefore(document);
  if (!template) return undefined;
  const findings = yield* checkInSteps(template, head.rules);
  yield;
  const base: Analysis = {
    ...head,
    template,
    findings: findings.map((finding) => ({ finding, severity: severityOf(finding) })),
    suppressed: [],
    suppressionProblems: [],
  };
  return compare(base, head);
}

/** An address in a plan without the indexes of instances: that of the block in the configuration. */
function addressInConfiguration(address: string): string {
  return address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');
}

/** Adds to the findings of a plan where the configuration beside it says so: the argument, or the block. */
export function linkToConfiguration(findings: readonly Finding[], configuration: Template): void {
  for (const finding of findings) {
    const written = configuration.resource(addressInConfiguration(finding.resource.address));
    if (!written) continue;
    const [leaf] = finding.path ? select(written, finding.path) : [];
    const isWritten = leaf !== undefined && leaf.value.kind !== 'absent';
    finding.related.push({
      node: isWritten ? leaf.node : written.key,
      message: isWritten ? 'Written here in the configuration' : `Configuration of ${written.address}`,
    });
  }
}
