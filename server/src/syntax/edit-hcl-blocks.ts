/**
 * Where Terraform takes a nested block, and where an object is the value of an attribute.
 * Source: the schema of the AWS provider 6.x, as its bindings carry it (npm package @cdktf/provider-aws, `.jsii`).
 */

import type { Data } from './edit.ts';
import { isList, isRecord } from './edit-plan.ts';
import type { Node } from './node.ts';

/** A place in a configuration: keys and labels from the top down to a body, those of lists left out. */
export type Place = readonly string[];

/** What the AWS provider's resources have as maps or lists of objects wherever they have it. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'advanced_options',
  'arguments',
  'athena_properties',
  'backup_options',
  'client_metadata',
  'connection_properties',
  'credentials_map',
  'custom_parameters',
  'default_arguments',
  'driver_opts',
  'dynamic_parameters',
  'encryption_context_equals',
  'encryption_context_subset',
  'environment_variables',
  'expression_attribute_names',
  'final_backup_tags',
  'global_settings',
  'hyperparameters',
  'input_paths',
  'instance_tags',
  'job_tags',
  'labels',
  'non_overridable_arguments',
  'parameter_overrides',
  'ports',
  'provider_details',
  'query_string_parameters',
  'recovery_point_tags',
  'request_models',
  'request_parameters',
  'request_templates',
  'resource_type_management_preference',
  'resource_type_opt_in_preference',
  'response_models',
  'response_templates',
  'runtime_environment_secrets',
  'runtime_environment_variables',
  'signing_parameters',
  'stage_variables',
  'supported_login_providers',
  'tags',
  'tags_all',
  'target_tags',
  'triggers',
  'variables',
  'volume_tags',
]);

/** Attributes of names that are blocks elsewhere, and those of resources that have no blocks. */
const ATTRIBUTES_AT: ReadonlySet<string> = new Set([
  'aws_api_gateway_gateway_response.response_parameters',
  'aws_api_gateway_integration_response.response_parameters',
  'aws_api_gateway_method_response.response_parameters',
  'aws_api_gateway_rest_api.parameters',
  'aws_athena_data_catalog.parameters',
  'aws_batch_job_definition.parameters',
  'aws_cloudformation_stack.parameters',
  'aws_cloudwatch_metric_alarm.dimensions',
  'aws_codepipeline.stage.action.configuration',
  'aws_cognito_identity_pool_roles_attachment.roles',
  'aws_glue_catalog_table.parameters',
  'aws_networkfirewall_tls_inspection_configuration.encryption_configuration',
  'aws_s3_bucket_object.metadata',
  'aws_s3_object.metadata',
  'aws_s3tables_table.encryption_configuration',
  'aws_s3tables_table.maintenance_configuration',
  'aws_s3tables_table_bucket.encryption_configuration',
  'aws_s3tables_table_bucket.maintenance_configuration',
  'aws_s3vectors_vector_bucket.encryption_configuration',
  'aws_sagemaker_model.container.environment',
  'aws_sagemaker_model.primary_container.environment',
  'aws_securitylake_data_lake.configuration.encryption_configuration',
  'aws_ssm_association.parameters',
  'aws_ssm_document.permissions',
]);

/** The place of a body; undefined for what lies in an expression, where all is attributes. */
export function placeOf(body: Node): Place | undefined {
  const names: string[] = [];
  for (let node: Node | undefined = body, depth = 0; node?.parent && depth < 200; depth++) {
    const { parent }: Node = node;
    if (node.style !== 'block') return undefined;
    if (parent.kind !== 'array' && node.entry) names.unshift(node.entry.name);
    node = parent;
  }
  return names;
}

/** Bodies that the language itself knows as blocks, in a body of that kind. */
const LANGUAGE: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  resource: ['lifecycle', 'provisioner', 'connection', 'dynamic'],
  data: ['lifecycle', 'dynamic'],
  variable: ['validation'],
  output: ['precondition'],
  terraform: ['required_providers', 'backend', 'cloud'],
});

/** Whether data of this name, in the body at a place, is written as a block or as several. */
export function isBlockData(place: Place | undefined, name: string, data: Data): boolean {
  if (isList(data) ? !data.length || !data.every(isRecord) : !isRecord(data)) return false;
  const [kind, type] = place ?? [];
  if (!place || kind === undefined) return false;
  if (place.length <= 3 && LANGUAGE[kind]?.includes(name)) return true;
  if ((kind !== 'resource' && kind !== 'data') || type === undefined) return false;
  // Of the Cloud Control provider every object is an attribute.
  if (!type.startsWith('aws_') || ATTRIBUTES.has(name)) return false;
  const path = place
    .slice(3)
    .filter((part, i, all) => part !== 'dynamic' && (part !== 'content' || i < all.length - 1));
  return !ATTRIBUTES_AT.has([`${kind === 'data' ? 'data.' : ''}${type}`, ...path, name].join('.'));
}
