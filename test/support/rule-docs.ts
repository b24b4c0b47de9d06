/** The pages of docs/: one a rule, the list of all rules, and what is covered. Strings out; scripts/docs.mjs writes them. */

import { codeSpan, escapeProse } from '../../server/src/analysis/markdown.ts';
import { SIDE_NAMES } from '../../server/src/analysis/present.ts';
import { type RuleLanguage, rulePage } from '../../server/src/analysis/rule-page.ts';
import { responsibilityPage, serviceIds, servicePage } from '../../server/src/analysis/service-page.ts';
import { RULES } from '../../server/src/rules/index.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { allCases, type Case } from '../rules/golden.ts';
import { loadIamData } from './iam-data.ts';
import { policyChecksPage } from './policy-docs.ts';
import { type RuleStudy, studyRule } from './rule-examples.ts';

const CASES = 'test/rules/cases';
const NOTE = '<!-- Made by `npm run docs`; changes here are lost. -->\n';

interface Studied {
  readonly rule: Rule;
  readonly study: RuleStudy;
  readonly cases: readonly Case[];
}

/** Every page by its path below docs/, in a fixed order. */
export function docs(rules: readonly Rule[] = RULES): ReadonlyMap<string, string> {
  loadIamData();
  const byRule = groupBy(allCases(CASES), (test) => test.ruleId);
  const all = [...rules]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((rule): Studied => {
      const cases = byRule.get(rule.id) ?? [];
      return { rule, cases, study: studyRule(rule, cases) };
    });
  const pages = new Map<string, string>();
  pages.set('coverage.md', coverage(all));
  pages.set('rules.md', index(all));
  if (rules === RULES) {
    pages.set('policy-checks.md', policyChecksPage(NOTE.trimEnd()));
    pages.set('responsibility.md', `${NOTE}\n${responsibilityPage()}\n`);
    for (const id of serviceIds()) pages.set(`services/${id}.md`, servicePage(id)?.markdown ?? '');
  }
  for (const { rule, study } of all) pages.set(`rules/${rule.id}.md`, pageOf(rule, study));
  return pages;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** Examples of tokens look like tokens: what scans a package or a repository for secrets would stop at them. */
function withoutTokens(markdown: string): string {
  return markdown.replace(/\b(gh[pousr]_)[A-Za-z0-9]{30,}/g, '$1…');
}

/** A rule's page as it is written to docs/rules. */
export function pageOf(rule: Rule, study: RuleStudy): string {
  return withoutTokens(rulePage(rule, { examples: study.examples, indexLink: '../rules.md' }).markdown);
}

/** Services by the first part of a rule's id; what is not here goes by the part itself. */
const SERVICES: Readonly<Record<string, string>> = {
  acm: 'Certificate Manager',
  agentcore: 'Bedrock',
  ami: 'EC2',
  apigw: 'API Gateway',
  apigwv2: 'API Gateway',
  apprunner: 'App Runner',
  appsync: 'AppSync',
  athena: 'Athena',
  aurora: 'RDS and Aurora',
  backup: 'Backup',
  batch: 'Batch',
  bedrock: 'Bedrock',
  cfn: 'Templates',
  cis: 'CloudWatch',
  client: 'VPC',
  cloud9: 'Cloud9',
  cloudformation: 'Templates',
  cloudfront: 'CloudFront',
  cloudsearch: 'CloudSearch',
  cloudtrail: 'CloudTrail',
  cloudwatch: 'CloudWatch',
  cmk: 'KMS',
  codeartifact: 'CodeArtifact',
  codebuild: 'CodeBuild',
  codepipeline: 'CodePipeline',
  codestar: 'CodeStar',
  cognito: 'Cognito',
  config: 'Config and GuardDuty',
  custom: 'Templates',
  datasync: 'DataSync',
  dax: 'DynamoDB',
  db: 'RDS and Aurora',
  dlm: 'EBS',
  dms: 'Database Migration Service',
  docdb: 'DocumentDB',
  dynamodb: 'DynamoDB',
  ebs: 'EBS',
  ec2: 'EC2',
  ecr: 'ECR',
  ecs: 'ECS',
  efs: 'EFS',
  eks: 'EKS',
  elasticache: 'ElastiCache',
  elasticbeanstalk: 'Elastic Beanstalk',
  elb: 'Elastic Load Balancing',
  elbv2: 'Elastic Load Balancing',
  emr: 'EMR',
  events: 'EventBridge',
  firehose: 'Data Firehose',
  fsx: 'FSx',
  gamelift: 'GameLift',
  glacier: 'S3 Glacier',
  globalaccelerator: 'Global Accelerator',
  glue: 'Glue',
  iam: 'IAM',
  iot: 'IoT',
  kinesis: 'Kinesis',
  kms: 'KMS',
  lakeformation: 'Lake Formation',
  lambda: 'Lambda',
  launch: 'EC2',
  lightsail: 'Lightsail',
  logs: 'CloudWatch',
  macie: 'Macie, Security Hub, Inspector',
  mediastore: 'MediaStore',
  memorydb: 'MemoryDB',
  mq: 'MQ',
  msk: 'MSK',
  mwaa: 'MWAA',
  nacl: 'VPC',
  neptune: 'Neptune',
  networkfirewall: 'Network Firewall',
  opensearch: 'OpenSearch',
  opensearchserverless: 'OpenSearch',
  provider: 'Templates',
  qldb: 'QLDB',
  quicksight: 'QuickSight',
  ram: 'RAM',
  rds: 'RDS and Aurora',
  redshift: 'Redshift',
  route: 'VPC',
  route53: 'Route 53',
  s3: 'S3',
  sagemaker: 'SageMaker',
  sam: 'Lambda',
  scheduler: 'EventBridge',
  secret: 'Secrets Manager',
  secretsmanager: 'Secrets Manager',
  ses: 'SES',
  sg: 'Security groups',
  shield: 'Shield',
  simpledb: 'SimpleDB',
  sns: 'SNS',
  sqs: 'SQS',
  ssm: 'Systems Manager',
  stepfunctions: 'Step Functions',
  storagegateway: 'Storage Gateway',
  subnet: 'VPC',
  template: 'Templates',
  tgw: 'VPC',
  transfer: 'Transfer Family',
  vpc: 'VPC',
  vpn: 'VPC',
  waf: 'WAF',
  workspaces: 'WorkSpaces',
};

function serviceName({ id }: Rule): string {
  const [first = '', second = ''] = id.split('-');
  const part = first === 'moves' ? second : first;
  return SERVICES[part] ?? part;
}

function byService(all: readonly Studied[]): [string, Studied[]][] {
  const groups = groupBy(all, ({ rule }) => serviceName(rule));
  return [...groups].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

const SHORT: Readonly<Record<RuleLanguage, string>> = {
  CloudFormation: 'CloudFormation',
  Terraform: 'Terraform',
  'IAM policy': 'policy',
};

function link({ id }: Rule): string {
  return `[${codeSpan(id)}](rules/${id}.md)`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), `|${head.map(() => '---|').join('')}`, ...rows.map(row)].join('\n');
}

function index(all: readonly Studied[]): string {
  const core = all.filter(({ rule }) => rule.tier === 'core').length;
  const parts = [
    `${NOTE}# Rules`,
    `${all.length} rules: ${core} run by default, ${all.length - core} are opt-in (${codeSpan('"tier": "all"')}, or one by one by id). The side is that of the AWS shared responsibility model; a fix is safe where it can neither break a deployment nor replace a resource with data in it. What is tested: [coverage](coverage.md).`,
  ];
  for (const [service, group] of byService(all)) {
    const rows = group.map(({ rule, study }) => [
      link(rule),
      escapeProse(rule.title),
      rule.category,
      rule.severity,
      SIDE_NAMES[rule.owner.side],
      study.languages.map((language) => SHORT[language]).join(', '),
      study.fix,
      rule.tier,
    ]);
    parts.push(
      `## ${service}\n\n${table(['rule', 'what is wrong', 'category', 'severity', 'side', 'languages', 'fix', 'tier'], rows)}`,
    );
  }
  return `${parts.join('\n\n')}\n`;
}

const KINDS = [
  ['violates', 'V'],
  ['satisfies', 'S'],
  ['unknown', 'U'],
  ['conditional', 'C'],
  ['quiet', 'Q'],
] as const;

/** Letters of the kinds of golden case that a rule has in the languages that begin so. */
function kindsIn(cases: readonly Case[], ...languages: readonly string[]): string {
  const own = cases.filter((test) => languages.some((language) => test.language.startsWith(language)));
  const kinds = new Set(own.flatMap((test) => test.kinds));
  return KINDS.flatMap(([kind, letter]) => (kinds.has(kind) ? letter : [])).join('') || '–';
}

function coverage(all: readonly Studied[]): string {
  const share = (part: number, whole: number) => (whole ? `${((100 * part) / whole).toFixed(0)} %` : '–');
  const count = (list: readonly Studied[]) => {
    const fixed = list.filter(({ study }) => study.fix !== 'none').length;
    const safe = list.filter(({ study }) => study.fix.startsWith('safe')).length;
    const within = (language: RuleLanguage) => list.filter(({ study }) => study.languages.includes(language)).length;
    return [
      String(list.length),
      String(within('CloudFormation')),
      String(within('Terraform')),
      `${fixed} (${share(fixed, list.length)})`,
      `${safe} (${share(safe, list.length)})`,
    ];
  };
  const core = all.filter(({ rule }) => rule.tier === 'core');
  const parts = [
    `${NOTE}# Coverage`,
    `Rules by language, fix and kind of golden case (${codeSpan('test/rules/cases')}).`,
    table(
      ['', 'rules', 'CloudFormation', 'Terraform', 'with a fix', 'with a safe fix'],
      [
        ['core', ...count(core)],
        ['opt-in', ...count(all.filter(({ rule }) => rule.tier !== 'core'))],
        ['all', ...count(all)],
      ],
    ),
    'Kinds: V violates, S satisfies, U unknown (silent), C conditional (a branch), Q quiet (looks alike, is none).',
  ];
  for (const [service, group] of byService(all)) {
    const rows = group.map(({ rule, study, cases }) => [
      link(rule),
      rule.tier,
      kindsIn(cases, 'cfn'),
      kindsIn(cases, 'tf-json'),
      kindsIn(cases, 'policy', 'tf-plan'),
      study.fix,
    ]);
    parts.push(
      `## ${service}\n\n${table(['rule', 'tier', 'CloudFormation', 'Terraform', 'policy, plan', 'fix'], rows)}`,
    );
  }
  return `${parts.join('\n\n')}\n`;
}

/** How the pages of docs/ that are there differ from those that should be: names below docs/. */
export interface Difference {
  readonly stale: readonly string[];
  readonly missing: readonly string[];
  readonly leftOver: readonly string[];
}

/** Compares pages by their path below docs/. */
export function compareDocs(wanted: ReadonlyMap<string, string>, present: ReadonlyMap<string, string>): Difference {
  return {
    stale: [...wanted].filter(([name, text]) => present.has(name) && present.get(name) !== text).map(([name]) => name),
    missing: [...wanted.keys()].filter((name) => !present.has(name)),
    leftOver: [...present.keys()].filter((name) => !wanted.has(name)),
  };
}
