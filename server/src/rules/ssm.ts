/** AWS Systems Manager: secrets in parameters, shared documents, and the encryption and logs of sessions. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asPattern, asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { placedSecrets } from './secret-places.ts';
import { secretSources } from './secret-sources.ts';
import { describeSecret, namesSecret, noteSecretUse } from './secrets.ts';
import { known } from './shared.ts';
import { SSM_SESSION_RULES } from './ssm-sessions.ts';

// ---- parameters

const PARAMETER = 'AWS::SSM::Parameter';

/** What the value holds, to begin a sentence with, and where; undefined where no secret is seen. */
interface Held {
  readonly found: Found;
  readonly node: Found['node'];
  readonly what: string;
  /** It is written out here. */
  readonly literal: boolean;
  readonly keyId: boolean;
}

function secretsIn(resource: Resource, path: string, name: string | undefined): readonly Held[] {
  return select(resource, path).flatMap((found): Held[] => {
    const [source] = secretSources(found.value, resource.template);
    if (source) return [{ found, node: source.node, what: source.what, literal: false, keyId: false }];
    if (found.value.sensitive) return [];
    const [placed] = placedSecrets(found.value, name);
    if (!placed) {
      const token = name !== undefined && namesSecret(name) && isToken(asString(found.value) ?? '');
      return token ? [{ found, node: found.node, what: 'what looks like a secret', literal: true, keyId: false }] : [];
    }
    const what = describeSecret({ ...placed.secret, name: undefined });
    // AWS's word for a value that only shows what one looks like.
    if (placed.secret.kind === 'password' && /example/i.test(asPattern(found.value) ?? '')) return [];
    return [{ found, node: placed.node, what, literal: true, keyId: placed.secret.kind === 'access-key-id' }];
  });
}

/** One long run of letters and digits: under the name of a secret that is one, however little random it looks. */
function isToken(text: string): boolean {
  return /^[A-Za-z\d+/=]{20,200}$/.test(text) && /[A-Za-z]/.test(text) && /\d/.test(text) && !/example/i.test(text);
}

/** CloudFormation cannot make a SecureString: the secret is at the wrong place altogether. */
function checkStackParameter(resource: Resource, reporter: Reporter): void {
  const type = known(resource, 'Type');
  if (type !== 'String' && type !== 'StringList') return;
  for (const { found, node, what, literal, keyId } of secretsIn(resource, 'Value', lastName(resource, 'Name'))) {
    noteSecretUse(found);
    reporter.reportFound(found, {
      node,
      variant: keyId ? 'key-id' : literal ? undefined : 'copy',
      message: literal
        ? `The parameter holds ${what}, in plain text`
        : `${what} is a secret, and the parameter stores it in plain text`,
    });
  }
}

/** Of `/prod/db/password` the last part, with the one before: names alone tell what a value is. */
function lastName(resource: Resource, path: string): string | undefined {
  const [name] = select(resource, path);
  const text = name && asPattern(name.value);
  return text?.split('/').slice(-2).join('_').replaceAll('\u0000', '');
}

const secure = set('SecureString', {
  safe: false,
  note: 'readers must then decrypt: `WithDecryption`, and `kms:Decrypt` where the key is your own',
});

function checkTerraformParameter(resource: Resource, reporter: Reporter): void {
  const [type] = select(resource, 'type');
  const kind = type && asString(type.value);
  const name = lastName(resource, 'name');
  for (const path of ['value', 'insecure_value', 'value_wo']) {
    for (const { found, node, what, literal, keyId } of secretsIn(resource, path, name)) {
      const plain = kind === 'String' || kind === 'StringList';
      if (plain && type) {
        reporter.reportFound(type, {
          message: literal
            ? `The parameter holds ${what}, and type ${kind} stores it in plain text`
            : `${what} is a secret, and type ${kind} stores it in plain text`,
          variant: keyId ? 'key-id' : literal ? undefined : 'copy',
          fix: path === 'insecure_value' ? undefined : () => secure(type),
        });
      }
      if (!literal || keyId) continue;
      noteSecretUse(found);
      reporter.reportFound(found, {
        node,
        variant: 'literal',
        message: `The value is ${what}, written in the configuration`,
      });
    }
  }
}

// ---- sharing

const PUBLIC_SHARING = /(?:^|:servicesetting)\/ssm\/documents\/console\/public-sharing-permission$/;

/** `111122223333,All`: everyone. */
const notAll = textThat((text) =>
  /(?:^|,)\s*all\s*(?:,|$)/i.test(text) ? false : text.includes('\u0000') ? undefined : true,
);

function onlyNamedAccounts(found: Found): Fix | undefined {
  const text = asString(found.value);
  const permissions = found.resource.properties.get('permissions')?.key.entry;
  if (text === undefined || found.via.length || !found.key || !permissions) return undefined;
  const others = text.split(',').filter((one) => one.trim().toLowerCase() !== 'all');
  const title = 'Share the document with no one but the accounts that are named (ends the access of everyone else)';
  if (others.length)
    return { title, safe: false, edits: [{ kind: 'replace', node: found.node, data: others.join(',') }] };
  return {
    title: 'Stop sharing the document (ends the access of everyone else)',
    safe: false,
    edits: [{ kind: 'remove', entry: permissions }],
  };
}

// ---- Terraform's http data source

function checkRequest(request: Resource, reporter: Reporter): void {
  for (const path of ['url', 'request_body']) {
    for (const found of select(request, path)) {
      const text = asPattern(found.value) ?? '';
      for (const source of secretSources(found.value, request.template)) {
        reporter.reportFound(found, {
          node: source.node,
          message: `${source.what} is a secret, and goes out ${path === 'url' ? 'in the address of' : 'with'} a web request${/^http:/i.test(text) ? ' without TLS' : ''}`,
        });
      }
    }
  }
}

export const SSM_RULES: readonly Rule[] = [
  {
    id: 'ssm-parameter-plaintext-secret',
    title: 'Parameter stores a secret in plain text',
    category: 'secrets',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS encrypts SecureString parameters with KMS and guards their decryption; which type holds a secret is your choice.',
    },
    description:
      'Whoever may read the parameter reads the secret: type String knows no separate right to decrypt, and `{{resolve:ssm:…}}` copies it in plain text. In Terraform use type SecureString. CloudFormation cannot create one: keep the secret in Secrets Manager, or create the parameter outside the template and refer to it by `{{resolve:ssm-secure:…}}`. Replace a secret that is written in the template.',
    aws: awsDefaults('ssm-parameter-type'),
    aliases: ['checkov:CKV_AWS_384', 'checkov:CKV2_AWS_34'],
    variants: {
      copy: {},
      'key-id': { severity: 'medium' },
      literal: { aliases: [] },
    },
    references: [
      aws(
        'AWS Systems Manager Parameter Store',
        'systems-manager/latest/userguide/systems-manager-parameter-store.html',
      ),
      aws('AWS::SSM::Parameter', 'AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html'),
    ],
    checks: [
      { kind: 'resource', types: [PARAMETER], check: checkStackParameter },
      { kind: 'resource', types: ['aws_ssm_parameter'], check: checkTerraformParameter },
    ],
  },
  {
    id: 'ssm-document-public',
    title: 'Systems Manager document is shared with everyone',
    category: 'public-access',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps a document to your account until you share it; with whom is your decision.',
    },
    description:
      'Every AWS account can read and run the document: its commands, and what they tell of your machines, names and paths. Name the accounts that need it. The setting that blocks public sharing keeps anyone in the account from sharing a document with everyone.',
    aliases: ['checkov:CKV_AWS_303'],
    variants: {
      setting: {
        severity: 'medium',
        message: 'Documents of this account may be shared with everyone',
        aliases: [],
      },
    },
    references: [
      aws('Sharing SSM documents', 'systems-manager/latest/userguide/documents-ssm-sharing.html'),
      aws('ModifyDocumentPermission', 'systems-manager/latest/APIReference/API_ModifyDocumentPermission.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [{ type: 'aws_ssm_document', path: 'permissions.account_ids', fix: onlyNamedAccounts }],
        must: notAll,
        absent: true,
      },
      {
        kind: 'property',
        targets: [
          {
            type: 'aws_ssm_service_setting',
            path: 'setting_value',
            where: (setting) => {
              const id = known(setting, 'setting_id');
              return id === undefined ? undefined : PUBLIC_SHARING.test(id);
            },
          },
        ],
        must: textThat((text) => (text.includes('\u0000') ? undefined : text === 'Enable' ? 'setting' : true)),
        absent: true,
        fix: set('Disable', { safe: false, note: 'documents can then no longer be shared with everyone' }),
      },
    ],
  },
  ...SSM_SESSION_RULES,
  {
    id: 'ssm-http-leak',
    title: 'Secret is sent in a web request',
    category: 'secrets',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS hands the secret to whoever may read it; where your configuration sends it is up to you.',
    },
    description:
      'The data source calls the address whenever Terraform plans or applies, and hands the secret to whoever answers there. Addresses are also written to the logs of servers and proxies on the way, and to the state. Take the secret out of the request.',
    aliases: ['checkov:CKV2_AWS_36', 'trivy:AVD-AWS-0134'],
    references: [
      aws(
        'AWS Systems Manager Parameter Store',
        'systems-manager/latest/userguide/systems-manager-parameter-store.html',
      ),
    ],
    checks: [{ kind: 'resource', types: ['data.http'], check: checkRequest }],
  },
];
