/**
 * Templates full of links between their resources: what one says is decided by another, or by what is declared at the
 * top.
 */

import * as cloudformation from './written-cloudformation.ts';
import * as terraform from './written-terraform.ts';

/** By name of the target: files by path from the module at the root. */
export const WRITTEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'linked yaml': { 'linked.yaml': cloudformation.LINKED_YAML },
  'conditions yaml': { 'conditions.yaml': cloudformation.CONDITIONS_YAML },
  'secrets yaml': { 'secrets.yaml': cloudformation.SECRETS_YAML },
  'buckets yaml': { 'buckets.yaml': cloudformation.BUCKETS_YAML },
  'broken yaml': { 'broken.yaml': cloudformation.BROKEN_YAML },
  'broken hcl': { 'broken.tf': terraform.BROKEN_TF },
  'small hcl': { 'small.tf': terraform.SMALL_TF },
  'anchors yaml': { 'anchors.yaml': cloudformation.ANCHORS_YAML },
  'foreach yaml': { 'foreach.yaml': cloudformation.FOR_EACH_YAML },
  'sam yaml': { 'sam.yaml': cloudformation.SAM_YAML },
  'crlf yaml': {
    'crlf.yaml': cloudformation.LINKED_YAML.slice(0, cloudformation.LINKED_YAML.indexOf('  Vpc:')).replaceAll(
      '\n',
      '\r\n',
    ),
  },
  'linked json': { 'linked.json': cloudformation.LINKED_JSON },
  'one line json': { 'line.json': JSON.stringify(JSON.parse(cloudformation.LINKED_JSON)) },
  'linked hcl': { 'main.tf': `${terraform.MAIN_TF}\n${terraform.IAM_TF}\n${terraform.VARIABLES_TF}` },
  'module hcl': {
    'main.tf': terraform.MAIN_TF,
    'iam.tf': terraform.IAM_TF,
    'variables.tf': terraform.VARIABLES_TF,
    'main_override.tf': 'resource "aws_kms_key" "data" {\n  deletion_window_in_days = 7\n}\n',
    'terraform.tfvars': 'stage = "prod"\nports = [443]\n',
    'queue/main.tf': terraform.QUEUE_TF,
  },
  'linked terraform json': { 'main.tf.json': terraform.MAIN_TF_JSON },
  'mixed terraform json hcl module': {
    'main.tf.json': terraform.MAIN_TF_JSON,
    'other.tf': `${terraform.QUEUE_TF}\n${terraform.IAM_TF}`,
  },
  'policy json': { 'policy.json': JSON.stringify(terraform.POLICY, null, 2) },
  'policy yaml': { 'policy.yaml': terraform.POLICY_YAML },
};
