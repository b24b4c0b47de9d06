/** Secrets written where a template keeps or uses them: in Secrets Manager, and as credentials of Terraform's provider. */

import { readJsonText } from '../iam/json-value.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import { type Found, select, selectFrom } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { asPattern, type Leaf, type ObjectValue, type Value } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { aws } from './references.ts';
import type { FixMaker, Owner, Reporter, Rule } from './rule.ts';
import { keepElsewhere } from './secret-fixes.ts';
import {
  isPlaceholder,
  keepsSecret,
  looksRandom,
  namesSecret,
  noteSecretUse,
  SECRET_SEVERITIES,
  secretMessage,
  secretVariants,
} from './secrets.ts';
import { sectionResource } from './sections.ts';

// ---- the value of a secret

const SECRET_VALUES: Readonly<Record<string, readonly string[]>> = {
  'AWS::SecretsManager::Secret': ['SecretString'],
  aws_secretsmanager_secret_version: ['secret_string', 'secret_string_wo', 'secret_binary'],
};
const MAX_MEMBERS = 500;

function checkSecretValue(resource: Resource, reporter: Reporter): void {
  for (const type of resource.types) {
    for (const path of SECRET_VALUES[type] ?? []) {
      for (const found of select(resource, path)) judgeSecretValue(found, reporter);
    }
  }
}

function judgeSecretValue(found: Found, reporter: Reporter): void {
  const { value, resource } = found;
  if (value.kind === 'absent' || (value.sensitive && resource.template.dialect === 'terraform-plan')) return;
  const json = value.kind === 'object' ? value : jsonObject(value, resource.template);
  if (json) {
    const members = secretMembers(json, found);
    for (const member of members) report(member, reporter, () => generateMember(found, json, members));
    return;
  }
  // Text that only looks like JSON may be anything once its holes are filled.
  if (value.kind === 'known' && /^\s*(?:\[|\{(?!\{))/.test(String(value.value))) return;
  report(found, reporter, () => generate(found, {}));
}

/**
 * Lets Secrets Manager make the value, where it is written as the property's own.
 * @param more what goes into `GenerateSecretString` beside the length
 */
function generate(found: Found, more: Readonly<Record<string, Data>>): Fix | undefined {
  const { resource, node, key, via } = found;
  const entry = key?.entry;
  if (resource.template.dialect !== 'cloudformation' || via.length || !entry || entry.value !== node) return undefined;
  return {
    title: 'Let Secrets Manager make the value (GenerateSecretString; changes the secret)',
    safe: false,
    edits: [
      { kind: 'replace', node, data: { ...more, PasswordLength: 32 } },
      { kind: 'rename', entry, name: 'GenerateSecretString' },
    ],
  };
}

/** The same for the one secret among key-value pairs; the others stay as they are. */
function generateMember(found: Found, json: ObjectValue, members: readonly Found[]): Fix | undefined {
  const [member, ...others] = members;
  const name = member?.path.slice(found.path.length + 1);
  // A pair of a pair is none that Secrets Manager could make.
  if (!member || others.length || name === undefined || json.get(name)?.key !== member.key) return undefined;
  const text = textOf(found);
  const rest = text === undefined ? undefined : withoutMember(text.text, name);
  if (text === undefined || rest === undefined) return undefined;
  const data = text.isSub ? { 'Fn::Sub': rest } : rest;
  return generate(found, { SecretStringTemplate: data, GenerateStringKey: name });
}

/** The text as written: that of `Fn::Sub` with its holes in it. */
function textOf({ node }: Found): { readonly text: string; readonly isSub: boolean } | undefined {
  const inner = node.kind === 'object' && node.entries.length === 1 ? node.get('Fn::Sub') : node;
  if (typeof inner?.value !== 'string' || (inner.tag !== undefined && inner.tag !== '!Sub')) return undefined;
  return { text: inner.value, isSub: inner !== node || inner.tag === '!Sub' };
}

function withoutMember(text: string, name: string): string | undefined {
  try {
    const { [name]: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(rest);
  } catch {
    return undefined;
  }
}

function report(found: Found, reporter: Reporter, made: () => Fix | undefined): void {
  const verdict = keepsSecret(found.value, found);
  if (verdict === true || verdict === undefined) return;
  if (verdict === false && found.value.kind === 'known' && isPlaceholder(String(found.value.value))) return;
  const what = 'The value of the secret';
  const variant = verdict === false ? undefined : verdict;
  reporter.reportFound(found, {
    variant,
    message: (variant && secretVariants(what, [])[variant]?.message) ?? secretMessage(what)(found),
    fix: () => (found.value.kind === 'unknown' ? undefined : made()) ?? elsewhere(found),
  });
}

/** What a secret of CloudFormation's refers to instead of holding a value would be a second secret: only parameters are mended. */
function elsewhere(found: Found): ReturnType<FixMaker> {
  const isLiteral = found.value.kind === 'known' && !found.via.length;
  if (isLiteral && found.resource.template.dialect === 'cloudformation') return undefined;
  return keepElsewhere(found);
}

/** Key-value pairs in a text, at their own places. */
function jsonObject(value: Leaf, template: Template): ObjectValue | undefined {
  if (value.kind !== 'known' && value.kind !== 'text') return undefined;
  // The reader of JSON makes the best of a dynamic reference, too.
  if (/^\s*\{\{/.test(asPattern(value) ?? '')) return undefined;
  const read = readJsonText(value, template)?.value;
  return read?.kind === 'object' ? read : undefined;
}

/** Members that hold a secret, by name or, where they are written out, by what they look like. */
function secretMembers(object: ObjectValue, found: Found): readonly Found[] {
  const members: Found[] = [];
  const walk = (at: ObjectValue, depth: number) => {
    for (const name of at.names) {
      if (members.length >= MAX_MEMBERS || depth > 10) return;
      const member = at.get(name);
      if (!member) continue;
      for (const leaf of leaves(member.value, found)) {
        if (leaf.value.kind === 'object') walk(leaf.value, depth + 1);
        else if (namesSecret(name) || (leaf.value.kind === 'known' && looksRandom(String(leaf.value.value))))
          members.push({ ...leaf, via: [...found.via, ...leaf.via], key: member.key, path: `${found.path}.${name}` });
      }
    }
  };
  walk(object, 0);
  return members;
}

function leaves(value: Value, found: Found): readonly Found[] {
  return selectFrom(found.resource, value, '', found.conditions, found.node);
}

// ---- credentials of the provider

/** What the provider takes, the worst first. A key id alone names a key without giving it away. */
const CREDENTIALS: readonly (readonly [name: string, what: string, pattern: RegExp | undefined])[] = [
  ['secret_key', 'AWS secret access key', /^[A-Za-z0-9/+]{40}$/],
  ['token', 'AWS session token', undefined],
  ['access_key', 'AWS access key ID', /^A[KS]IA[A-Z0-9]{12,124}$/],
];

function checkProviders(template: Template, reporter: Reporter): void {
  for (const section of template.providers) {
    if (section.name !== 'aws' && section.name !== 'awscc') continue;
    const provider = sectionResource(template, 'provider', section);
    let told = false;
    for (const [name, what, pattern] of CREDENTIALS) {
      for (const found of select(provider, name)) {
        if (found.value.kind !== 'known' || (told && name === 'access_key')) continue;
        const text = String(found.value.value);
        if (!(pattern?.test(text) ?? looksRandom(text))) continue;
        told = true;
        noteSecretUse(found);
        reporter.reportFound(found, {
          variant: name === 'access_key' ? 'key-id' : undefined,
          message: secretMessage(`The provider’s ${what}`)(found),
          fix: () => withoutCredentials(provider),
        });
      }
    }
  }
}

function withoutCredentials(provider: Resource): Fix | undefined {
  const edits = CREDENTIALS.flatMap(([name]): Edit[] => {
    const entry = provider.properties.get(name)?.key.entry;
    return entry ? [{ kind: 'remove', entry }] : [];
  });
  if (!edits.length) return undefined;
  const title = 'Remove the credentials (Terraform then takes those of the environment, a profile or a role)';
  return { title, safe: false, edits };
}

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS keeps what is handed to Secrets Manager encrypted; that the same secret also stands in a template is your choice.',
};

export const SECRET_VALUE_RULES: readonly Rule[] = [
  {
    id: 'secret-literal-in-secretsmanager',
    title: 'Secret’s value is written in the template',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: OWNER,
    description:
      'The secret is safe in Secrets Manager, and open to everyone who can read the template, its history or, in Terraform, the state. In CloudFormation let Secrets Manager make the value with `GenerateSecretString`, or leave the value out and set it afterwards; in Terraform use `ephemeral` values with a write-only argument, or a sensitive variable without a default. Replace the secret: it has been exposed.',
    aliases: [],
    variants: SECRET_SEVERITIES,
    references: [
      aws('Create an AWS Secrets Manager secret', 'secretsmanager/latest/userguide/create_secret.html'),
      aws(
        'Get values stored in other services using dynamic references',
        'AWSCloudFormation/latest/UserGuide/dynamic-references.html',
      ),
    ],
    checks: [{ kind: 'resource', types: Object.keys(SECRET_VALUES), check: checkSecretValue }],
  },
  {
    id: 'provider-credentials',
    title: 'Credentials of the AWS provider are written in the configuration',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers roles, single sign-on and OIDC federation that need no stored keys; a key in a file is your choice.',
    },
    description:
      'Everyone who can read the configuration or its history can act as the identity that deploys everything. Remove the keys: Terraform takes credentials from the environment, a profile, the role of the machine that it runs on, or, in CI, from a role assumed by OIDC. Deactivate the key that is written here.',
    aliases: ['checkov:CKV_AWS_41', 'kics:Hardcoded AWS Access Key'],
    variants: {
      'key-id': { severity: 'medium' },
    },
    references: [
      aws('Security best practices in IAM', 'IAM/latest/UserGuide/best-practices.html'),
      aws('Update access keys', 'IAM/latest/UserGuide/id-credentials-access-keys-update.html'),
    ],
    checks: [{ kind: 'template', check: checkProviders }],
  },
];
