/** References to AWS documentation pages, by title and path. */

import type { Reference } from './rule.ts';

/** A page of docs.aws.amazon.com. */
export function aws(title: string, path: string): Reference {
  return { title, url: `https://docs.aws.amazon.com/${path}` };
}
