/** Completions of principals: their kinds, the services that assume roles, and skeletons of ARNs. */

import { type Completion, partsOf, textItem } from './complete-item.ts';
import type { Place } from './complete-position.ts';
import type { Spot } from './complete-spot.ts';

/** Account id that AWS's documentation uses in examples. */
export const EXAMPLE_ACCOUNT = '123456789012';

/**
 * Service principals that roles and resource policies name, with what they are for.
 * Source: the pages on service roles and resource policies in each service's guide, where the trust policy is printed.
 */
export const SERVICE_PRINCIPALS: readonly (readonly [name: string, what: string])[] = [
  ['lambda.amazonaws.com', 'AWS Lambda functions'],
  ['ec2.amazonaws.com', 'Amazon EC2 instances'],
  ['ecs-tasks.amazonaws.com', 'Amazon ECS tasks'],
  ['ecs.amazonaws.com', 'Amazon ECS'],
  ['states.amazonaws.com', 'AWS Step Functions state machines'],
  ['apigateway.amazonaws.com', 'Amazon API Gateway'],
  ['events.amazonaws.com', 'Amazon EventBridge rules'],
  ['scheduler.amazonaws.com', 'Amazon EventBridge Scheduler'],
  ['pipes.amazonaws.com', 'Amazon EventBridge Pipes'],
  ['s3.amazonaws.com', 'Amazon S3: notifications, replication, inventory'],
  ['logging.s3.amazonaws.com', 'Amazon S3 server access logs'],
  ['sns.amazonaws.com', 'Amazon SNS'],
  ['cloudformation.amazonaws.com', 'AWS CloudFormation stacks'],
  ['codebuild.amazonaws.com', 'AWS CodeBuild projects'],
  ['codedeploy.amazonaws.com', 'AWS CodeDeploy'],
  ['codepipeline.amazonaws.com', 'AWS CodePipeline'],
  ['cloudfront.amazonaws.com', 'Amazon CloudFront origin access control'],
  ['edgelambda.amazonaws.com', 'Lambda@Edge'],
  ['cloudtrail.amazonaws.com', 'AWS CloudTrail'],
  ['cloudwatch.amazonaws.com', 'Amazon CloudWatch alarms'],
  ['config.amazonaws.com', 'AWS Config'],
  ['logs.amazonaws.com', 'Amazon CloudWatch Logs'],
  ['delivery.logs.amazonaws.com', 'Delivery of logs by AWS services'],
  ['vpc-flow-logs.amazonaws.com', 'VPC Flow Logs'],
  ['logdelivery.elasticloadbalancing.amazonaws.com', 'Access logs of load balancers'],
  ['eks.amazonaws.com', 'Amazon EKS clusters'],
  ['pods.eks.amazonaws.com', 'Amazon EKS Pod Identity'],
  ['eks-fargate-pods.amazonaws.com', 'Amazon EKS pods on Fargate'],
  ['rds.amazonaws.com', 'Amazon RDS'],
  ['monitoring.rds.amazonaws.com', 'Amazon RDS Enhanced Monitoring'],
  ['redshift.amazonaws.com', 'Amazon Redshift'],
  ['glue.amazonaws.com', 'AWS Glue'],
  ['firehose.amazonaws.com', 'Amazon Data Firehose'],
  ['kinesisanalytics.amazonaws.com', 'Managed Service for Apache Flink'],
  ['elasticmapreduce.amazonaws.com', 'Amazon EMR'],
  ['sagemaker.amazonaws.com', 'Amazon SageMaker AI'],
  ['bedrock.amazonaws.com', 'Amazon Bedrock'],
  ['batch.amazonaws.com', 'AWS Batch'],
  ['backup.amazonaws.com', 'AWS Backup'],
  ['ssm.amazonaws.com', 'AWS Systems Manager'],
  ['secretsmanager.amazonaws.com', 'AWS Secrets Manager'],
  ['autoscaling.amazonaws.com', 'Amazon EC2 Auto Scaling'],
  ['application-autoscaling.amazonaws.com', 'Application Auto Scaling'],
  ['spotfleet.amazonaws.com', 'Amazon EC2 Spot Fleet'],
  ['dlm.amazonaws.com', 'Amazon Data Lifecycle Manager'],
  ['dms.amazonaws.com', 'AWS Database Migration Service'],
  ['datasync.amazonaws.com', 'AWS DataSync'],
  ['transfer.amazonaws.com', 'AWS Transfer Family'],
  ['appsync.amazonaws.com', 'AWS AppSync'],
  ['apprunner.amazonaws.com', 'AWS App Runner'],
  ['build.apprunner.amazonaws.com', 'AWS App Runner: access to Amazon ECR'],
  ['tasks.apprunner.amazonaws.com', 'AWS App Runner instances'],
  ['elasticbeanstalk.amazonaws.com', 'AWS Elastic Beanstalk'],
  ['cognito-idp.amazonaws.com', 'Amazon Cognito user pools'],
  ['iot.amazonaws.com', 'AWS IoT Core'],
  ['greengrass.amazonaws.com', 'AWS IoT Greengrass'],
  ['rolesanywhere.amazonaws.com', 'IAM Roles Anywhere'],
  ['guardduty.amazonaws.com', 'Amazon GuardDuty'],
  ['ses.amazonaws.com', 'Amazon SES'],
  ['route53.amazonaws.com', 'Amazon Route 53'],
  ['quicksight.amazonaws.com', 'Amazon Quick Sight'],
  ['airflow.amazonaws.com', 'Amazon MWAA'],
  ['airflow-env.amazonaws.com', 'Amazon MWAA environments'],
  ['mediaconvert.amazonaws.com', 'AWS Elemental MediaConvert'],
];

const TYPES: readonly (readonly [name: string, what: string])[] = [
  ['AWS', 'Accounts, roles, users'],
  ['Service', 'AWS services'],
  ['Federated', 'Identity providers: OIDC, SAML'],
  ['CanonicalUser', 'An account by its canonical id (Amazon S3)'],
];

/** Identity providers that need no ARN. Source: IAM user guide, "Create a role for OpenID Connect federation (console)". */
export const PROVIDERS: readonly (readonly [name: string, what: string])[] = [
  ['cognito-identity.amazonaws.com', 'Amazon Cognito identity pools'],
  ['accounts.google.com', 'Google'],
  ['graph.facebook.com', 'Facebook'],
  ['www.amazon.com', 'Login with Amazon'],
];

/** Keys of Principal. */
export function principalTypes(spot: Spot): Completion[] {
  const first = spot.kind === 'trust' ? 'Service' : 'AWS';
  return TYPES.filter(([name]) => !spot.names.includes(name)).map(([name, what]) => ({
    label: name,
    kind: 'element' as const,
    detail: what,
    rank: name === first ? 0 : 1 + TYPES.findIndex(([one]) => one === name),
    insertion: { parts: [name], follow: { kind: 'text' as const } },
    again: true,
  }));
}

/** The same as values of a data source's `type`. */
export function principalTypeValues(): Completion[] {
  const items = TYPES.map(([name, detail], i) => textItem(name, 'value', i, { detail }));
  return [...items, textItem('*', 'value', 9, { detail: 'Everyone' })];
}

/** `*`; `listed` where it may be one of several. */
export function everyone(rank: number, spot: Spot, listed: boolean): Completion {
  const detail =
    spot.kind === 'trust'
      ? 'Everyone may try to assume the role'
      : 'Everyone, also without signing in where the service allows it';
  return textItem('*', 'principal', rank, { detail, listed });
}

export function servicePrincipals(spot: Spot): Completion[] {
  return SERVICE_PRINCIPALS.map(([name, detail], i) =>
    textItem(name, 'principal', 10 + i, { detail, listed: true }),
  ).filter((item) => !spot.items.includes(item.label));
}

/** What may stand under a key of Principal. */
export function principalItems(spot: Spot, type: string, place: Place): Completion[] {
  switch (type) {
    case 'AWS':
      return [...identityArns(spot, place), everyone(90, spot, true)];
    case 'Service':
      return servicePrincipals(spot);
    case 'Federated':
      return [
        ...arns('oidc-provider/token.actions.githubusercontent.com', 'GitHub Actions', 0, spot, place),
        ...arns('oidc-provider/${Issuer}', 'An OIDC provider of an account', 1, spot, place),
        ...arns('saml-provider/${Name}', 'A SAML provider of an account', 2, spot, place),
        ...PROVIDERS.map(([name, detail], i) => textItem(name, 'principal', 10 + i, { detail, listed: true })),
      ];
    default:
      return [];
  }
}

/** ARNs of accounts, roles and users. */
export function identityArns(spot: Spot, place: Place): Completion[] {
  return [
    ...arns('root', 'An account as a whole', 0, spot, place),
    ...arns('role/${RoleName}', 'A role', 1, spot, place),
    ...arns('user/${UserName}', 'A user', 2, spot, place),
  ];
}

/** ARNs of IAM: of the own account where the text around can say which that is, and of any. */
function arns(resource: string, detail: string, rank: number, spot: Spot, place: Place): Completion[] {
  const plain = arn(resource, detail, rank, place.substitutes, false);
  return canTag(spot, place) ? [plain, arn(resource, `${detail} · own account`, rank - 0.5, false, true)] : [plain];
}

function arn(resource: string, detail: string, rank: number, substitutes: boolean, tagged: boolean): Completion {
  const own = substitutes || tagged;
  const label = own
    ? `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:${resource.replaceAll(/\$\{(\w+)\}/g, '<$1>')}`
    : `arn:aws:iam::<account>:${resource.replaceAll(/\$\{(\w+)\}/g, '<$1>')}`;
  const head = own
    ? ['arn:${AWS::Partition}:iam::${AWS::AccountId}:']
    : ['arn:aws:iam::', { stop: EXAMPLE_ACCOUNT }, ':'];
  const parts = [...(tagged ? ['!Sub '] : []), ...head, ...partsOf(resource)];
  return {
    label: tagged ? `!Sub ${label}` : label,
    kind: 'principal',
    detail,
    rank,
    insertion: { parts, listed: true, raw: tagged },
  };
}

/** Whether a tag of CloudFormation may be written before the value. */
export function canTag(spot: Spot, place: Place): boolean {
  return (
    spot.template?.dialect === 'cloudformation' &&
    !place.quote &&
    !place.substitutes &&
    (place.style === 'block' || place.style === 'flow') &&
    place.role !== 'key' &&
    !/^a/i.test(place.prefix)
  );
}
