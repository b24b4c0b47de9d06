/** AWS CloudTrail: what trails record, and whether their records can be trusted. */

import { isPublic, principalVerdicts } from '../iam/public.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { companions, ownersOf } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { selectPath } from './engine.ts';
import { set } from './fixes.ts';
import { addLogTarget, type LogDelivery } from './log-delivery-fixes.ts';
import { isPresent, isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Related, Reporter, Rule } from './rule.ts';
import { aclsClosedBy, BUCKET_TYPES, policiesOfBucket, policyClosedBy } from './s3-bucket.ts';
import { has } from './shared.ts';

const TRAIL = 'AWS::CloudTrail::Trail';
const TF_TRAIL = 'aws_cloudtrail';

const PUBLIC_ACL = /^public-?read(-?write)?$/i;

/** What certainly makes the bucket public: an ACL, or a statement of its policy; nothing where a block keeps that out. */
function publicBy(bucket: Resource): Related | undefined {
  if (!aclsClosedBy(bucket)) {
    const paths = bucket.type.startsWith('AWS::') ? ['AccessControl'] : ['acl', '@aws_s3_bucket_acl.acl'];
    const acl = paths
      .flatMap((path): readonly Found[] => selectPath(bucket, path))
      .find(({ value }) => PUBLIC_ACL.test(asString(value) ?? ''));
    if (acl) return { node: acl.node, message: 'This ACL makes the bucket public', resource: acl.resource };
  }
  if (policyClosedBy(bucket)) return undefined;
  for (const policy of policiesOfBucket(bucket)) {
    for (const statement of policy.statements) {
      if (statement.templateConditions.length) continue;
      const open = principalVerdicts(statement).find(({ verdict }) => isPublic(verdict));
      const node = open?.principal?.node ?? (open && statement.elements.NotPrincipal?.key);
      if (node) return { node, message: 'This policy lets everyone in', resource: policy.resource };
    }
  }
  return undefined;
}

/** Whether the bucket certainly keeps no log of who accesses it. */
function isUnlogged(bucket: Resource): boolean {
  if (bucket.type.startsWith('AWS::')) return has(bucket, 'LoggingConfiguration') === false;
  const { sure, maybe } = companions(bucket, 'aws_s3_bucket_logging');
  return has(bucket, 'logging') === false && !sure.length && !maybe;
}

function checkBucket(trail: Resource, reporter: Reporter): void {
  const property = trail.type === TRAIL ? 'S3BucketName' : 's3_bucket_name';
  const [name] = select(trail, property);
  if (!name || name.value.kind === 'absent') return;
  for (const bucket of ownersOf(trail, property, ...BUCKET_TYPES)) {
    const open = publicBy(bucket);
    if (open) reporter.reportFound(name, { variant: 'public', related: [open] });
    else if (isUnlogged(bucket)) {
      const related = { node: bucket.key, message: 'This bucket has no access logging', resource: bucket };
      reporter.reportFound(name, { variant: 'unlogged', related: [related] });
    }
  }
}

/** Source: AWS CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring". */
const TO_LOGS: LogDelivery = {
  service: 'cloudtrail.amazonaws.com',
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
};

/** Adds a log group and a role; a trail whose log group is an alternative has one already. */
const sendToLogs: FixMaker = (found) => {
  const { resource, conditions } = found;
  const target = conditions.length > resource.conditions.length ? undefined : addLogTarget(resource, 'Logs', TO_LOGS);
  if (!target) return undefined;
  const isCfn = resource.type === TRAIL;
  const arn = isCfn ? target.groupArn : `${String(target.groupArn)}:*`;
  const fix = set(arn, {
    safe: false,
    title: 'Send the events to a new log group',
    note: 'adds a role for CloudTrail; stored events are billed',
    also: { [isCfn ? 'CloudWatchLogsRoleArn' : 'cloud_watch_logs_role_arn']: target.roleArn },
  })(found);
  return fix && { ...fix, edits: [...fix.edits, ...target.edits] };
};

export const CLOUDTRAIL_RULES: readonly Rule[] = [
  {
    id: 'cloudtrail-validation',
    title: 'Log files of the trail are not validated',
    category: 'logging',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'CloudTrail signs a digest of its log files if you ask for it; without one you cannot show that nobody changed them.',
    },
    description:
      'Whoever can write to the bucket can remove the records of what was done, and nobody can tell. With validation CloudTrail delivers signed digests that tell whether a file was changed or deleted.',
    aws: awsDefaults('cloudtrail-validation'),
    aliases: [
      'checkov:CKV_AWS_36',
      'trivy:AVD-AWS-0016',
      'guard:CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED',
      'cdk-nag:CloudTrailLogFileValidationEnabled',
      'kics:CloudTrail Log File Validation Disabled',
    ],
    references: [
      aws(
        'Validating CloudTrail log file integrity',
        'awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: TRAIL, path: 'EnableLogFileValidation' },
          { type: TF_TRAIL, path: 'enable_log_file_validation' },
        ],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
  {
    id: 'cloudtrail-multi-region',
    title: 'Trail records one Region only',
    category: 'logging',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'CloudTrail records where you tell it to; AWS keeps a searchable history of management events for 90 days only.',
    },
    description:
      'What an attacker does in a Region you do not use leaves no lasting record. Let one trail record all Regions and the global services, and leave it on.',
    aws: awsDefaults('cloudtrail-regions'),
    aliases: [
      'checkov:CKV_AWS_67',
      'trivy:AVD-AWS-0014',
      'guard:MULTI_REGION_CLOUD_TRAIL_ENABLED',
      'guard:CLOUD_TRAIL_ENABLED',
      'kics:CloudTrail Multi Region Disabled',
    ],
    variants: {
      off: {
        severity: 'high',
        message: 'Trail does not record anything: logging is switched off',
        aliases: ['checkov:CKV_AWS_251', 'guard:CLOUD_TRAIL_ENABLED', 'kics:CloudTrail Logging Disabled'],
      },
      global: { message: 'Trail leaves out the events of global services, such as those of IAM', aliases: [] },
    },
    references: [
      aws(
        'Receiving CloudTrail log files from multiple Regions',
        'awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: TRAIL, path: 'IsMultiRegionTrail' },
          { type: TF_TRAIL, path: 'is_multi_region_trail' },
        ],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
      {
        kind: 'property',
        targets: [
          { type: TRAIL, path: 'IsLogging' },
          { type: TF_TRAIL, path: 'enable_logging' },
        ],
        must: otherwise(isTrue, 'off'),
        absent: true,
        fix: set(true),
      },
      {
        kind: 'property',
        targets: [
          { type: TRAIL, path: 'IncludeGlobalServiceEvents' },
          { type: TF_TRAIL, path: 'include_global_service_events' },
        ],
        must: otherwise(isTrue, 'global'),
        absent: true,
        fix: set(true),
      },
    ],
  },
  {
    id: 'cloudtrail-cloudwatch',
    title: 'Trail does not send its events to CloudWatch Logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'CloudTrail delivers files; noticing what is in them, and raising an alarm, is up to you.',
    },
    description:
      'Files in a bucket are read when somebody looks. In CloudWatch Logs a metric filter raises an alarm as events come in. Give the trail a log group and a role that may write to it.',
    aliases: [
      'checkov:CKV2_AWS_10',
      'trivy:AVD-AWS-0162',
      'guard:CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED',
      'cdk-nag:CloudTrailCloudWatchLogsEnabled',
      'kics:CloudTrail Not Integrated With CloudWatch',
    ],
    variants: {
      sns: {
        severity: 'info',
        message: 'No SNS topic is told when the trail delivers a log file',
        aliases: ['checkov:CKV_AWS_252', 'kics:CloudTrail SNS Topic Name Undefined'],
      },
    },
    references: [
      aws(
        'Sending events to CloudWatch Logs',
        'awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: TRAIL, path: 'CloudWatchLogsLogGroupArn' },
          { type: TF_TRAIL, path: 'cloud_watch_logs_group_arn' },
        ],
        must: isPresent,
        absent: false,
        fix: sendToLogs,
      },
      {
        kind: 'property',
        targets: [
          { type: TRAIL, path: 'SnsTopicName' },
          { type: TF_TRAIL, path: 'sns_topic_name' },
        ],
        must: otherwise(isPresent, 'sns'),
        absent: 'sns',
      },
    ],
  },
  {
    id: 'cloudtrail-bucket-public',
    title: 'Trail delivers to a public bucket',
    category: 'public-access',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'CloudTrail delivers to the bucket you name; who may read or change the files in it is set by your bucket.',
    },
    description:
      'Log files tell who is in the account, what it holds and how it is guarded. Keep the bucket private, let nobody but CloudTrail write to it, and log who reads it.',
    aliases: ['trivy:AVD-AWS-0161', 'kics:CloudTrail Log Files S3 Bucket is Publicly Accessible'],
    variants: {
      public: {},
      unlogged: {
        severity: 'low',
        message: 'Trail delivers to a bucket without access logging',
        aliases: ['trivy:AVD-AWS-0163', 'kics:CloudTrail Log Files S3 Bucket with Logging Disabled'],
      },
    },
    references: [
      aws(
        'Amazon S3 bucket policy for CloudTrail',
        'awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html',
      ),
    ],
    checks: [{ kind: 'resource', types: [TRAIL, TF_TRAIL], check: checkBucket }],
  },
];
