/** A fix: edits on nodes, rendered in the document's own style only when asked for. */

import type { Edit } from '../syntax/edit.ts';

export interface Fix {
  /** Says what it does: "Set Encrypted to true (replaces the volume on deployment)". */
  readonly title: string;
  /** Applying it blindly can neither break a deployment nor replace a resource with data in it. */
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}
