/** Amazon S3: whether plain HTTP is refused. */

import { HOLE, type Item, type PolicyDocument, type Statement } from '../iam/document.ts';
import { identify } from '../iam/principals.ts';
import { coversAction } from '../iam/queries.ts';
import { policiesOn } from '../iam/sites.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import { companions } from '../template/companions.ts';
import { inSameModule } from '../template/module-path.ts';
import { select } from '../template/select.ts';
import { oncePerTemplate, type Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { addCloudFormationResource, addTerraformResource, isRepeated, nameOf, terraformReference } from './fixes.ts';
import { takesMore } from './policy-edits.ts';
import type { Owner, Reporter, Rule } from './rule.ts';
import { BUCKET_MODULE, BUCKET_POLICIES, bucketsOf, POLICY_CARRIERS, PRACTICES, servesWebsite } from './s3-bucket.ts';

const TRANSPORT: Owner = {
  side: 'shared',
  why: 'AWS offers TLS on every S3 endpoint and accepts plain HTTP beside it; refusing HTTP takes a statement in your bucket policy.',
};

/** How far a policy refuses plain HTTP. */
type Refusal = 'all' | 'some' | 'none' | 'unknown';

function refusalOf(policy: PolicyDocument): Refusal {
  let best: Refusal = policy.open === undefined ? 'none' : 'unknown';
  for (const statement of [...policy.statements, ...policy.included]) {
    if (statement.effect === 'Allow') continue;
    const refusal = refusesHttp(statement);
    if (refusal === 'all') return 'all';
    if (refusal === 'unknown' || (refusal === 'some' && best === 'none')) best = refusal;
  }
  return best;
}

function refusesHttp(statement: Statement): Refusal {
  const transport = statement.conditions.some((clause) => {
    const key = clause.key.toLowerCase();
    const values = clause.values.map((item) => item.text?.toLowerCase());
    if (key === 'aws:securetransport') return clause.operator.name === 'Bool' && values.includes('false');
    if (key === 's3:tlsversion') return clause.operator.name?.startsWith('NumericLessThan') === true;
    return false;
  });
  if (!transport) return statement.complete && statement.effect ? 'none' : 'unknown';
  if (statement.effect === undefined || !statement.complete) return 'unknown';
  const everyone = statement.principals.some((principal) => identify(principal, statement.policy).form === 'everyone');
  const everything =
    coversAction(statement, 's3:GetObject') &&
    coversAction(statement, 's3:PutObject') &&
    coversAction(statement, 's3:ListBucket');
  if (everyone && everything && objectsAndBucket(statement.resources)) return 'all';
  // A resource that is not known may be the one that is missing; in a text that ends in something unknown as well.
  const isOpen = ({ text }: Item) => text === undefined || (everyone && everything && text.endsWith(HOLE));
  return statement.resources.some(isOpen) ? 'unknown' : 'some';
}

/** Whether Resource names a bucket and its objects. Which bucket is another rule's matter: AWS refuses a foreign one. */
function objectsAndBucket(resources: readonly Item[]): boolean {
  const texts = resources.map((item) => item.text ?? '');
  return texts.some((text) => text.endsWith('*')) && texts.some((text) => !text.endsWith('/*'));
}

/** What Deny takes to refuse plain HTTP to a bucket, in the data of a JSON policy. */
export function refusalOfHttp(bucketArn: Data, objectArns: Data): Data {
  return {
    Sid: 'DenyInsecureTransport',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, objectArns],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** The same as a block of `data.aws_iam_policy_document`. */
function denyBlock(bucketArn: Data, objectArns: Data): Data {
  return {
    sid: 'DenyInsecureTransport',
    effect: 'Deny',
    principals: { type: '*', identifiers: ['*'] },
    actions: ['s3:*'],
    resources: [bucketArn, objectArns],
    condition: { test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] },
  };
}

/** ARNs of a bucket and of its objects as its template writes them. */
function arnsOf(bucket: Resource): readonly [Data, Data] {
  if (bucket.type.startsWith('AWS::')) {
    return [{ 'Fn::GetAtt': [nameOf(bucket), 'Arn'] }, { 'Fn::Sub': `\${${nameOf(bucket)}.Arn}/*` }];
  }
  const arn = terraformReference(bucket, 'arn');
  return [arn, `${arn}/*`];
}

/** ARNs of the bucket that a policy's carrier names: one of the template, or by its literal name. */
function namedArns(carrier: Resource): readonly [Data, Data] | undefined {
  const [bucket, ...others] = bucketsOf(carrier);
  if (bucket && !others.length)
    return inSameModule(bucket, carrier) && !isRepeated(bucket) ? arnsOf(bucket) : undefined;
  const isCloudFormation = carrier.type.startsWith('AWS::');
  const [leaf, ...more] = select(carrier, isCloudFormation ? 'Bucket' : 'bucket');
  if (!leaf || more.length) return undefined;
  const { value } = leaf;
  const parameter = value.kind === 'unknown' && isCloudFormation ? value.parameter : undefined;
  const name = parameter === undefined ? asString(value) : `\${${parameter}}`;
  if (name === undefined || leaf.via.length) return undefined;
  if (!isCloudFormation) return [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  const arn = `arn:\${AWS::Partition}:s3:::${name}`;
  return [{ 'Fn::Sub': arn }, { 'Fn::Sub': `${arn}/*` }];
}

const REFUSE = 'Refuse requests without TLS (clients that use plain HTTP are cut off)';

/** Adds the Deny to the statements of a policy. */
function denyFix(policy: PolicyDocument, carrier: Resource): Fix | undefined {
  const arns = namedArns(carrier);
  const list = policy.statement?.value;
  if (!arns || policy.via.length || !list || !takesMore(list.node)) return undefined;
  // Inside a string of CloudFormation an intrinsic function is mere text.
  if (policy.host && carrier.template.dialect === 'cloudformation') return undefined;
  const data = policy.form === 'data' ? denyBlock(...arns) : refusalOfHttp(...arns);
  const edits: Edit[] = [{ kind: 'append', to: list.node, data }];
  return { title: REFUSE, safe: false, edits };
}

/** Adds a policy of its own to a bucket that has none. */
function policyFix(bucket: Resource): Fix | undefined {
  const name = nameOf(bucket);
  const arns = arnsOf(bucket);
  const document = { Version: '2012-10-17', Statement: [refusalOfHttp(...arns)] };
  const edits =
    addCloudFormationResource(bucket, `${name}Policy`, 'AWS::S3::BucketPolicy', {
      Bucket: { Ref: name },
      PolicyDocument: document,
    }) ??
    addTerraformResource(bucket, 'aws_s3_bucket_policy', name, {
      bucket: terraformReference(bucket, 'id'),
      policy: JSON.stringify(document),
    });
  return edits && { title: REFUSE, safe: false, edits };
}

/** Where the Deny is missing: the key `Statement` (`statement` blocks), or whatever holds the document. */
function placeOf(policy: PolicyDocument): Node {
  return policy.statement?.key ?? policy.key;
}

function checkBucketPolicy(carrier: Resource, reporter: Reporter): void {
  const isBucket = bucketsOf(carrier)[0] === carrier;
  const documents = policiesOn(carrier).filter((policy) => policy.kind === 'resource' && policy.service === 's3');
  for (const policy of documents) {
    // With alternatives of the whole document, or several sources of it, no one of them says all.
    if (policy.conditions.length > carrier.conditions.length && documents.length > 1) continue;
    if (bucketsOf(carrier).some((bucket) => servesWebsite(bucket) !== false)) continue;
    const refusal = refusalOf(policy);
    if (refusal !== 'none' && refusal !== 'some') continue;
    const related =
      policy.resource === carrier
        ? []
        : [{ node: carrier.key, message: `Used by ${carrier.address}`, resource: carrier }];
    reporter.report({
      node: placeOf(policy),
      resource: policy.resource,
      variant: refusal === 'some' ? 'partial' : undefined,
      conditions: policy.conditions,
      path: [policy.site, 'Statement'].filter(Boolean).join('.'),
      related: isBucket
        ? related
        : [
            ...related,
            ...bucketsOf(carrier).map((bucket) => ({
              node: bucket.key,
              message: `Policy of ${bucket.address}`,
              resource: bucket,
            })),
          ],
      fix: () => denyFix(policy, carrier),
    });
  }
}

/** Whether a module stands among the resources, whose own are not in this text: one of them may be the policy. */
const hasModules = oncePerTemplate(({ documents }): boolean => {
  for (const { roots } of documents) {
    for (const root of roots)
      for (const { value } of root.get('Resources')?.entries ?? []) if (isModule(value)) return true;
  }
  return false;
});

function isModule(body: Node): boolean {
  const type = body.get('Type');
  return type !== undefined && (type.tag !== undefined || String(type.value).endsWith('::MODULE'));
}

/** No policy in sight: it may live elsewhere, so this is for information. */
function checkBucketWithoutPolicy(bucket: Resource, reporter: Reporter): void {
  const types = ['AWS::S3::BucketPolicy', 'aws_s3_bucket_policy'].map((type) => companions(bucket, type));
  if (types.some(({ sure, maybe }) => sure.length > 0 || maybe)) return;
  if (bucket.properties.get('policy') || bucket.properties.open || servesWebsite(bucket) !== false) return;
  if (hasModules(bucket.template)) return;
  reporter.report({
    node: bucket.key,
    resource: bucket,
    variant: 'no-policy',
    path: 'policy',
    fix: () => policyFix(bucket),
  });
}

export const INSECURE_TRANSPORT: Rule = {
  id: 's3-insecure-transport',
  title: 'Bucket policy does not refuse plain HTTP',
  category: 'encryption-in-transit',
  severity: 'medium',
  tier: 'core',
  owner: TRANSPORT,
  description:
    'S3 answers HTTP as well as HTTPS, so that objects and signed requests may cross the network in the ' +
    'clear. Add a Deny on `s3:*` for requests with `aws:SecureTransport` false, on the bucket and its ' +
    'objects.',
  aliases: [
    'guard:S3_BUCKET_SSL_REQUESTS_ONLY',
    'cdk-nag:AwsSolutions-S10',
    'kics:S3 Bucket Policy Accepts HTTP Requests',
    'kics:S3 Bucket Without SSL In Write Actions',
  ],
  variants: {
    partial: { severity: 'low', message: 'Bucket policy refuses plain HTTP for some requests only' },
    'no-policy': {
      severity: 'info',
      message: 'No policy in this template refuses plain HTTP to this bucket',
      aliases: ['cdk-nag:AwsSolutions-S10'],
    },
  },
  references: [PRACTICES, BUCKET_POLICIES],
  checks: [
    {
      kind: 'resource',
      // Calls of the module, which has a switch for it, are judged in module-calls.ts.
      types: POLICY_CARRIERS.filter((type) => type !== BUCKET_MODULE),
      check: checkBucketPolicy,
    },
    { kind: 'resource', types: ['AWS::S3::Bucket', 'aws_s3_bucket'], check: checkBucketWithoutPolicy },
  ],
};
