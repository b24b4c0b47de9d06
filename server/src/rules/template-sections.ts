/** Secrets in what a template declares beside its resources: parameters, variables, outputs, and metadata for cfn-init. */

import { type Found, select, selectFrom } from '../template/select.ts';
import type { Resource, Section, Template } from '../template/template.ts';
import { asBoolean, asString, type ObjectValue } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { remove, set } from './fixes.ts';
import { mentions } from './mentions.ts';
import { aws } from './references.ts';
import type { FixMaker, Owner, Report, Reporter, Rule } from './rule.ts';
import { secretSources } from './secret-sources.ts';
import { isPlaceholder, keepsSecret, namesSecret, reportedByUse, secretMessage, secretVariants } from './secrets.ts';
import { sectionResource } from './sections.ts';

// ---- parameters and variables

/** Names that speak of secrets without holding one: which key, whether to make one, where it is. */
const ABOUT_SECRETS =
  /kms|cmk|secrets?_?manager|rotat|generate|create|enable|allow|disable|lambda|function|role|group|subnet|instance|pattern|length|_in_|_by_|^(?:use|has|is|with|no|need|min|max|num)_|(?:chars?|characters|prefixes|owner|account|vpc|description|label|format|option|mode|stack|class|purpose|encoding|keepers|rules?|days?)$/;

function holdsSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toLowerCase();
  return namesSecret(name) && !ABOUT_SECRETS.test(words);
}

/** Text: of a CloudFormation type that is one, or of a Terraform variable that may be one; not one of a few choices. */
function isFreeText(declaration: Resource): boolean {
  const { dialect } = declaration.template;
  const type = select(declaration, dialect === 'cloudformation' ? 'Type' : 'type').map(({ value }) =>
    // HCL writes a type as a bare word.
    value.kind === 'absent' ? 'any' : (asString(value) ?? value.node.source).trim(),
  )[0];
  if (dialect === 'cloudformation')
    return type === 'String' && select(declaration, 'AllowedValues').every(({ value }) => value.kind === 'absent');
  return type === 'string' || type === '${string}' || type === 'any' || type === '${any}';
}

function checkParameters(template: Template, reporter: Reporter): void {
  if (template.dialect !== 'cloudformation' && template.dialect !== 'terraform') return;
  const cloudFormation = template.dialect === 'cloudformation';
  for (const section of template.parameters) {
    if (!holdsSecret(section.name) || !isUsed(template, section.name)) continue;
    const declaration = sectionResource(template, 'parameter', section);
    if (!isFreeText(declaration)) continue;
    const [written] = select(declaration, cloudFormation ? 'Default' : 'default');
    const text = written && asString(written.value);
    // The default tells that the name was misread: a switch, an ARN, a path.
    if (text && isPointer(text)) continue;
    if (reportedByUse(template).has(section.name)) continue;
    checkHidden(section, declaration, reporter);
    if (text && written) {
      reporter.reportFound(written, {
        variant: 'default',
        message: `The default of ${section.name} is a secret written in the template`,
        fix: () => withoutDefault(written),
      });
    }
  }
}

/** Whether the name stands anywhere but at its declaration: without a use no one gives it a value. */
function isUsed(template: Template, name: string): boolean {
  const use = template.dialect === 'cloudformation' ? name : `var.${name}`;
  const declared = template.dialect === 'cloudformation' ? 1 : 0;
  const places = mentions(template, use);
  for (let count = 0; count < declared; count++) places.next();
  return !places.next().done;
}

/** `changeme` is a password all the same once it is deployed. */
function isPointer(text: string): boolean {
  return isPlaceholder(text) && !/change|replace|^your|^x{4}|^\*/i.test(text);
}

const withoutDefault: FixMaker = remove({ safe: false, note: 'the value must then be given for each new deployment' });

function checkHidden(section: Section, declaration: Resource, reporter: Reporter): void {
  const cloudFormation = declaration.template.dialect === 'cloudformation';
  const hide = cloudFormation
    ? set(true)
    : set(true, { safe: false, note: 'outputs that use the variable must be sensitive, too' });
  // An ephemeral variable is never written down; Terraform hides it in what it prints only where it is sensitive as well.
  for (const found of select(declaration, cloudFormation ? 'NoEcho' : 'sensitive')) {
    const hidden = found.value.kind === 'absent' ? false : asBoolean(found.value);
    if (hidden !== false) continue;
    reporter.reportFound(found, {
      variant: cloudFormation ? undefined : 'variable',
      message: cloudFormation
        ? `Parameter ${section.name} lacks NoEcho: CloudFormation shows its value to everyone who can describe the stack`
        : `Variable ${section.name} is not sensitive: Terraform shows its value in plans and logs`,
      fix: () => hide(found),
    });
  }
}

// ---- outputs

function checkOutputs(template: Template, reporter: Reporter): void {
  if (template.dialect === 'cloudformation') checkStackOutputs(template, reporter);
  else if (template.dialect === 'terraform') checkTerraformOutputs(template, reporter);
}

function checkStackOutputs(template: Template, reporter: Reporter): void {
  for (const section of template.outputs) {
    const output = sectionResource(template, 'output', section);
    for (const found of select(output, 'Value')) {
      for (const { node, what, kind } of secretSources(found.value, template)) {
        reporter.reportFound(found, {
          node,
          variant: kind === 'reference' ? 'reference' : undefined,
          message:
            kind === 'reference'
              ? `Output ${section.name} asks for a secret, and CloudFormation hides no output`
              : `${what} is a secret, and output ${section.name} shows it to everyone who can describe the stack`,
        });
      }
    }
  }
}

function checkTerraformOutputs(template: Template, reporter: Reporter): void {
  const hide = set(true);
  for (const section of template.outputs) {
    const output = sectionResource(template, 'output', section);
    const [sensitive] = select(output, 'sensitive');
    if (!sensitive || (sensitive.value.kind !== 'absent' && asBoolean(sensitive.value) !== false)) continue;
    const ephemeral = select(output, 'ephemeral').some(({ value }) => asBoolean(value) === true);
    if (ephemeral) continue;
    for (const found of select(output, 'value')) {
      const [source] = secretSources(found.value, template);
      if (!source) continue;
      reporter.reportFound(found, {
        node: source.node,
        variant: 'terraform',
        message: `${source.what} is a secret, and output ${section.name} is not sensitive`,
        fix: () => hide(sensitive),
      });
    }
  }
}

// ---- metadata for cfn-init

const AUTHENTICATION = 'AWS::CloudFormation::Authentication';
const CREDENTIALS: readonly (readonly [name: string, what: string])[] = [
  ['secretKey', 'Secret access key for cfn-init'],
  ['password', 'Password for cfn-init'],
  ['accessKeyId', 'Access key ID for cfn-init'],
];

/** What cfn-init runs on; and, as old examples write it, the section as a resource of its own. */
const WITH_METADATA = [
  'AWS::EC2::Instance',
  'AWS::EC2::LaunchTemplate',
  'AWS::EC2::SpotFleet',
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::AutoScaling::LaunchConfiguration',
  AUTHENTICATION,
];

function checkAuthentication(resource: Resource, reporter: Reporter): void {
  const metadata = resource.attributes.get('Metadata')?.value;
  const section = (metadata?.kind === 'object' ? metadata.get(AUTHENTICATION) : undefined)?.value;
  const own = section ?? resource.attributes.get(AUTHENTICATION)?.value;
  if (own?.kind !== 'object') return;
  for (const name of own.names) {
    const block = own.get(name);
    if (block) checkCredentials(block.value, `Metadata.${AUTHENTICATION}.${name}`, resource, reporter);
  }
}

function checkCredentials(
  block: Found['value'] | Section['value'],
  path: string,
  resource: Resource,
  reporter: Reporter,
) {
  if (block.kind !== 'object') return;
  let told = false;
  for (const [name, what] of CREDENTIALS) {
    const member = block.get(name);
    if (!member || (told && name === 'accessKeyId')) continue;
    for (const leaf of selectFrom(resource, member.value, '', resource.conditions, member.key)) {
      const found: Found = { ...leaf, key: member.key, path: `${path}.${name}` };
      const report = credentialReport(found, name, what);
      if (!report) continue;
      told = true;
      reporter.reportFound(found, { ...report, fix: () => useRole(found, block, resource) });
    }
  }
}

/** The role of the instance that cfn-init runs on, or of the template's only profile where a group starts the instances. */
function roleOf(resource: Resource): string | undefined {
  const { template } = resource;
  const [named] = select(resource, 'IamInstanceProfile');
  const profiles = template.ofType('AWS::IAM::InstanceProfile');
  const profile =
    named?.value.kind === 'reference'
      ? template.resource(named.value.target)
      : resource.type === 'AWS::AutoScaling::AutoScalingGroup' && profiles.length === 1
        ? profiles[0]
        : undefined;
  const [role, ...others] = profile?.type === 'AWS::IAM::InstanceProfile' ? select(profile, 'Roles[]') : [];
  const target = role?.value.kind === 'reference' && !others.length ? template.resource(role.value.target) : undefined;
  return target?.type === 'AWS::IAM::Role' && !target.conditions.length ? target.address : undefined;
}

/** For Amazon S3: the role takes the place of the keys. Other sources know passwords only. */
function useRole(found: Found, block: ObjectValue, resource: Resource): Fix | undefined {
  const type = block.get('type')?.value;
  const entry = found.key?.entry;
  const role = roleOf(resource);
  if (!type || asString(type)?.toUpperCase() !== 'S3' || !entry || role === undefined || found.via.length)
    return undefined;
  if (entry.value !== found.node) return undefined;
  const others = ['accessKeyId', 'secretKey'].flatMap((name) => block.get(name)?.key.entry ?? []);
  return {
    title: `Use the role ${role} (it must be allowed to read the bucket)`,
    safe: false,
    edits: [
      ...others.flatMap((other) => (other === entry ? [] : { kind: 'remove' as const, entry: other })),
      { kind: 'replace', node: entry.value, data: { Ref: role } },
      { kind: 'rename', entry, name: 'roleName' },
    ],
  };
}

function credentialReport(found: Found, name: string, what: string): Partial<Report> | undefined {
  const { value, resource } = found;
  const text = asString(value);
  if (name === 'accessKeyId') {
    return text && /^A[KS]IA[A-Z0-9]{12,}$/.test(text)
      ? { variant: 'key-id', message: secretMessage(what)(found) }
      : undefined;
  }
  const verdict = keepsSecret(value, found);
  if (verdict === false) return { message: secretMessage(what)(found) };
  if (typeof verdict === 'string') return { variant: verdict, message: secretVariants(what, [])[verdict]?.message };
  const [source] = secretSources(value, resource.template);
  return (
    source && {
      variant: 'shown',
      message: `${what} stands in the metadata of the resource, where CloudFormation hides nothing`,
    }
  );
}

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS hides what it is told to hide; which parameters and outputs hold secrets only you know.',
};

const PARAMETERS = aws(
  'CloudFormation template Parameters syntax',
  'AWSCloudFormation/latest/UserGuide/parameters-section-structure.html',
);
const OUTPUTS = aws(
  'CloudFormation template Outputs syntax',
  'AWSCloudFormation/latest/UserGuide/outputs-section-structure.html',
);

export const TEMPLATE_SECTION_RULES: readonly Rule[] = [
  {
    id: 'cfn-parameter-secret-no-noecho',
    title: 'Parameter for a secret is not hidden',
    category: 'secrets',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description:
      'By its name this parameter takes a secret. Without `NoEcho` CloudFormation shows its value in the console and the API to everyone who can describe the stack; a Terraform variable that is not `sensitive` shows in plans and logs. A default puts the secret itself into the template. Hide the parameter and give it no default, or better, take the secret from Secrets Manager by a dynamic reference.',
    aliases: [],
    variants: {
      default: {},
      variable: { severity: 'low' },
    },
    references: [
      PARAMETERS,
      aws(
        'Security best practices for CloudFormation',
        'AWSCloudFormation/latest/UserGuide/security-best-practices.html',
      ),
    ],
    checks: [{ kind: 'template', check: checkParameters }],
  },
  {
    id: 'cfn-output-secret',
    title: 'Output shows a secret',
    category: 'secrets',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description:
      'Outputs are shown to everyone who can describe the stack, and `NoEcho` of a parameter does not reach them. Put out the name or ARN of the secret instead, and let whoever needs it read it from Secrets Manager. In Terraform an output that holds a secret must be `sensitive`; the state holds it either way.',
    aws: [
      {
        text: 'CloudFormation masks parameters with NoEcho where it lists parameters, not in outputs or metadata.',
        source: 'AWS CloudFormation User Guide: CloudFormation template Parameters syntax',
      },
    ],
    aliases: [],
    variants: {
      reference: { severity: 'medium' },
      terraform: { severity: 'medium' },
    },
    references: [OUTPUTS, PARAMETERS],
    checks: [{ kind: 'template', check: checkOutputs }],
  },
  {
    id: 'cfn-init-credentials',
    title: 'Credentials for cfn-init are written in the template',
    category: 'secrets',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS lets cfn-init use the role of the instance; credentials in the metadata instead are your choice.',
    },
    description:
      'CloudFormation shows the metadata of a resource as it is, to everyone who can describe the stack’s resources, and every process on the instance can ask for it. For Amazon S3 name the instance’s role with `roleName`; for other sources let a script fetch the password from Secrets Manager. Replace what is written here.',
    aliases: ['cfn_nag:W1', 'guard:CFN_AUTHENTICATION_RULE', 'kics:CloudFormation Specifying Credentials Not Safe'],
    variants: {
      'plain-reference': {},
      echoed: { severity: 'medium' },
      shown: { severity: 'medium', aliases: [] },
      'key-id': { severity: 'medium' },
    },
    references: [
      aws(
        'AWS::CloudFormation::Authentication',
        'AWSCloudFormation/latest/TemplateReference/aws-resource-authentication.html',
      ),
    ],
    checks: [{ kind: 'resource', types: WITH_METADATA, check: checkAuthentication }],
  },
];
