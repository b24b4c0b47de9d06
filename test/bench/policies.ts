/** Times the policy engine: loading AWS's data, and judging policy documents by every rule. In process, beside mere parsing. */

import { analyze, parse, type Source } from '../../server/src/analysis/analyze.ts';
import { actionsOf, services } from '../../server/src/iam/actions.ts';
import { setActionDataSource } from '../../server/src/iam/reference.ts';

/** The largest managed policy that IAM takes, white space not counted. */
const SIZE = 6144;
const SETTINGS = { enable: true, tier: 'all', rules: {}, exclude: [] } as const;

export interface Measured {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
  /** Of the processor, on average: what a machine that is busy with other things cannot lengthen. */
  readonly cpu: number;
}

/** A policy of about the size that IAM takes, with what people write: names, patterns, ARNs, conditions. */
function policyText(seed: number): string {
  const statements: object[] = [];
  const samples = [
    { Action: ['s3:GetObject', 's3:PutObject', 's3:List*'], Resource: ['arn:aws:s3:::NAME', 'arn:aws:s3:::NAME/*'] },
    { Action: ['ec2:Describe*', 'ec2:StartInstances', 'ec2:StopInstances'], Resource: '*' },
    { Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/NAME' },
    { Action: 'iam:PassRole', Resource: 'arn:aws:iam::111122223333:role/NAME' },
    { Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: 'arn:aws:kms:eu-west-1:111122223333:key/NAME' },
    { Action: ['logs:*', 'cloudwatch:Put*'], Resource: 'arn:aws:logs:eu-west-1:111122223333:log-group:NAME:*' },
    { Action: ['lambda:Invoke*', 'sqs:SendMessage', 'sns:Publish'], Resource: '*' },
    { Action: ['rds:Describe*', 'rds:ListTagsForResource', 'rds:StartDBInstance'], Resource: '*' },
    { Action: ['ecs:UpdateService', 'ecs:Describe*'], Resource: 'arn:aws:ecs:eu-west-1:111122223333:service/NAME/web' },
    { Action: ['autoscaling:*', 'elasticloadbalancing:Register*'], Resource: '*' },
    { Action: ['ssm:GetParameter*'], Resource: 'arn:aws:ssm:eu-west-1:111122223333:parameter/NAME/*' },
    { Action: ['glue:GetTable*', 'athena:StartQueryExecution', 'athena:GetQuery*'], Resource: '*' },
  ];
  const conditions = [
    { StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'], 'aws:ResourceTag/app': 'NAME' } },
    { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalTag/app': 'NAME' } },
    { StringLike: { 'aws:PrincipalTag/team': 'team-NAME-*' }, IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
  ];
  const text = () => JSON.stringify({ Version: '2012-10-17', Statement: statements });
  for (let i = 0; text().length < SIZE; i++) {
    const sample = samples[i % samples.length];
    // Nobody writes the same statement twice.
    const condition = i >= samples.length || i % 2 ? { Condition: conditions[i % conditions.length] } : {};
    const named = JSON.stringify({ Sid: `Part${i}`, Effect: 'Allow', ...sample, ...condition });
    // Names differ from run to run, so that no answer is remembered from the run before.
    statements.push(JSON.parse(named.replaceAll('NAME', `reports-${seed}-${i}`)));
  }
  return text();
}

/** Different policies of that size. */
export function sources(count: number): Source[] {
  return Array.from({ length: count }, (_, i) => ({ uri: 'policy.json', text: policyText(i) }));
}

function measure(name: string, runs: number, run: (i: number) => void): Measured {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    run(i);
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { name, median: at(0.5), p95: at(0.95), cpu: (user + system) / 1000 / runs };
}

/**
 * @param data text of the packed reference
 */
export function measurePolicies(data: string): Measured[] {
  const load = measure('data: load', 20, () => {
    setActionDataSource(() => data);
    services();
  });
  const decode = measure('data: names of ten services', 20, () => {
    setActionDataSource(() => data);
    for (const service of services().slice(100, 110)) actionsOf(service);
  });
  const all = sources(1200);
  const [warm, timed] = [all.slice(0, 1000), all.slice(1000)];
  // Once for the machine's compiler; the figures are of a server that runs.
  for (const one of warm) analyze([one], SETTINGS);
  const each = (run: (one: Source) => void) => (i: number) => run(timed[i] as Source);
  return [
    load,
    decode,
    measure('6 KB policy: parse', timed.length, each(parse)),
    measure(
      '6 KB policy: parse and judge by every rule',
      timed.length,
      each((one) => void analyze([one], SETTINGS)),
    ),
  ];
}
