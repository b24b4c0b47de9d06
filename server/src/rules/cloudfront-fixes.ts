/** Fixes of CloudFront distributions that take resources beside them: origin access controls, and a bucket for the logs. */

import type { Statement } from '../iam/document.ts';
import { policiesOn } from '../iam/sites.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import { companions } from '../template/companions.ts';
import { inSameModule, modulePrefix } from '../template/module-path.ts';
import { below, type Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import type { Value } from '../template/value.ts';
import type { Fix } from './fix.ts';
import {
  addCloudFormationResource,
  addTerraformResource,
  freeName,
  isRepeated,
  nameOf,
  set,
  terraformReference,
} from './fixes.ts';
import { takesMore } from './policy-edits.ts';
import { BUCKET_TYPES, needsAcls } from './s3-bucket.ts';
import { refusalOfHttp } from './s3-transport.ts';

// ---- origin access control

interface Control {
  readonly id: Data;
  readonly edits: readonly Edit[];
}

const isCloudFormation = (resource: Resource): boolean => resource.template.dialect === 'cloudformation';

/** The one control of the template, or a new one: it does for every bucket. */
function controlFor(distribution: Resource): Control | undefined {
  const isCfn = isCloudFormation(distribution);
  const type = isCfn ? 'AWS::CloudFront::OriginAccessControl' : 'aws_cloudfront_origin_access_control';
  const [known, ...others] = distribution.template.ofType(type).filter((one) => inSameModule(one, distribution));
  const idOf = (name: string): Data => (isCfn ? { 'Fn::GetAtt': [name, 'Id'] } : `\${${type}.${name}.id}`);
  if (known) return others.length || known.conditions.length ? undefined : { id: idOf(nameOf(known)), edits: [] };
  const name = nameOf(distribution);
  if (!isCfn) {
    const edits = addTerraformResource(distribution, type, name, {
      name,
      origin_access_control_origin_type: 's3',
      signing_behavior: 'always',
      signing_protocol: 'sigv4',
    });
    return edits && { id: idOf(name), edits };
  }
  const logicalId = freeName(`${name}AccessControl`, '', (one) => distribution.template.resource(one) !== undefined);
  const edits = addCloudFormationResource(distribution, logicalId, type, {
    OriginAccessControlConfig: {
      Name: { 'Fn::Sub': `\${AWS::StackName}-${logicalId}` },
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  });
  return edits && { id: idOf(logicalId), edits };
}

/** The bucket of the template that an origin names. */
function bucketOf(origin: Found): Resource | undefined {
  const [domain, ...more] = below(origin, isCloudFormation(origin.resource) ? 'DomainName' : 'domain_name');
  const value = domain?.value;
  const bucket =
    value?.kind === 'reference' && !more.length ? origin.resource.template.resource(value.target) : undefined;
  return bucket && BUCKET_TYPES.includes(bucket.type) ? bucket : undefined;
}

const SERVICE = 'cloudfront.amazonaws.com';

/** What lets this distribution, and no other, read the bucket: in the data of a JSON policy, or as a block of a data source. */
function readStatement(bucket: Resource, distribution: Resource, asBlock: boolean): Data {
  const isCfn = isCloudFormation(bucket);
  const objects: Data = isCfn ? { 'Fn::Sub': `\${${nameOf(bucket)}.Arn}/*` } : `${terraformReference(bucket, 'arn')}/*`;
  const source: Data = isCfn
    ? { 'Fn::Sub': `arn:\${AWS::Partition}:cloudfront::\${AWS::AccountId}:distribution/\${${nameOf(distribution)}}` }
    : terraformReference(distribution, 'arn');
  if (asBlock) {
    return {
      principals: { type: 'Service', identifiers: [SERVICE] },
      actions: ['s3:GetObject'],
      resources: [objects],
      condition: { test: 'StringEquals', variable: 'aws:SourceArn', values: [source] },
    };
  }
  return {
    Effect: 'Allow',
    Principal: { Service: SERVICE },
    Action: 's3:GetObject',
    Resource: objects,
    Condition: { StringEquals: { 'aws:SourceArn': source } },
  };
}

/** Whether a statement lets the distribution read already, for another of its origins. */
function letsIn(statement: Statement, distribution: Resource): boolean {
  const refersTo = (value: Value): boolean =>
    value.kind === 'text'
      ? value.parts.some((part) => typeof part !== 'string' && refersTo(part))
      : value.kind === 'reference' && value.target === distribution.address;
  return (
    statement.effect === 'Allow' &&
    statement.principals.some((one) => one.text?.toLowerCase() === SERVICE) &&
    statement.conditions.some((clause) => clause.values.some((item) => refersTo(item.value)))
  );
}

/** Lets the distribution read in the policy that the bucket has, or in a new one. Undefined where a person has to do it. */
function letRead(bucket: Resource, distribution: Resource): readonly Edit[] | undefined {
  const isCfn = isCloudFormation(bucket);
  const { sure, maybe } = companions(bucket, isCfn ? 'AWS::S3::BucketPolicy' : 'aws_s3_bucket_policy');
  const [carrier, ...others] = sure;
  if (maybe || others.length || bucket.properties.get('policy')) return undefined;
  if (![bucket, ...sure].every((one) => inSameModule(one, distribution))) return undefined;
  if (isRepeated(bucket) || isRepeated(distribution)) return undefined;
  if (!carrier) {
    const name = nameOf(bucket);
    const document = { Version: '2012-10-17', Statement: [readStatement(bucket, distribution, false)] };
    return isCfn
      ? addCloudFormationResource(bucket, `${name}Policy`, 'AWS::S3::BucketPolicy', {
          Bucket: { Ref: name },
          PolicyDocument: document,
        })
      : addTerraformResource(bucket, 'aws_s3_bucket_policy', name, {
          bucket: terraformReference(bucket, 'id'),
          policy: JSON.stringify(document),
        });
  }
  const [policy, ...more] = policiesOn(carrier).filter((one) => one.kind === 'resource' && one.service === 's3');
  const list = policy?.statement?.value;
  if (!policy || more.length || policy.via.length || !list || !takesMore(list.node)) return undefined;
  // Inside a string of CloudFormation an intrinsic function is mere text.
  if (policy.host && isCfn) return undefined;
  if (policy.statements.some((statement) => letsIn(statement, distribution))) return [];
  return [{ kind: 'append', to: list.node, data: readStatement(bucket, distribution, policy.form === 'data') }];
}

/**
 * Has CloudFront sign its requests to a bucket.
 * @param origin the block of the origin
 * @param identity its origin access identity, or the absence of one
 */
export function useControl(origin: Found, identity: Found): Fix | undefined {
  const { resource: distribution, node } = origin;
  const depends = identity.conditions.length > distribution.conditions.length;
  if (distribution.isMirrored || node.kind !== 'object' || origin.via.length || identity.via.length || depends) {
    return undefined;
  }
  const control = controlFor(distribution);
  if (!control) return undefined;
  const isCfn = isCloudFormation(distribution);
  const old = node.entryOf('s3_origin_config');
  const edits: Edit[] = [
    { kind: 'set', in: node, path: [isCfn ? 'OriginAccessControlId' : 'origin_access_control_id'], data: control.id },
  ];
  // CloudFormation asks for the block, with an empty identity; Terraform for no block.
  if (isCfn) edits.push({ kind: 'set', in: node, path: ['S3OriginConfig', 'OriginAccessIdentity'], data: '' });
  else if (old) edits.push({ kind: 'remove', entry: old });
  const bucket = bucketOf(origin);
  const policy = bucket && letRead(bucket, distribution);
  const rest = policy
    ? 'and let the distribution read the bucket'
    : 'let the distribution read in the bucket policy, too';
  return {
    title: `Use origin access control (${rest})`,
    safe: false,
    edits: [...edits, ...control.edits, ...(policy ?? [])],
  };
}

// ---- logs

/** A bucket that takes logs by its ACL already: that of another distribution, or of log delivery. */
function bucketForLogs(distribution: Resource): Resource | undefined {
  const [bucket, ...others] = distribution.template
    .ofType(...BUCKET_TYPES)
    .filter((one) => inSameModule(one, distribution) && needsAcls(one));
  return !bucket || others.length || bucket.conditions.length || isRepeated(bucket) ? undefined : bucket;
}

/** Standard logs to the bucket that takes logs in, or to a new one. CloudFront writes by an ACL that it sets itself. */
export function logToBucket(found: Found): Fix | undefined {
  const { resource: distribution } = found;
  if (distribution.isMirrored) return undefined;
  const isCfn = isCloudFormation(distribution);
  const known = bucketForLogs(distribution);
  const name = nameOf(distribution);
  const taken = (one: string) =>
    distribution.template.resource(isCfn ? one : `${modulePrefix(distribution)}aws_s3_bucket.${one}`) !== undefined;
  const bucket = known
    ? nameOf(known)
    : isCfn
      ? freeName(`${name}Logs`, '', taken)
      : freeName(`${name}_logs`, '_', taken);
  const added = known ? [] : isCfn ? cloudFormationBucket(distribution, bucket) : terraformBucket(distribution, bucket);
  const type = known?.type ?? 'aws_s3_bucket';
  const data: Data = isCfn
    ? { Bucket: { 'Fn::GetAtt': [bucket, 'DomainName'] }, Prefix: `${name}/` }
    : { bucket: `\${${type}.${bucket}.bucket_domain_name}`, prefix: `${name}/` };
  const fix = set(data, {
    safe: false,
    title: known ? `Write access logs to ${known.address}` : 'Write access logs to a new bucket',
    note: 'stored logs are billed',
  })(found);
  return added && fix && { ...fix, edits: [...fix.edits, ...added] };
}

function cloudFormationBucket(distribution: Resource, bucket: string): readonly Edit[] | undefined {
  const buckets = addCloudFormationResource(distribution, bucket, 'AWS::S3::Bucket', {
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    VersioningConfiguration: { Status: 'Enabled' },
  });
  const arn = { 'Fn::GetAtt': [bucket, 'Arn'] };
  const policies = addCloudFormationResource(distribution, `${bucket}Policy`, 'AWS::S3::BucketPolicy', {
    Bucket: { Ref: bucket },
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [refusalOfHttp(arn, { 'Fn::Sub': `\${${bucket}.Arn}/*` })],
    },
  });
  return buckets && policies && [...buckets, ...policies];
}

function terraformBucket(distribution: Resource, bucket: string): readonly Edit[] | undefined {
  const id = `\${aws_s3_bucket.${bucket}.id}`;
  const arn = `\${aws_s3_bucket.${bucket}.arn}`;
  const policy = { Version: '2012-10-17', Statement: [refusalOfHttp(arn, `${arn}/*`)] };
  const settings: Readonly<Record<string, { readonly [name: string]: Data }>> = {
    aws_s3_bucket: {},
    aws_s3_bucket_ownership_controls: { bucket: id, rule: { object_ownership: 'BucketOwnerPreferred' } },
    aws_s3_bucket_public_access_block: {
      bucket: id,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    },
    aws_s3_bucket_versioning: { bucket: id, versioning_configuration: { status: 'Enabled' } },
    aws_s3_bucket_policy: { bucket: id, policy: JSON.stringify(policy) },
  };
  const added = Object.entries(settings).map(([type, data]) => addTerraformResource(distribution, type, bucket, data));
  const ready = waitFor(distribution, `aws_s3_bucket_ownership_controls.${bucket}`);
  return ready && !added.includes(undefined) ? [...added.flatMap((one) => one ?? []), ready] : undefined;
}

/** The distribution is refused as long as the bucket takes no ACLs. */
function waitFor(distribution: Resource, address: string): Edit | undefined {
  const written = distribution.body.get('depends_on');
  if (written) return written.kind === 'array' ? { kind: 'append', to: written, data: address } : undefined;
  if (distribution.body.kind !== 'object') return undefined;
  return { kind: 'set', in: distribution.body, path: ['depends_on'], data: [address] };
}
