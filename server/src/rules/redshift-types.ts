/** Amazon Redshift: what its rule files share. */

import type { ParameterShape } from './parameter-groups.ts';

export const CLUSTER = 'AWS::Redshift::Cluster';
export const TF_CLUSTER = 'aws_redshift_cluster';
export const GROUP = 'AWS::Redshift::ClusterParameterGroup';
export const TF_GROUP = 'aws_redshift_parameter_group';
export const NAMESPACE = 'AWS::RedshiftServerless::Namespace';
export const TF_NAMESPACE = 'aws_redshiftserverless_namespace';
export const WORKGROUP = 'AWS::RedshiftServerless::Workgroup';
export const TF_WORKGROUP = 'aws_redshiftserverless_workgroup';

export const GROUP_SHAPE: ParameterShape = {
  property: 'Parameters',
  block: { name: 'ParameterName', value: 'ParameterValue' },
};
export const TF_GROUP_SHAPE: ParameterShape = { property: 'parameter', block: { name: 'name', value: 'value' } };
