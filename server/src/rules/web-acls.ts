/** Whether AWS WAF guards a resource, and what its web ACL looks for. */

import { companions, declareCompanions } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import type { ResourceCheck } from './rule.ts';

/** What attaches a web ACL (of AWS WAF, or of WAF Classic), and by which properties: resource, ACL. */
export const WEB_ACL_ASSOCIATIONS: Readonly<Record<string, readonly [resource: string, acl: string]>> = {
  'AWS::WAFv2::WebACLAssociation': ['ResourceArn', 'WebACLArn'],
  'AWS::WAFRegional::WebACLAssociation': ['ResourceArn', 'WebACLId'],
  aws_wafv2_web_acl_association: ['resource_arn', 'web_acl_arn'],
  aws_wafregional_web_acl_association: ['resource_arn', 'web_acl_id'],
};

/** Makes the associations that name resources of these types theirs. */
export function declareWebAclAssociations(...types: readonly string[]): void {
  for (const type of types) {
    const ofLanguage = Object.entries(WEB_ACL_ASSOCIATIONS).filter(
      ([one]) => one.startsWith('AWS::') === type.startsWith('AWS::'),
    );
    declareCompanions(type, Object.fromEntries(ofLanguage.map(([one, [resource]]) => [one, resource])));
  }
}

/** The managed rules that look for attacks on Log4j. Source: AWS WAF Developer Guide, Known bad inputs managed rule group. */
export const BAD_INPUTS = 'AWSManagedRulesKnownBadInputsRuleSet';

/**
 * Whether the web ACL that a value refers to holds the managed rules against known bad inputs; undefined where it is not of
 * this template, or where its rules are not known: a rule group of one's own may hold the same.
 */
export function stopsBadInputs({ value, resource }: Found): boolean | undefined {
  if (value.kind !== 'reference') return undefined;
  const acl = resource.template.resource(value.target);
  if (!acl || acl.isData || !/wafv2/i.test(acl.type)) return undefined;
  const cloudFormation = acl.type.startsWith('AWS::');
  const open = acl.properties.get(cloudFormation ? 'Rules' : 'rule_json')?.value;
  if (open && (cloudFormation ? open.kind !== 'list' || open.open : true)) return undefined;
  const [groups, own] = cloudFormation
    ? ['Rules[].Statement.ManagedRuleGroupStatement.Name', 'Rules[].Statement.RuleGroupReferenceStatement']
    : ['rule[].statement.managed_rule_group_statement.name', 'rule[].statement.rule_group_reference_statement'];
  const names = select(acl, groups);
  if (names.some(({ value: name }) => asString(name) === BAD_INPUTS)) return true;
  const known = names.every(({ value: name }) => name.kind === 'absent' || name.kind === 'known');
  return known && select(acl, own).every(({ value: group }) => group.kind === 'absent') ? false : undefined;
}

/**
 * Reports resources that no web ACL is associated with (variant `none`), and web ACLs that do not look for attacks on Log4j
 * (variant `log4j`). Silent where an association may be theirs. `where` leaves out resources that need none, or may need none.
 */
export function webAclCheck(
  types: readonly string[],
  where: (resource: Resource) => boolean | undefined = () => true,
): ResourceCheck {
  return {
    kind: 'resource',
    types,
    check(resource, reporter) {
      if (where(resource) !== true) return;
      const associations: Resource[] = [];
      for (const type of Object.keys(WEB_ACL_ASSOCIATIONS)) {
        const { sure, maybe } = companions(resource, type);
        if (maybe) return;
        associations.push(...sure);
      }
      if (!associations.length) reporter.report({ node: resource.key, resource, variant: 'none' });
      for (const association of associations) {
        const [, acl] = WEB_ACL_ASSOCIATIONS[association.type] ?? [];
        if (!acl || !select(association, acl).some((found) => stopsBadInputs(found) === false)) continue;
        const related = [{ node: resource.key, message: `Guards ${resource.address}`, resource }];
        reporter.report({ node: association.key, resource: association, variant: 'log4j', related });
      }
    },
  };
}
