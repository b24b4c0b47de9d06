/** Text of a value with marks for what is known of it without being known: the own account, a resource of the template. */

import type { Resource, Template } from '../template/template.ts';
import type { Leaf, Reference, Value } from '../template/value.ts';
import { HOLE } from './document.ts';

/** Stands for the id of the account that the template is deployed to. */
export const OWN_ACCOUNT = '\u0001';
/** Stands for a property of something that exists or is created by the template: one fixed text without wildcards. */
export const FIXED_TEXT = '\u0002';

/** What a reference says about whom it names. */
export type Referred = 'own-account-id' | 'own-identity' | 'own-resource' | 'aws' | 'partition' | 'suffix' | 'unknown';

const SUFFIX_ATTRIBUTES: ReadonlySet<string> = new Set(['dns_suffix']);
/** Data sources that name accounts and identities of AWS itself. */
const AWS_OWNED_DATA = /^data\.aws_(elb|redshift|cloudtrail|billing|elastic_beanstalk)_service_account\./;
const OWN_IDENTITY_DATA = /^data\.aws_(caller_identity|iam_\w+|canonical_user_id)\./;
const OWN_DATA =
  /^data\.aws_(?!ssm_|secretsmanager_|iam_policy_document|arn\.|region\.|organizations_|cloudformation_)/;

/** Sorts a reference by what is known of its value. */
export function referred(reference: Reference, template: Template): Referred {
  const { target, attribute } = reference;
  if (reference.to === 'pseudo') {
    if (target === 'AWS::AccountId') return 'own-account-id';
    if (target === 'AWS::Partition') return 'partition';
    if (target === 'AWS::URLSuffix') return 'suffix';
    return 'unknown';
  }
  if (reference.to === 'module') return 'unknown';
  if (target.startsWith('data.')) {
    if (target.startsWith('data.aws_caller_identity.') && (attribute === 'account_id' || attribute === 'id')) {
      return 'own-account-id';
    }
    if (target.startsWith('data.aws_partition.')) {
      if (attribute === undefined || attribute === 'partition' || attribute === 'id') return 'partition';
      return SUFFIX_ATTRIBUTES.has(attribute) ? 'suffix' : 'unknown';
    }
    if (AWS_OWNED_DATA.test(target)) return 'aws';
    if (OWN_IDENTITY_DATA.test(target)) return 'own-identity';
    return OWN_DATA.test(target) ? 'own-resource' : 'unknown';
  }
  const resource = template.resource(target);
  if (!resource) return 'unknown';
  return ownership(resource, attribute);
}

function ownership(resource: Resource, attribute: string | undefined): Referred {
  const { type } = resource;
  if (isCustom(type)) return 'unknown';
  if (/^(AWS::IAM::|aws_iam_)/.test(type)) return 'own-identity';
  // A SAM function's generated role, a service's own role.
  if (/^(AWS::CloudFront::CloudFrontOriginAccessIdentity|aws_cloudfront_origin_access_identity)$/.test(type))
    return 'aws';
  if (/^(AWS::CloudFormation::|AWS::SSM::|aws_ssm_|aws_cloudformation_|terraform_data)/.test(type)) return 'unknown';
  return attribute?.startsWith('Outputs.') ? 'unknown' : 'own-resource';
}

/** Custom resources and other providers' resources: their attributes may be anything. */
function isCustom(type: string): boolean {
  return !(type.startsWith('AWS::') || type.startsWith('aws_')) || type === 'AWS::CloudFormation::CustomResource';
}

/**
 * A value's text: what is unknown is {@link HOLE}, the own account's id {@link OWN_ACCOUNT}, a reference with a fixed
 * value {@link FIXED_TEXT}; `AWS::Partition` is `aws`. Undefined for what is no text.
 */
export function markedText(value: Leaf, template: Template): string | undefined {
  if (value.kind === 'object' || value.kind === 'list' || value.kind === 'absent') return undefined;
  return mark(value, template, 0).replaceAll('&{', '${');
}

function mark(value: Value, template: Template, depth: number): string {
  switch (value.kind) {
    case 'known':
      return String(value.value);
    case 'text':
      if (depth > 20) return HOLE;
      return value.parts.map((part) => (typeof part === 'string' ? part : mark(part, template, depth + 1))).join('');
    case 'reference':
      switch (referred(value, template)) {
        case 'own-account-id':
          return OWN_ACCOUNT;
        case 'partition':
          return 'aws';
        case 'suffix':
          return 'amazonaws.com';
        case 'unknown':
          return HOLE;
        default:
          return FIXED_TEXT;
      }
    default:
      return HOLE;
  }
}

/** Whether text has a wildcard of IAM. Policy variables hold none. */
export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/** A value's text in which every reference is itself: equal texts name the same thing. Undefined where it is not known. */
export function distinctText(value: Value): string | undefined {
  switch (value.kind) {
    case 'known':
      return String(value.value);
    case 'reference':
      return `\u0002${value.target}.${value.attribute ?? ''}\u0002`;
    case 'text': {
      let text = '';
      for (const part of value.parts) {
        const piece = typeof part === 'string' ? part : distinctText(part);
        if (piece === undefined) return undefined;
        text += piece;
      }
      return text;
    }
    case 'unknown':
      return value.parameter === undefined ? undefined : `\u0002${value.parameter}\u0002`;
    default:
      return undefined;
  }
}

const PLACEHOLDER = /\{\{|<%|%\{|\$\(|@@|__|<[^<>]{0,80}>|\[\[|%[A-Za-z_]{1,80}%|(?<!\$)\{[\w .-]{1,80}\}/;

/** Whether a text has marks of a template language, or of what the reader is to fill in: AWS never sees it as it stands. */
export function hasPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}
