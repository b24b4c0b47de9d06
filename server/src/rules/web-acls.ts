/** Whether AWS WAF guards a resource, and what its web ACL looks for. */

import { type Companions, companions, declareCompanions } from '../template/companions.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import type { ResourceCheck } from './rule.ts';
import { has } from './shared.ts';

/** What attaches a web ACL (of AWS WAF, or of WAF Classic), and by which properties: resource, ACL. */
const WEB_ACL_ASSOCIATIONS: Readonly<Record<string, readonly [resource: string, acl: string]>> = {
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

/** The associations of web ACLs with a resource, which {@link declareWebAclAssociations} was called for. */
export function webAclAssociations(resource: Resource): Companions {
  const found = Object.keys(WEB_ACL_ASSOCIATIONS).map((type) => companions(resource, type));
  return { sure: found.flatMap(({ sure }) => sure), maybe: found.some(({ maybe }) => maybe) };
}

/** The managed rules that look for attacks on Log4j. Source: AWS WAF Developer Guide, Known bad inputs managed rule group. */
export const BAD_INPUTS = 'AWSManagedRulesKnownBadInputsRuleSet';

const RULE_GROUP_ASSOCIATION = 'aws_wafv2_web_acl_rule_group_association';

declareCompanions('aws_wafv2_web_acl', { [RULE_GROUP_ASSOCIATION]: 'web_acl_arn' });

interface RuleNames {
  readonly rules: string;
  /** The statement that applies a group of managed rules. */
  readonly managed: string;
  readonly name: string;
  /** The statement that applies a group of one's own. */
  readonly own: string;
}

const RULE_NAMES: Readonly<Record<string, RuleNames>> = {
  'AWS::WAFv2::WebACL': {
    rules: 'Rules',
    managed: 'Statement.ManagedRuleGroupStatement',
    name: 'Name',
    own: 'Statement.RuleGroupReferenceStatement',
  },
  aws_wafv2_web_acl: {
    rules: 'rule',
    managed: 'statement.managed_rule_group_statement',
    name: 'name',
    own: 'statement.rule_group_reference_statement',
  },
};

/** What a web ACL has against known bad inputs. */
export interface BadInputRules {
  /** The rules that apply the managed group, each with its statement. */
  readonly sure: readonly { readonly rule: Found; readonly statement: Found }[];
  /** Whether something that cannot be told may do the job: rules from elsewhere, or a rule group of one's own. */
  readonly maybe: boolean;
}

/** Whether rules may be in force that are not written as blocks of the web ACL. */
export function hasRulesElsewhere(acl: Resource): boolean {
  const { sure, maybe } = companions(acl, RULE_GROUP_ASSOCIATION);
  return sure.length > 0 || maybe || has(acl, 'rule_json') !== false;
}

/** The rules of a web ACL against known bad inputs; undefined for what is no web ACL of AWS WAF, or only read (a data source). */
export function badInputRules(acl: Resource): BadInputRules | undefined {
  const names = RULE_NAMES[acl.type];
  if (!names || acl.isData) return undefined;
  const sure: { rule: Found; statement: Found }[] = [];
  let maybe = hasRulesElsewhere(acl);
  for (const rule of select(acl, `${names.rules}[]`)) {
    if (rule.value.kind === 'absent') continue;
    maybe ||= below(rule, names.own).some(({ value }) => value.kind !== 'absent');
    for (const statement of below(rule, `${names.managed}[]`)) {
      if (statement.value.kind === 'absent') continue;
      const texts = below(statement, names.name).map(({ value }) => asString(value));
      maybe ||= texts.includes(undefined);
      if (texts.includes(BAD_INPUTS)) sure.push({ rule, statement });
    }
  }
  return { sure, maybe };
}

/**
 * Whether the web ACL that a value refers to applies the managed rules against known bad inputs; undefined where it is not of
 * this template, or where its rules are not known.
 */
export function stopsBadInputs({ value, resource }: Found): boolean | undefined {
  const acl = value.kind === 'reference' ? resource.template.resource(value.target) : undefined;
  const rules = acl && badInputRules(acl);
  if (!rules) return undefined;
  return rules.sure.length > 0 || (rules.maybe ? undefined : false);
}

/**
 * Reports resources that no web ACL is associated with (variant `none`), and web ACLs that do not look for attacks on Log4j
 * (variant `log4j`). Silent where an association may be theirs.
 * @param where leaves out resources that need none, or may need none
 * @param namedBy the resources by which an association may name one: itself, where left out
 */
export function webAclCheck(
  types: readonly string[],
  where: (resource: Resource) => boolean | undefined = () => true,
  namedBy: (resource: Resource) => readonly Resource[] = (resource) => [resource],
): ResourceCheck {
  return {
    kind: 'resource',
    types,
    check(resource, reporter) {
      if (where(resource) !== true) return;
      const found = namedBy(resource).map(webAclAssociations);
      if (found.some(({ maybe }) => maybe)) return;
      const associations = new Set(found.flatMap(({ sure }) => sure));
      if (!associations.size) reporter.report({ node: resource.key, resource, variant: 'none' });
      for (const association of associations) {
        const [, acl] = WEB_ACL_ASSOCIATIONS[association.type] ?? [];
        if (!acl || !select(association, acl).some((one) => stopsBadInputs(one) === false)) continue;
        const related = [{ node: resource.key, message: `Guards ${resource.address}`, resource }];
        reporter.report({ node: association.key, resource: association, variant: 'log4j', related });
      }
    },
  };
}
