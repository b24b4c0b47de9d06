/** Whether AWS WAF guards a resource, and what its web ACL looks for. */

import { companions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import type { ResourceCheck } from './rule.ts';

/** Resources that name what a web ACL guards: `ResourceArn` and `resource_arn`. Rules declare them as companions of theirs. */
export const WEB_ACL_ASSOCIATIONS: readonly string[] = [
  'AWS::WAFv2::WebACLAssociation',
  'aws_wafv2_web_acl_association',
];

/** The managed rules that look for attacks on Log4j. Source: AWS WAF Developer Guide, Known bad inputs managed rule group. */
const BAD_INPUTS = 'AWSManagedRulesKnownBadInputsRuleSet';

/** Whether the web ACL of an association holds the managed rules; undefined where it is not of this template, or not known. */
function looksForBadInputs(association: Resource): boolean | undefined {
  const cloudFormation = association.type.startsWith('AWS::');
  const [arn] = select(association, cloudFormation ? 'WebACLArn' : 'web_acl_arn');
  if (arn?.value.kind !== 'reference') return undefined;
  const acl = association.template.resource(arn.value.target);
  if (!acl || acl.isData) return undefined;
  const open = acl.properties.get(cloudFormation ? 'Rules' : 'rule_json')?.value;
  if (open && (cloudFormation ? open.kind !== 'list' || open.open : true)) return undefined;
  const groups = select(
    acl,
    cloudFormation
      ? 'Rules[].Statement.ManagedRuleGroupStatement.Name'
      : 'rule[].statement.managed_rule_group_statement.name',
  );
  if (groups.some(({ value }) => asString(value) === BAD_INPUTS)) return true;
  return groups.every(({ value }) => value.kind === 'absent' || value.kind === 'known') ? false : undefined;
}

/**
 * Reports resources that no web ACL is associated with (variant `none`), and web ACLs that do not look for attacks on Log4j
 * (variant `log4j`). Silent where an association may be theirs.
 */
export function webAclCheck(types: readonly string[]): ResourceCheck {
  return {
    kind: 'resource',
    types,
    check(resource, reporter) {
      const associations: Resource[] = [];
      for (const type of WEB_ACL_ASSOCIATIONS) {
        const { sure, maybe } = companions(resource, type);
        if (maybe) return;
        associations.push(...sure);
      }
      if (!associations.length) reporter.report({ node: resource.key, resource, variant: 'none' });
      for (const association of associations) {
        if (looksForBadInputs(association) !== false) continue;
        const related = [{ node: resource.key, message: `Guards ${resource.address}`, resource }];
        reporter.report({ node: association.key, resource: association, variant: 'log4j', related });
      }
    },
  };
}
