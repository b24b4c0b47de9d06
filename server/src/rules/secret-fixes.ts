/**
 * Fixes of secrets that are written into a template. Where the secret is kept from now on is for a person to say: until
 * then the deployment stops, so nobody gets in with what is written.
 */

import type { Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { freeName, nameOf, setEdits } from './fixes.ts';
import type { FixMaker } from './rule.ts';
import { sectionResource } from './sections.ts';

/**
 * Properties that take `{{resolve:ssm-secure:…}}`.
 * Source: AWS CloudFormation User Guide, "Get a secure string value from Systems Manager Parameter Store".
 */
const TAKES_SECURE_STRING: ReadonlySet<string> = new Set([
  'AWS::DirectoryService::MicrosoftAD.Password',
  'AWS::DirectoryService::SimpleAD.Password',
  'AWS::ElastiCache::ReplicationGroup.AuthToken',
  'AWS::IAM::User.LoginProfile.Password',
  'AWS::KinesisFirehose::DeliveryStream.RedshiftDestinationConfiguration.Password',
  'AWS::OpsWorks::App.AppSource.Password',
  'AWS::OpsWorks::Stack.CustomCookbooksSource.Password',
  'AWS::OpsWorks::Stack.RdsDbInstances.DbPassword',
  'AWS::RDS::DBCluster.MasterUserPassword',
  'AWS::RDS::DBInstance.MasterUserPassword',
  'AWS::Redshift::Cluster.MasterUserPassword',
]);

const PLAIN_REFERENCE = /^\s*\{\{resolve:ssm:([^}]*)\}\}\s*$/;

/** The names of a property path, list positions aside. */
function namesOf(found: Found): readonly string[] {
  return found.path.split('.').filter((part) => !/^\d+$/.test(part));
}

/** Hides the parameter, or the variable, that a secret comes from, and takes its default away. */
function hideDeclaration(found: Found, name: string): Fix | undefined {
  const { template } = found.resource;
  const cloudFormation = template.dialect === 'cloudformation';
  const section = template.parameters.find((one) => one.name === name);
  if (section?.value.kind !== 'object') return undefined;
  const declaration = sectionResource(template, 'parameter', section);
  const [property, kind] = cloudFormation ? ['NoEcho', 'parameter'] : ['sensitive', 'variable'];
  const [flag] = select(declaration, property);
  const written = section.value.get(cloudFormation ? 'Default' : 'default')?.key.entry;
  const isHidden = asString(flag?.value ?? section.value)?.toLowerCase() === 'true';
  const hidden = flag && !isHidden ? setEdits(flag, true) : [];
  if (!hidden) return undefined;
  if (!written) {
    return hidden.length
      ? { title: `Set ${property} of ${kind} ${name} to true`, safe: true, edits: hidden }
      : undefined;
  }
  const too = hidden.length ? ` and set ${property}` : '';
  return {
    title: `Remove the default of ${kind} ${name}${too} (the value must then be given for each new deployment)`,
    safe: false,
    edits: [...hidden, { kind: 'remove', entry: written }],
  };
}

/** Refers to a secret in Secrets Manager, or to the secure string of Parameter Store that takes the place of a plain one. */
function dynamicReference(found: Found): Fix | undefined {
  const { resource } = found;
  const [, plain] = PLAIN_REFERENCE.exec(asString(found.value) ?? '') ?? [];
  const names = namesOf(found);
  if (plain !== undefined && TAKES_SECURE_STRING.has(`${resource.type}.${names.join('.')}`)) {
    return titled('Read it from a secure string (the parameter must be a SecureString)', () =>
      setEdits(found, `{{resolve:ssm-secure:${plain}}}`),
    );
  }
  const last = names[names.length - 1] ?? '';
  const key = /passw/i.test(last)
    ? 'password'
    : last.replace(/^(?:[A-Z]+(?=[A-Z][a-z])|[A-Z])/, (head) => head.toLowerCase());
  return titled('Read it from Secrets Manager (put in the name of the secret)', () =>
    setEdits(found, `{{resolve:secretsmanager:SECRET_NAME:SecretString:${key}}}`),
  );
}

function titled(title: string, make: () => readonly Edit[] | undefined): Fix | undefined {
  const edits = make();
  return edits && { title, safe: false, edits };
}

/** Adds a sensitive variable without a default, and refers to it. */
function addVariable(found: Found): Fix | undefined {
  const { resource, node, via } = found;
  const target = via[via.length - 1]?.node ?? node;
  const root = target.document.roots[0];
  // Inside an expression there is no place for a reference of JSON's.
  if (target.origin.host || root?.kind !== 'object') return undefined;
  const name = variableName(found, resource);
  const edits: Edit[] = [{ kind: 'replace', node: target, data: `\${var.${name}}` }, declaration(root, name)];
  return { title: `Take it from a sensitive variable ${name} (give its value to Terraform)`, safe: false, edits };
}

function declaration(root: Node, name: string): Edit {
  const data = { type: 'string', sensitive: true };
  const block = root.get('variable');
  if (block?.kind === 'array') return { kind: 'append', to: block, data: { [name]: data } };
  const edit: Edit = { kind: 'set', in: root, path: ['variable', name], data };
  return block ? edit : { ...edit, first: true };
}

/** `db_password`; the further items of a list are counted. */
function variableName(found: Found, resource: Resource): string {
  const names = namesOf(found);
  const last = names[names.length - 1] ?? 'secret';
  const property = /^value$/i.test(last) && names.length > 1 ? `${names[names.length - 2]}_${last}` : last;
  const position = found.path.match(/\b[1-9]\d*\b/g) ?? [];
  const words = [nameOf(resource), property, ...position.map((one) => Number(one) + 1)];
  const name = words.join('_').replace(/\W+/g, '_').toLowerCase();
  return freeName(name, '_', (one) => resource.template.parameters.some((section) => section.name === one));
}

/**
 * Takes a secret out of the template: hides the parameter or variable that it comes from, or refers to where a person
 * keeps it. For findings of `keepsSecret`.
 */
export const keepElsewhere: FixMaker = (found) => {
  const { value, via, resource } = found;
  const { dialect } = resource.template;
  const hop = via[via.length - 1];
  if (hop?.kind === 'parameter' || hop?.kind === 'variable') return hideDeclaration(found, hop.name);
  if (value.kind === 'unknown' && value.parameter !== undefined) return hideDeclaration(found, value.parameter);
  if (value.kind === 'absent') return undefined;
  if (dialect === 'cloudformation') return dynamicReference(found);
  return dialect === 'terraform' ? addVariable(found) : undefined;
};
