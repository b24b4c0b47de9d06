/** Gives the tests the IAM action data that the Node entries load from beside their bundle. */

import { readFileSync } from 'node:fs';
import { setActionDataSource } from '../../server/src/iam/reference.ts';

export function loadIamData(): void {
  setActionDataSource(() => readFileSync('server/src/data/iam.generated.json', 'utf8'));
}
