/** AWS WAF and WAF Classic: web ACLs that let everything through, their logs, and protection against Log4Shell. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import { companions, declareCompanions } from '../template/companions.ts';
import { modulePrefix } from '../template/module-path.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber, asString, type ObjectValue } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { addCloudFormationResource, addTerraformResource, appendTo, nameOf, set, terraformReference } from './fixes.ts';
import { aws } from './references.ts';
import type { FixMaker, Owner, Predicate, Reporter, Rule } from './rule.ts';
import { has, isCloudFormation } from './shared.ts';
import { BAD_INPUTS, badInputRules, hasRulesElsewhere } from './web-acls.ts';

declareCompanions('AWS::WAFv2::WebACL', { 'AWS::WAFv2::LoggingConfiguration': 'ResourceArn' });
declareCompanions('aws_wafv2_web_acl', { aws_wafv2_web_acl_logging_configuration: 'resource_arn' });

const ACL = 'AWS::WAFv2::WebACL';
const TF_ACL = 'aws_wafv2_web_acl';
const CLASSIC = ['AWS::WAF::WebACL', 'AWS::WAFRegional::WebACL'];
const TF_CLASSIC = ['aws_waf_web_acl', 'aws_wafregional_web_acl'];

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS applies the rules of a web ACL to each request; which rules there are is your choice.',
};

const CLASSIC_FACT = {
  text: 'AWS WAF Classic is at the end of its life: AWS set the end of its support to this date, and asks to migrate web ACLs to AWS WAF.',
  since: '2025-09-30',
  source: 'Migrating your AWS WAF Classic resources to AWS WAF (AWS WAF Developer Guide)',
};

// ---- rules and their actions

/** A block that says something: not an empty one, which Terraform JSON takes for a block without arguments. */
function saysSomething(value: ObjectValue): boolean {
  return value.names.length > 0 || value.open !== undefined;
}

/** A block or list of blocks that says something; references and unknowns are not known. */
const hasContent: Predicate = (value) => {
  if (value.kind === 'object') return saysSomething(value);
  if (value.kind === 'known') return value.value !== '';
  if (value.kind !== 'list') return undefined;
  const verdicts = value.items.map((item) => (item.kind === 'object' ? saysSomething(item) : undefined));
  if (verdicts.includes(true)) return true;
  return value.open || verdicts.includes(undefined) ? undefined : false;
};

/** Whether requests that no rule stops are allowed. */
function allowsByDefault(acl: Resource): boolean | undefined {
  if (acl.type === ACL) return has(acl, 'DefaultAction.Allow');
  if (acl.type === TF_ACL) return hasRulesElsewhere(acl) ? undefined : has(acl, 'default_action.allow');
  const leaves = select(acl, isCloudFormation(acl) ? 'DefaultAction.Type' : 'default_action.type');
  return leaves.length > 0 && leaves.every(({ value }) => asString(value)?.toUpperCase() === 'ALLOW')
    ? true
    : undefined;
}

function managedGroup(resource: Resource, name: string, priority: number): Data {
  return isCloudFormation(resource)
    ? {
        Name: name,
        Priority: priority,
        OverrideAction: { None: {} },
        Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: name } },
        VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: name },
      }
    : {
        name,
        priority,
        override_action: { none: {} },
        statement: { managed_rule_group_statement: { vendor_name: 'AWS', name } },
        visibility_config: { sampled_requests_enabled: true, cloudwatch_metrics_enabled: true, metric_name: name },
      };
}

const COMMON = 'AWSManagedRulesCommonRuleSet';

const addCommonRules: FixMaker = (found) =>
  set([managedGroup(found.resource, COMMON, 0)], {
    title: `Add the managed rules ${COMMON}`,
    safe: false,
    note: 'requests that match one of them are blocked',
  })(found);

/** Statements that bring rules with actions of their own. */
const GROUP_STATEMENTS = [
  'ManagedRuleGroupStatement',
  'RuleGroupReferenceStatement',
  'managed_rule_group_statement',
  'rule_group_reference_statement',
];

/** Blocks what matches; rules that come from a group keep their own actions. */
const giveAction: FixMaker = (found): Fix | undefined => {
  const { value, resource } = found;
  const rule = value.kind === 'absent' ? value.container : found.scopes[found.scopes.length - 1];
  if (rule?.node.kind !== 'object') return undefined;
  const cloudFormation = isCloudFormation(resource);
  if (!/wafv2/i.test(resource.type)) {
    return edit(rule, cloudFormation ? 'Action' : 'action', cloudFormation ? { Type: 'BLOCK' } : { type: 'BLOCK' });
  }
  const statement = rule.get(cloudFormation ? 'Statement' : 'statement')?.value;
  const block = statement?.kind === 'list' ? statement.items[0] : statement;
  if (block?.kind !== 'object') return undefined;
  if (block.names.some((name) => GROUP_STATEMENTS.includes(name))) {
    const none: Data = cloudFormation ? { None: {} } : { none: {} };
    return edit(rule, cloudFormation ? 'OverrideAction' : 'override_action', none);
  }
  return edit(rule, cloudFormation ? 'Action' : 'action', cloudFormation ? { Block: {} } : { block: {} });
};

function edit(rule: ObjectValue, name: string, data: Data): Fix {
  const edits: Edit[] = [{ kind: 'set', in: rule.node, path: [name], data }];
  return { title: `Set ${name} to ${JSON.stringify(data)} (requests that match are blocked)`, safe: false, edits };
}

const ruleSaysSomething = (_resource: Resource, scope: Found | undefined): boolean =>
  scope?.value.kind === 'object' && saysSomething(scope.value);

const NO_ACTION = ['checkov:CKV_AWS_342'];
const NO_RULES = [
  'checkov:CKV_AWS_175',
  'cfn_nag:F665',
  'guard:WAF_WEB_ACL_DEFAULT_ACTION_RULE',
  'kics:Permissive Web ACL Default Action',
];

// ---- logs

const V2_LOGGING = ['checkov:CKV2_AWS_31', 'cdk-nag:WAFv2LoggingEnabled'];
const LOG_DAYS = 365;

/** WAF takes only destinations whose names start like this. */
const LOG_PREFIX = 'aws-waf-logs-';

function addLogging(acl: Resource): Fix | undefined {
  const edits = isCloudFormation(acl) ? cloudFormationLogging(acl) : terraformLogging(acl);
  return edits && { title: 'Log requests to CloudWatch Logs (stored logs are billed)', safe: false, edits };
}

function cloudFormationLogging(acl: Resource): readonly Edit[] | undefined {
  const name = nameOf(acl);
  const group = `${name}Logs`;
  const logging = `${name}Logging`;
  if (acl.template.resource(group) || acl.template.resource(logging)) return undefined;
  const groups = addCloudFormationResource(acl, group, 'AWS::Logs::LogGroup', {
    LogGroupName: { 'Fn::Sub': `${LOG_PREFIX}\${AWS::StackName}-${name}` },
    RetentionInDays: LOG_DAYS,
  });
  const arn = `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${${group}}`;
  const configurations = addCloudFormationResource(acl, logging, 'AWS::WAFv2::LoggingConfiguration', {
    ResourceArn: { 'Fn::GetAtt': [name, 'Arn'] },
    LogDestinationConfigs: [{ 'Fn::Sub': arn }],
  });
  return groups && configurations && [...groups, ...configurations];
}

function terraformLogging(acl: Resource): readonly Edit[] | undefined {
  const name = nameOf(acl);
  if (acl.template.resource(`${modulePrefix(acl)}aws_cloudwatch_log_group.${name}`)) return undefined;
  const groups = addTerraformResource(acl, 'aws_cloudwatch_log_group', name, {
    name: `${LOG_PREFIX}${name}`,
    retention_in_days: LOG_DAYS,
  });
  const configurations = addTerraformResource(acl, 'aws_wafv2_web_acl_logging_configuration', name, {
    resource_arn: terraformReference(acl, 'arn'),
    log_destination_configs: [`\${aws_cloudwatch_log_group.${name}.arn}`],
  });
  return groups && configurations && [...groups, ...configurations];
}

function checkLogging(acl: Resource, reporter: Reporter): void {
  const type = isCloudFormation(acl) ? 'AWS::WAFv2::LoggingConfiguration' : 'aws_wafv2_web_acl_logging_configuration';
  const { sure, maybe } = companions(acl, type);
  if (!sure.length && !maybe) reporter.report({ node: acl.key, resource: acl, fix: () => addLogging(acl) });
}

// ---- Log4Shell

const LOG4J = /^Log4JRCE/i;

interface Names {
  readonly rules: string;
  readonly count: string;
  readonly priority: string;
  readonly excluded: string;
  readonly overrides: string;
  readonly overrideName: string;
  readonly overrideActions: readonly string[];
}

const NAMES: Readonly<Record<string, Names>> = {
  [ACL]: {
    rules: 'Rules',
    count: 'OverrideAction.Count',
    priority: 'Priority',
    excluded: 'ExcludedRules[].Name',
    overrides: 'RuleActionOverrides[]',
    overrideName: 'Name',
    overrideActions: ['ActionToUse.Count', 'ActionToUse.Allow'],
  },
  [TF_ACL]: {
    rules: 'rule',
    count: 'override_action.count',
    priority: 'priority',
    excluded: 'excluded_rule[].name',
    overrides: 'rule_action_override[]',
    overrideName: 'name',
    overrideActions: ['action_to_use.count', 'action_to_use.allow'],
  },
};

/** What keeps the rules of the group from blocking: the group only counts, or rules against Log4Shell are left out. */
function weakened(rule: Found, group: Found, names: Names): Found | undefined {
  const counts = below(rule, names.count).find(({ value }) => value.kind !== 'absent' && value.kind !== 'unknown');
  if (counts) return counts;
  const named = (found: Found) => LOG4J.test(asString(found.value) ?? '');
  const excluded = below(group, names.excluded).find(named);
  if (excluded) return excluded;
  for (const override of below(group, names.overrides)) {
    const name = override.value.kind === 'object' ? below(override, names.overrideName).find(named) : undefined;
    const allows = names.overrideActions.some((path) =>
      below(override, path).some(({ value }) => value.kind === 'object' || value.kind === 'list'),
    );
    if (name && allows) return name;
  }
  return undefined;
}

function checkLog4j(acl: Resource, reporter: Reporter): void {
  const names = NAMES[acl.type];
  const applied = badInputRules(acl);
  if (!names || !applied || applied.maybe) return;
  const weak: Found[] = [];
  for (const { rule, statement } of applied.sure) {
    const reason = weakened(rule, statement, names);
    if (!reason) return;
    weak.push(reason);
  }
  for (const found of weak) reporter.reportFound(found, { variant: 'weakened' });
  if (!weak.length) reporter.report({ node: acl.key, resource: acl, fix: () => addBadInputs(acl, names) });
}

/** Appends the group behind all other rules. */
function addBadInputs(acl: Resource, names: Names): Fix | undefined {
  const isWritten = acl.properties.get(names.rules) !== undefined;
  const priorities = isWritten
    ? select(acl, `${names.rules}[].${names.priority}`).map(({ value }) => asNumber(value))
    : [];
  if (priorities.includes(undefined)) return undefined;
  const next = Math.max(-1, ...priorities.map((one) => one ?? 0)) + 1;
  const edits = appendTo(acl, names.rules, [managedGroup(acl, BAD_INPUTS, next)]);
  const title = `Add the managed rules ${BAD_INPUTS} (requests that match one of them are blocked)`;
  return edits && { title, safe: false, edits };
}

export const WAF_RULES: readonly Rule[] = [
  {
    id: 'waf-default-allow-no-rules',
    title: 'Web ACL has no rules and allows every request',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: OWNER,
    description:
      'A web ACL without rules looks like protection and stops nothing. Add rules: the managed rule groups of AWS are a start. Allowing what no rule stops is fine, and usual, where there are rules.',
    aws: [CLASSIC_FACT],
    aliases: [...NO_RULES, ...NO_ACTION],
    variants: {
      'no-rules': { aliases: NO_RULES },
      'no-action': { message: 'This rule says nothing of what happens to a request that matches', aliases: NO_ACTION },
    },
    references: [
      aws(
        'Setting the protection pack (web ACL) default action in AWS WAF',
        'waf/latest/developerguide/web-acl-default-action.html',
      ),
      aws('Using rule actions in AWS WAF', 'waf/latest/developerguide/waf-rule-action.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: ACL, path: 'Rules', where: allowsByDefault, fix: addCommonRules },
          { type: TF_ACL, path: 'rule', where: allowsByDefault, fix: addCommonRules },
          { type: CLASSIC, path: 'Rules', where: allowsByDefault },
          { type: 'aws_waf_web_acl', path: 'rules', where: allowsByDefault },
          { type: 'aws_wafregional_web_acl', path: 'rule', where: allowsByDefault },
        ],
        must: (value, found) => (hasContent(value, found) === false ? 'no-rules' : true),
        absent: 'no-rules',
      },
      {
        kind: 'property',
        targets: [
          {
            type: [ACL, 'AWS::WAFv2::RuleGroup'],
            within: 'Rules[]',
            path: ['Action', 'OverrideAction'],
            where: ruleSaysSomething,
          },
          {
            type: [TF_ACL, 'aws_wafv2_rule_group', 'aws_wafregional_web_acl'],
            within: 'rule[]',
            path: ['action', 'override_action'],
            where: ruleSaysSomething,
          },
          { type: CLASSIC, within: 'Rules[]', path: ['Action', 'OverrideAction'], where: ruleSaysSomething },
          {
            type: 'aws_waf_web_acl',
            within: 'rules[]',
            path: ['action', 'override_action'],
            where: ruleSaysSomething,
          },
          {
            type: ['aws_waf_rule_group', 'aws_wafregional_rule_group'],
            within: 'activated_rule[]',
            path: 'action',
            where: ruleSaysSomething,
          },
        ],
        must: (value, found) => (hasContent(value, found) === false ? 'no-action' : true),
        absent: 'no-action',
        fix: giveAction,
      },
    ],
  },
  {
    id: 'waf-logging',
    title: 'Web ACL writes no logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps a sample of recent requests; a full record is written only where you configure one.',
    },
    description:
      'After an attack nobody can tell which requests came, from where, and what the rules made of them. Log to CloudWatch Logs, S3 or Firehose, and keep what is confidential out of the fields.',
    aws: [...awsDefaults('waf-log-destination'), CLASSIC_FACT],
    aliases: [...V2_LOGGING, 'checkov:CKV_AWS_176'],
    variants: { classic: { aliases: ['checkov:CKV_AWS_176'] } },
    references: [aws('Logging AWS WAF protection pack (web ACL) traffic', 'waf/latest/developerguide/logging.html')],
    checks: [
      { kind: 'resource', types: [ACL, TF_ACL], check: checkLogging },
      {
        kind: 'property',
        targets: [{ type: TF_CLASSIC, path: 'logging_configuration' }],
        must: (value, found) => (hasContent(value, found) === false ? 'classic' : true),
        absent: 'classic',
      },
    ],
  },
  {
    id: 'waf-log4j',
    title: 'Web ACL does not block Log4Shell',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'Requests that make a vulnerable Log4j load code from elsewhere get through to the application. The managed rule group of known bad inputs blocks them, and other attempts of the kind. It does not replace patching the library.',
    aliases: ['checkov:CKV_AWS_192'],
    variants: { weakened: { message: 'The managed rules against Log4Shell are there, but do not block' } },
    references: [aws('Baseline rule groups', 'waf/latest/developerguide/aws-managed-rule-groups-baseline.html')],
    checks: [{ kind: 'resource', types: [ACL, TF_ACL], check: checkLog4j }],
  },
];
