/** Which module of a template a resource is made in: `module.network.module.subnets.` stands before its address there. */

import type { Resource } from './template.ts';

/** What stands before the address of a resource: the calls that make it, each with a dot behind; nothing in the root. */
export function modulePrefix({ address, calls }: Resource): string {
  if (!calls?.length) return '';
  let end = 0;
  // Names of calls hold no dot, and the address of a resource in a plan has no calls.
  for (let i = 0; i < 2 * calls.length; i++) end = address.indexOf('.', end) + 1;
  return address.slice(0, end);
}

/** The address by which a resource is referred to in its own module: `aws_s3_bucket.logs`. */
export function localAddress(resource: Resource): string {
  return resource.address.slice(modulePrefix(resource).length);
}

/** Whether what is written in one resource can refer to the other by its local address. */
export function inSameModule(a: Resource, b: Resource): boolean {
  return modulePrefix(a) === modulePrefix(b);
}
