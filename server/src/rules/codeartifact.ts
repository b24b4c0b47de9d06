/** AWS CodeArtifact: who the policies of domains and repositories let in. */

import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { Rule } from './rule.ts';

export const CODEARTIFACT_RULES: readonly Rule[] = [
  publicPolicyRule({
    id: 'codeartifact-policy-public',
    thing: 'package repository',
    service: 'codeartifact',
    standalone: true,
    severities: { write: 'high', read: 'high' },
    title: 'Package repository or domain lets everyone in',
    description:
      'A statement allows every principal, and no condition narrows it to an account or an organization. Any AWS account may then do what it allows: read your packages, or publish versions that your builds install. Name the accounts, or add a condition on `aws:PrincipalOrgID`.',
    aliases: ['checkov:CKV_AWS_283'],
    references: [
      aws('Repository policies', 'codeartifact/latest/ug/repo-policies.html'),
      aws('Domain policies', 'codeartifact/latest/ug/domain-policies.html'),
    ],
  }),
];
