/** Values that are secrets because of where they come from: attributes that hold one, hidden parameters, secure references. */

import type { Node } from '../syntax/node.ts';
import type { Template } from '../template/template.ts';
import { asString, type Value } from '../template/value.ts';
import { known } from './shared.ts';

/** A secret that flows into a value. */
export interface SecretSource {
  /** Where the value takes it in. */
  readonly node: Node;
  /** To begin a sentence with: `random_password.db.result`, `Parameter Password`. */
  readonly what: string;
  readonly kind: 'attribute' | 'parameter' | 'reference';
}

/** Attributes that are secrets, by type. Secrets of access keys are left to the rules on access keys. */
const SECRET_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  'AWS::Cognito::UserPoolClient': ['ClientSecret'],
  random_password: ['result'],
  tls_private_key: ['private_key_pem', 'private_key_openssh', 'private_key_pem_pkcs8'],
  aws_secretsmanager_secret_version: ['secret_string', 'secret_binary'],
  'data.aws_secretsmanager_secret_version': ['secret_string', 'secret_binary'],
  'data.aws_secretsmanager_random_password': ['random_password'],
  aws_ssm_parameter: ['value'],
  aws_db_instance: ['password'],
  aws_rds_cluster: ['master_password'],
  aws_docdb_cluster: ['master_password'],
  aws_redshift_cluster: ['master_password'],
  aws_elasticache_replication_group: ['auth_token'],
  aws_iam_user_login_profile: ['password'],
  aws_iam_service_specific_credential: ['service_password'],
  aws_cognito_user_pool_client: ['client_secret'],
  aws_lightsail_key_pair: ['private_key'],
  'data.aws_ecr_authorization_token': ['password', 'authorization_token'],
  'data.aws_eks_cluster_auth': ['token'],
};

const SECURE_REFERENCE = /\{\{resolve:(?:ssm-secure|secretsmanager):[^}]*\}\}/;
const MAX_DEPTH = 20;

/** The secrets that flow into a value, in the order written. What is not known for certain to be one is left out. */
export function secretSources(value: Value, template: Template, depth = 0): readonly SecretSource[] {
  if (depth > MAX_DEPTH) return [];
  const inner = (one: Value) => secretSources(one, template, depth + 1);
  switch (value.kind) {
    case 'reference': {
      const resource = value.to === 'resource' ? template.resource(value.target) : undefined;
      const attribute = value.attribute ?? '';
      if (!resource || !SECRET_ATTRIBUTES[resource.type]?.includes(attribute)) return [];
      if (resource.type === 'aws_ssm_parameter' && known(resource, 'type') !== 'SecureString') return [];
      return [{ node: value.node, what: `${value.target}.${attribute}`, kind: 'attribute' }];
    }
    case 'unknown':
      return value.sensitive && value.parameter !== undefined
        ? [{ node: value.node, what: named(template, value.parameter), kind: 'parameter' }]
        : [];
    case 'known': {
      const hop = value.via?.find(({ kind }) => kind === 'parameter' || kind === 'variable');
      if (value.sensitive && hop) return [{ node: value.node, what: named(template, hop.name), kind: 'parameter' }];
      const [reference] = SECURE_REFERENCE.exec(asString(value) ?? '') ?? [];
      return reference === undefined ? [] : [{ node: value.node, what: 'A dynamic reference', kind: 'reference' }];
    }
    case 'text': {
      const found = value.parts.flatMap((part) => (typeof part === 'string' ? [] : inner(part)));
      if (found.length) return found;
      const text = value.parts.map((part) => (typeof part === 'string' ? part : '*')).join('');
      return SECURE_REFERENCE.test(text) ? [{ node: value.node, what: 'A dynamic reference', kind: 'reference' }] : [];
    }
    case 'choice':
      return value.alternatives.flatMap((alternative) => inner(alternative.value));
    case 'list':
      return value.items.slice(0, 200).flatMap(inner);
    case 'object':
      return value.names.slice(0, 200).flatMap((name) => {
        const member = value.get(name);
        return member ? inner(member.value) : [];
      });
    case 'absent':
      return [];
  }
}

function named(template: Template, name: string): string {
  return template.dialect === 'cloudformation' ? `Parameter ${name}` : `Variable ${name}`;
}
