/** Whether a text in Resource is meant for what an action works on: what a template puts in counts as a name. */

import type { Template } from '../template/template.ts';
import { type Arn, arnText, canBe, readArn, typeArns } from './arns.ts';
import { HOLE, type Item } from './document.ts';
import type { ActionInfo, ActionResourceType } from './reference.ts';

/** Stands for what a template puts in: one text without separators. */
const NAME = '\u0002';

/** The ARN that an item of Resource is; undefined where it is not known to be one. */
export function namedBy({ value }: Item, template: Template): Arn | undefined {
  const text = arnText(value, template);
  return text?.startsWith('arn:') ? readArn(text.replaceAll(HOLE, NAME)) : undefined;
}

/** Whether an ARN can name a resource of a type. */
export function isOfType(arn: Arn, { arnPattern }: ActionResourceType): boolean {
  return typeArns(arnPattern).some((type) => canBe(arn, type));
}

/** Whether an ARN can name anything that an action works on. */
export function isWorkedOn(arn: Arn, { resourceTypes }: ActionInfo): boolean {
  return resourceTypes.some((type) => isOfType(arn, type));
}
