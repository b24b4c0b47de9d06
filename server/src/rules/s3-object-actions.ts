/** Statements that allow what is done to objects on a bucket alone: they allow nothing. */

import { expandActionPattern } from '../iam/actions.ts';
import { isKnown, type Statement } from '../iam/document.ts';
import type { ActionInfo } from '../iam/reference.ts';
import type { Template } from '../template/template.ts';
import type { Reference, Value } from '../template/value.ts';

/** A wildcard or a policy variable may stand for a key. */
const BUCKET_ARN = /^arn:[^:]*:s3:::[^/*?$]+$/;
/** Without a slash in their value. */
const PLAIN_PSEUDO: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackName',
]);

/**
 * Whether every action of a statement is one on objects and every resource certainly the ARN of a bucket without a key:
 * S3 matches such a request with no resource of the statement. False where any of it is not known.
 * Source: "Policy resources for Amazon S3"; resource types in the service authorization reference.
 */
export function missesObjects(statement: Statement): boolean {
  const { actions, resources, elements, openElements } = statement;
  if (elements.NotAction || elements.NotResource || openElements.has('Action') || openElements.has('Resource'))
    return false;
  const { template } = statement.policy.resource;
  return (
    actions.length > 0 &&
    resources.length > 0 &&
    actions.every((item) => isKnown(item) && isOnObjects(item.text ?? '')) &&
    resources.every(({ value }) => BUCKET_ARN.test(textOf(value, template) ?? ''))
  );
}

function isOnObjects(pattern: string): boolean {
  const found = expandActionPattern(pattern);
  return found.length > 0 && found.every((action) => action.service === 's3' && takesObjects(action));
}

/** Objects in buckets and behind access points, and nothing else. */
function takesObjects({ resourceTypes }: ActionInfo): boolean {
  return resourceTypes.length > 0 && resourceTypes.every(({ name }) => /object$/i.test(name));
}

/** Text with stand-ins for what is known to hold no slash; undefined where that is not known. */
function textOf(value: Value, template: Template): string | undefined {
  switch (value.kind) {
    case 'known':
      return String(value.value);
    case 'reference':
      return standIn(value, template);
    case 'text': {
      let text = '';
      for (const part of value.parts) {
        const piece = typeof part === 'string' ? part : textOf(part, template);
        if (piece === undefined) return undefined;
        text += piece;
      }
      return text;
    }
    default:
      return undefined;
  }
}

function standIn({ to, target, attribute }: Reference, template: Template): string | undefined {
  if (to === 'pseudo') return PLAIN_PSEUDO.has(target) ? 'name' : undefined;
  if (target.startsWith('data.aws_partition.')) return attribute === 'dns_suffix' ? undefined : 'aws';
  const types = to === 'resource' ? template.resource(target)?.types : undefined;
  if (!types?.some((type) => type === 'AWS::S3::Bucket' || type === 'aws_s3_bucket')) return undefined;
  switch (attribute) {
    case 'Arn':
    case 'arn':
      return 'arn:aws:s3:::bucket';
    case undefined:
    case 'id':
    case 'bucket':
      return 'bucket';
    default:
      return undefined;
  }
}
