/** Amazon Route 53: records whose target someone else may come to hold, DNSSEC, query logs and the lock of domains. */

import { companions, declareCompanions } from '../template/companions.ts';
import { below, blockKey, type Found, select } from '../template/select.ts';
import { isPartial, type Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { isPrivate, parseCidr } from './cidr.ts';
import { set } from './fixes.ts';
import { mentions } from './mentions.ts';
import { isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { all, belowLacks, lacks } from './shared.ts';

declareCompanions('AWS::Route53::HostedZone', { 'AWS::Route53::DNSSEC': 'HostedZoneId' });
declareCompanions('aws_route53_zone', {
  aws_route53_hosted_zone_dnssec: 'hosted_zone_id',
  aws_route53_query_log: 'zone_id',
  aws_route53_zone_association: 'zone_id',
});
declareCompanions('AWS::EC2::EIP', { 'AWS::EC2::EIPAssociation': 'AllocationId' });
declareCompanions('aws_eip', { aws_eip_association: 'allocation_id' });

const RECORD = 'AWS::Route53::RecordSet';
const TF_RECORD = 'aws_route53_record';

// ---- records

interface Names {
  readonly name: string;
  readonly type: string;
  readonly values: string;
  readonly alias: string;
  readonly aliasName: string;
}

const CLOUDFORMATION: Names = {
  name: 'Name',
  type: 'Type',
  values: 'ResourceRecords',
  alias: 'AliasTarget',
  aliasName: 'AliasTarget.DNSName',
};
const TERRAFORM: Names = {
  name: 'name',
  type: 'type',
  values: 'records',
  alias: 'alias',
  aliasName: 'alias.name',
};

/**
 * Names of AWS that anyone can claim once they are free: buckets by their name, Beanstalk environments by their prefix. The
 * first group is the bucket.
 */
const BUCKET_HOST = /^(.+)\.s3(?:-website)?(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com\.?$/;
const WEBSITE_HOST = /^s3-website[.-][a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com\.?$/;
const BEANSTALK_HOST = /^[a-z0-9-]+(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.elasticbeanstalk\.com\.?$/;

function withoutDot(text: string): string {
  return text.toLowerCase().replace(/\.$/, '');
}

/** Whether a bucket of the template has that name, or may have: it has none of its own, or it is not known. */
function mayHoldBucket(record: Resource, name: string): boolean {
  if (isPartial(record.template)) return true;
  return record.template.ofType('AWS::S3::Bucket', 'aws_s3_bucket').some((bucket) => {
    const leaves = select(bucket, bucket.type === 'aws_s3_bucket' ? 'bucket' : 'BucketName');
    return leaves.some(({ value }) => (asString(value) ?? name).toLowerCase() === name);
  });
}

function mayHoldEnvironment(record: Resource): boolean {
  const { template } = record;
  return (
    isPartial(template) ||
    template.ofType('AWS::ElasticBeanstalk::Environment', 'aws_elastic_beanstalk_environment').length > 0
  );
}

/** What a record points at by name that nothing in the template holds: a phrase for the message. */
function unheld(record: Resource, host: string, own: string | undefined): string | undefined {
  const target = host.toLowerCase();
  const bucket = WEBSITE_HOST.test(target) ? own && withoutDot(own) : BUCKET_HOST.exec(target)?.[1];
  if (bucket !== undefined) return mayHoldBucket(record, bucket) ? undefined : `bucket ${bucket}`;
  if (BEANSTALK_HOST.test(target)) return mayHoldEnvironment(record) ? undefined : `environment ${withoutDot(host)}`;
  return undefined;
}

function knownText(found: readonly Found[]): string | undefined {
  const [first] = found;
  return first && found.length === 1 ? asString(first.value) : undefined;
}

function isPublicAddress(text: string): boolean {
  const address = parseCidr(`${text}/32`);
  return address?.version === 4 && !isPrivate(address);
}

function judgeRecord(record: Found, names: Names, reporter: Reporter): void {
  const { resource } = record;
  const type = knownText(below(record, names.type))?.toUpperCase();
  const own = knownText(below(record, names.name));
  if (belowLacks(record, names.values) && belowLacks(record, names.alias)) {
    reporter.reportFound(record, { node: nodeOf(record), variant: 'no-target' });
    return;
  }
  const values = below(record, `${names.values}[]`).filter(({ value }) => value.kind === 'known');
  for (const found of type === 'A' ? values : []) {
    const address = String(asString(found.value)).trim();
    if (isPublicAddress(address)) {
      reporter.reportFound(found, {
        variant: 'address',
        message: `Nothing in this template holds ${address}: make sure that it stays yours`,
      });
    }
  }
  const hosts = [...(type === 'CNAME' ? values : []), ...below(record, names.aliasName)];
  for (const found of hosts) {
    const host = asString(found.value);
    const what = host === undefined ? undefined : unheld(resource, host, own);
    if (what !== undefined) {
      reporter.reportFound(found, {
        message: `Nothing in this template holds ${what}: whoever claims that name answers for this record`,
      });
    }
  }
}

/** The record's own key, or the first one of a record in a group. */
function nodeOf(record: Found): Found['node'] {
  return record.value === record.resource.properties ? record.resource.key : blockKey(record.node);
}

function checkRecord(resource: Resource, reporter: Reporter): void {
  const { properties } = resource;
  const record: Found = {
    value: properties,
    node: properties.node,
    key: resource.key,
    conditions: resource.conditions,
    via: [],
    scopes: [],
    resource,
    path: '',
  };
  judgeRecord(record, resource.type === TF_RECORD ? TERRAFORM : CLOUDFORMATION, reporter);
}

function checkRecordGroup(resource: Resource, reporter: Reporter): void {
  for (const record of select(resource, 'RecordSets[]')) {
    if (record.value.kind === 'object') judgeRecord(record, CLOUDFORMATION, reporter);
  }
}

// ---- elastic addresses

/** What an address is attached to, or can be attached by. */
const ATTACHED: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::EIP': ['InstanceId', 'TransferAddress'],
  aws_eip: ['instance', 'network_interface'],
};

/** Whether the name of a resource stands anywhere else than at its definition. */
function isMentioned(address: Resource): boolean {
  const { key, template } = address;
  const name = typeof key.value === 'string' ? key.value : key.source;
  const text = address.type === 'aws_eip' ? `aws_eip.${name}` : name;
  for (const { document, offset } of mentions(template, text)) {
    if (document !== key.document || offset < key.start || offset > key.end) return true;
  }
  return false;
}

function checkAddress(address: Resource, reporter: Reporter): void {
  if (address.template.dialect === 'terraform-plan') return;
  const association = address.type === 'aws_eip' ? 'aws_eip_association' : 'AWS::EC2::EIPAssociation';
  const { sure, maybe } = companions(address, association);
  if (sure.length || maybe || isMentioned(address)) return;
  if (all(...(ATTACHED[address.type] ?? []).map((path) => lacks(address, path)))) {
    reporter.report({ node: address.key, resource: address, variant: 'unattached' });
  }
}

// ---- zones

const ZONE = 'AWS::Route53::HostedZone';
const TF_ZONE = 'aws_route53_zone';

/** Zones that the internet asks: neither made for a VPC, nor perhaps given one later. */
function isPublicZone(zone: Resource): boolean | undefined {
  if (zone.type === ZONE) return lacks(zone, 'VPCs');
  const joined = companions(zone, 'aws_route53_zone_association');
  return joined.sure.length || joined.maybe ? undefined : lacks(zone, 'vpc');
}

function checkZone(zone: Resource, reporter: Reporter): void {
  if (isPublicZone(zone) !== true) return;
  const without = (type: string) => {
    const { sure, maybe } = companions(zone, type);
    return !sure.length && !maybe;
  };
  const cloudFormation = zone.type === ZONE;
  if (without(cloudFormation ? 'AWS::Route53::DNSSEC' : 'aws_route53_hosted_zone_dnssec')) {
    reporter.report({ node: zone.key, resource: zone, variant: 'dnssec' });
  }
  if (cloudFormation ? lacks(zone, 'QueryLoggingConfig') : without('aws_route53_query_log')) {
    reporter.report({ node: zone.key, resource: zone, variant: 'query-log' });
  }
}

const UNATTACHED = ['checkov:CKV2_AWS_19'];
const POINTS_NOWHERE = ['checkov:CKV2_AWS_23'];
const NO_TARGET = ['kics:Route53 Record Undefined'];
const DNSSEC = ['checkov:CKV2_AWS_38'];
const QUERY_LOG = ['checkov:CKV2_AWS_39', 'kics:CloudWatch Logging Disabled (Route53 query log)'];
const TRANSFER_LOCK = ['checkov:CKV_AWS_377'];

export const ROUTE53_RULES: readonly Rule[] = [
  {
    id: 'route53-dangling',
    title: 'DNS record points at what nothing here holds',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: "AWS answers with what the record says, also when its target has long been someone else's; keeping the two together is up to you.",
    },
    description:
      'When a bucket, an environment or an address is given up and its record stays, whoever gets hold of the same name or address next speaks for your domain: they can serve pages there and get certificates. Refer to a resource of the template, so that record and target come and go together.',
    aliases: [...UNATTACHED, ...POINTS_NOWHERE, ...NO_TARGET],
    variants: {
      address: { severity: 'info', aliases: POINTS_NOWHERE },
      'no-target': { message: 'Record has no target', aliases: NO_TARGET },
      unattached: {
        severity: 'info',
        message: 'Nothing here uses this address; release it together with the records that name it',
        aliases: UNATTACHED,
      },
    },
    references: [
      aws(
        'Choosing between alias and non-alias records',
        'Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html',
      ),
    ],
    checks: [
      { kind: 'resource', types: [RECORD, TF_RECORD], check: checkRecord },
      { kind: 'resource', types: ['AWS::Route53::RecordSetGroup'], check: checkRecordGroup },
      { kind: 'resource', types: Object.keys(ATTACHED), check: checkAddress },
    ],
  },
  {
    id: 'route53-dnssec-logging',
    title: 'Public zone is neither signed nor logged',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS answers queries for your zones; signing the answers, recording the queries and locking the domain are your settings.',
    },
    description:
      'Without DNSSEC a resolver cannot tell a forged answer from yours. Without query logs nobody sees who looks up what. A domain without transfer lock can be moved to another registrar by whoever gets at the account.',
    aliases: [...DNSSEC, ...QUERY_LOG, ...TRANSFER_LOCK],
    variants: {
      dnssec: { message: 'Answers of this zone are not signed with DNSSEC', aliases: DNSSEC },
      'query-log': { message: 'Queries for this zone are not logged', aliases: QUERY_LOG },
      'transfer-lock': {
        message: 'Domain may be transferred to another registrar',
        aliases: TRANSFER_LOCK,
      },
    },
    references: [
      aws('Configuring DNSSEC signing in Amazon Route 53', 'Route53/latest/DeveloperGuide/dns-configuring-dnssec.html'),
      aws('Public DNS query logging', 'Route53/latest/DeveloperGuide/query-logs.html'),
    ],
    checks: [
      { kind: 'resource', types: [ZONE, TF_ZONE], check: checkZone },
      {
        kind: 'property',
        targets: [{ type: 'aws_route53domains_registered_domain', path: 'transfer_lock' }],
        must: otherwise(isTrue, 'transfer-lock'),
        absent: true,
        fix: set(true),
      },
    ],
  },
];
