/** What AWS Backup backs up: the selections of a template, and what they name. */

import { names } from '../template/companions.ts';
import { select } from '../template/select.ts';
import { isPartial, type Resource } from '../template/template.ts';

interface Selection {
  readonly type: string;
  /** The list of what is backed up. */
  readonly resources: string;
  /** Choices by tag: they add to the list. */
  readonly tags: string;
}

const SELECTIONS: readonly Selection[] = [
  {
    type: 'AWS::Backup::BackupSelection',
    resources: 'BackupSelection.Resources[]',
    tags: 'BackupSelection.ListOfTags',
  },
  { type: 'aws_backup_selection', resources: 'resources[]', tags: 'selection_tag' },
];

/**
 * Whether no selection of AWS Backup in the template names the resource; undefined where one may mean it, by a tag, a wildcard
 * or an ARN that is not known.
 */
export function inNoSelection(resource: Resource): boolean | undefined {
  let result: boolean | undefined = isPartial(resource.template) ? undefined : true;
  for (const { type, resources, tags } of SELECTIONS) {
    for (const selection of resource.template.ofType(type)) {
      const listed = select(selection, resources);
      const verdicts = listed.map(({ value }) => (value.kind === 'absent' ? undefined : names(value, resource)));
      if (verdicts.includes(true)) return false;
      const byTag = select(selection, tags).some(({ value }) => value.kind !== 'absent');
      // A list that is written but empty names nothing.
      if (byTag || verdicts.includes(undefined)) result = undefined;
    }
  }
  return result;
}
