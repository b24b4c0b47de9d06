/** Session Manager's preferences, in documents that hold JSON or YAML, written out or as text. */

import { dataValue } from '../iam/json-value.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { decodeScalar } from '../syntax/embedded.ts';
import { Origin } from '../syntax/node.ts';
import { readYaml } from '../syntax/yaml-reader.ts';
import { type Found, select, selectFrom } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asPattern, asString, type ObjectValue } from '../template/value.ts';
import { set } from './fixes.ts';
import { jsonObject } from './json-blocks.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { any, known } from './shared.ts';

/** The preferences of a document and whether they can be edited where they are written. */
interface Preferences {
  readonly inputs: Found;
  readonly editable: boolean;
}

const MAX_TEXT = 100_000;

function checkSession(document: Resource, reporter: Reporter): void {
  const cloudFormation = document.types.includes('AWS::SSM::Document');
  if (known(document, cloudFormation ? 'DocumentType' : 'document_type') !== 'Session') return;
  for (const content of select(document, cloudFormation ? 'Content' : 'content')) {
    for (const preferences of preferencesOf(content)) checkPreferences(preferences, reporter);
  }
}

function preferencesOf(content: Found): readonly Preferences[] {
  const read = objectOf(content);
  if (!read) return [];
  const { object, editable } = read;
  const below = (path: string) =>
    selectFrom(content.resource, object, path, content.conditions, content.key ?? content.node);
  // Other kinds of session (a port, a command) have no preferences.
  const types = below('sessionType').map(({ value }) => asString(value));
  if (!types.length || types.some((type) => type !== 'Standard_Stream')) return [];
  return below('inputs')
    .filter(({ value }) => value.kind === 'object')
    .map((inputs) => ({ inputs, editable }));
}

function objectOf({
  value,
  resource,
}: Found): { readonly object: ObjectValue; readonly editable: boolean } | undefined {
  if (value.kind === 'object') return { object: value, editable: true };
  if (value.kind !== 'known' && value.kind !== 'text') return undefined;
  const object = jsonObject(value, resource.template);
  if (object) return { object, editable: true };
  // Text with holes, or put together by functions, is at no place of its own.
  const { node } = value;
  if (value.kind !== 'known' || node.kind !== 'string' || node.tag !== undefined) return undefined;
  const decoded = decodeScalar(node);
  if (decoded.text !== value.value || decoded.text.length > MAX_TEXT) return undefined;
  const { roots, problems } = readYaml(decoded.text, new Origin(node.document, 0, decoded.map, node));
  // Text that breaks off says nothing of what it lacks.
  const yaml = roots[0] && !problems.length ? dataValue(roots[0]) : undefined;
  return yaml?.kind === 'object' ? { object: yaml, editable: false } : undefined;
}

const LOGS: readonly (readonly [place: string, encrypted: string, what: string])[] = [
  ['s3BucketName', 's3EncryptionEnabled', 'bucket'],
  ['cloudWatchLogGroupName', 'cloudWatchEncryptionEnabled', 'log group'],
];

/** Whether a text is set: empty counts as not, as in AWS's own examples. */
function isSet(found: Found): boolean | undefined {
  const { value } = found;
  if (value.kind === 'absent') return false;
  if (value.kind === 'unknown') return undefined;
  return asPattern(value) !== '';
}

function checkPreferences({ inputs, editable }: Preferences, reporter: Reporter): void {
  const at = (name: string) =>
    selectFrom(inputs.resource, inputs.value, name, inputs.conditions, inputs.key ?? inputs.node);
  for (const key of at('kmsKeyId')) {
    if (isSet(key) === false) reporter.reportFound(key);
  }
  let logged: boolean | undefined = false;
  for (const [place, encrypted, what] of LOGS) {
    const isLogged = at(place).map(isSet);
    logged = any(logged, ...isLogged);
    if (!isLogged.length || !isLogged.every((one) => one === true)) continue;
    for (const flag of at(encrypted)) {
      if (flag.value.kind !== 'known' || asBoolean(flag.value) !== false) continue;
      const fix = set(true, { safe: false, note: `sessions do not start unless the ${what} is encrypted` });
      reporter.reportFound(flag, {
        variant: 'logs',
        message: `Session logs go to a ${what} that need not be encrypted`,
        fix: editable ? () => fix(flag) : undefined,
      });
    }
  }
  if (logged === false) reporter.reportFound(inputs, { node: inputs.key ?? inputs.node, variant: 'none' });
}

export const SSM_SESSION_RULES: readonly Rule[] = [
  {
    id: 'ssm-session-encryption',
    title: 'Sessions are not encrypted with a KMS key',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS encrypts session data with TLS 1.2; a second layer under your KMS key, and logs that must be encrypted, are settings of yours.',
    },
    description:
      'Session Manager sends what is typed and shown over TLS. With `kmsKeyId` it is also encrypted between the user’s machine and the node with a key of your own, which decides who may open a session at all. Send the logs of sessions to a bucket or log group, and have Session Manager insist that it is encrypted.',
    aws: awsDefaults('ssm-session-encryption'),
    aliases: ['checkov:CKV_AWS_112', 'kics:SSM Session Transit Encryption Disabled'],
    variants: {
      logs: { aliases: ['checkov:CKV_AWS_113'] },
      none: { message: 'Nothing of the sessions is logged', aliases: ['checkov:CKV_AWS_113'] },
    },
    references: [
      aws('Session document schema', 'systems-manager/latest/userguide/session-manager-schema.html'),
      aws(
        'Turn on KMS key encryption of session data (console)',
        'systems-manager/latest/userguide/session-preferences-enable-encryption.html',
      ),
    ],
    checks: [{ kind: 'resource', types: ['AWS::SSM::Document', 'aws_ssm_document'], check: checkSession }],
  },
];
