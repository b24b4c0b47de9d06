/** Amazon RDS: what its rule files share. */

import type { Resource } from '../template/template.ts';
import { known } from './shared.ts';

export const INSTANCE = 'AWS::RDS::DBInstance';
export const CLUSTER = 'AWS::RDS::DBCluster';
export const TF_INSTANCE = 'aws_db_instance';
export const TF_CLUSTER = 'aws_rds_cluster';

/** Engine of a database or cluster, where it is certain. */
export function engineOf(resource: Resource): string | undefined {
  return known(resource, resource.type.startsWith('AWS::') ? 'Engine' : 'engine');
}

/** Whether the engine is one of Aurora's; undefined where it is not certain. Without an engine (a restore) it is not certain. */
export function isAurora(resource: Resource): boolean | undefined {
  const engine = engineOf(resource);
  return engine === undefined ? undefined : /^aurora/i.test(engine);
}
