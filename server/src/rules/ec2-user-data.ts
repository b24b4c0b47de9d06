/** Secrets in what instances are started with: user data, and the metadata that cfn-init reads. */

import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import type { Condition, Leaf, Value } from '../template/value.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { placedSecrets } from './secret-places.ts';
import { describeSecret, noteSecretUse } from './secrets.ts';

/** Properties that hold user data, by type. */
const USER_DATA: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Instance': ['UserData'],
  'AWS::EC2::LaunchTemplate': ['LaunchTemplateData.UserData'],
  'AWS::AutoScaling::LaunchConfiguration': ['UserData'],
  'AWS::AutoScaling::AutoScalingGroup': [],
  'AWS::EC2::SpotFleet': ['SpotFleetRequestConfigData.LaunchSpecifications[].UserData'],
  aws_instance: ['user_data', 'user_data_base64'],
  aws_spot_instance_request: ['user_data', 'user_data_base64'],
  aws_launch_template: ['user_data'],
  aws_launch_configuration: ['user_data', 'user_data_base64'],
  aws_spot_fleet_request: ['launch_specification[].user_data'],
};

/** The section of CloudFormation's resource metadata that cfn-init reads on the instance; credentials: template-sections.ts. */
const INIT_SECTION = 'AWS::CloudFormation::Init';
const MAX_LEAVES = 2000;

export const EC2_USER_DATA_RULES: readonly Rule[] = [
  {
    id: 'ec2-userdata-secret',
    title: 'User data holds a secret',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS hands user data as it is to everything on the instance and to everyone who may describe it; what is written there is yours.',
    },
    description:
      'Every process on the instance can read its user data from the metadata service, everyone who may describe the instance or its template can read it from the API, and it stays in the template’s history. Base64 hides nothing. Store the secret in Secrets Manager, let the instance’s role fetch it at start, and replace the one that is written here.',
    aliases: [
      'checkov:CKV_AWS_46',
      'trivy:AVD-AWS-0029',
      'trivy:AVD-AWS-0122',
      'trivy:AVD-AWS-0129',
      'kics:User Data Contains Encoded Private Key',
      'kics:Hardcoded AWS Access Key',
    ],
    variants: {
      // Names a key without giving it away.
      'key-id': { severity: 'medium' },
      init: { aliases: [] },
    },
    references: [
      aws(
        'Run commands when you launch an EC2 instance with user data input',
        'AWSEC2/latest/UserGuide/user-data.html',
      ),
      aws('What is AWS Secrets Manager?', 'secretsmanager/latest/userguide/intro.html'),
    ],
    checks: [{ kind: 'resource', types: Object.keys(USER_DATA), check: checkUserData }],
  },
];

function checkUserData(resource: Resource, reporter: Reporter): void {
  for (const path of USER_DATA[resource.type] ?? []) {
    for (const found of select(resource, path)) report(found, undefined, 'User data', reporter);
  }
  const metadata = resource.attributes.get('Metadata')?.value;
  if (metadata?.kind !== 'object') return;
  const section = metadata.get(INIT_SECTION);
  if (!section) return;
  for (const { found, key } of leavesOf(section.value, resource, `Metadata.${INIT_SECTION}`)) {
    report(found, key, 'Metadata for cfn-init', reporter);
  }
}

function report(found: Found, key: string | undefined, place: string, reporter: Reporter): void {
  for (const { secret, node, encoded } of placedSecrets(found.value, key)) {
    const init = key !== undefined;
    noteSecretUse(found);
    reporter.reportFound(found, {
      node,
      variant: secret.kind === 'access-key-id' ? 'key-id' : init ? 'init' : undefined,
      message: `${place} holds ${describeSecret(secret)}${encoded ? ', in base64' : ''}`,
      aliases: init ? [] : undefined,
    });
  }
}

interface NamedLeaf {
  readonly found: Found;
  /** The nearest key above it. */
  readonly key: string;
}

/** Every scalar below a value with the name of its key. */
function leavesOf(value: Value, resource: Resource, path: string): readonly NamedLeaf[] {
  const leaves: NamedLeaf[] = [];
  const walk = (at: Value, key: string, where: string, conditions: readonly Condition[]): void => {
    if (leaves.length >= MAX_LEAVES || where.length > 1000) return;
    switch (at.kind) {
      case 'choice':
        for (const { condition, value: alternative } of at.alternatives) {
          const assumed = resource.template.assume(conditions, condition);
          if (assumed) walk(alternative, key, where, assumed);
        }
        return;
      case 'object':
        for (const name of at.names) {
          const member = at.get(name);
          if (member) walk(member.value, name, `${where}.${name}`, conditions);
        }
        return;
      case 'list':
        at.items.forEach((item, index) => {
          walk(item, key, `${where}.${index}`, conditions);
        });
        return;
      case 'known':
      case 'text':
        leaves.push({ found: leafFound(at, resource, where, conditions), key });
    }
  };
  walk(value, '', path, resource.conditions);
  return leaves;
}

function leafFound(value: Leaf, resource: Resource, path: string, conditions: readonly Condition[]): Found {
  return { value, node: value.node, conditions, via: value.via ?? [], scopes: [], resource, path };
}
