/** Chains on which the incremental analysis once went wrong, or is likely to. */

import { DEFAULT_SETTINGS } from '../../../server/src/analysis/settings.ts';
import type { Step } from './chain.ts';
import type { Look } from './told.ts';
import { ALL_RULES } from './wander.ts';
import { WRITTEN } from './written.ts';
import { ANCHORS_YAML, BROKEN_YAML } from './written-cloudformation.ts';
import { BROKEN_TF, SMALL_TF } from './written-terraform.ts';

const LOOK: Look = { fixes: true, hovers: true, map: true, values: true, seed: 39 };

function chain(uri: string, texts: readonly string[], more: Partial<Step> = {}): Step[] {
  return texts.map((text) => ({ sources: [{ uri, text }], settings: ALL_RULES, look: LOOK, ...more }));
}

/** There and back, with other settings on the way. */
function withSettings(steps: readonly Step[]): Step[] {
  return steps.map((step, i) => (i % 2 ? { ...step, settings: DEFAULT_SETTINGS } : step));
}

const MODULE = Object.entries(WRITTEN['module hcl'] ?? {}).map(([uri, text]) => ({
  uri,
  text,
  ...(uri.includes('/') ? { folder: 'queue' } : {}),
}));

const there = (text: string, from: string, to: string) => [text, text.replace(from, to), text];
const OUTPUTS = 'output "a" {\n  value = 1\n}\n';
const OTHERS = 'output "b" {\n  value = 2\n}\n';

/** A region that a provider has by a local, in a bucket's name. */
const regional = (region: string) =>
  `locals {\n  region = "${region}"\n}\nprovider "aws" {\n  region = local.region\n}\ndata "aws_region" "current" {\n}\n` +
  'resource "aws_s3_bucket" "b" {\n  bucket = "logs-${data.aws_region.current.name}"\n}\n';

/** A default that is no literal: Terraform refuses it, and whoever types may have it for a while. */
const byDefault = (value: boolean) =>
  `locals {\n  a = ${value}\n}\nvariable "x" {\n  default = local.a\n}\n` +
  'resource "aws_db_instance" "d" {\n  storage_encrypted = var.x\n}\n';

const group = (range: string) =>
  'resource "aws_security_group" "g" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n' +
  `    cidr_blocks = ["${range}"]\n  }\n}\n`;
const GROUPS = [group('0.0.0.0/0'), group('10.0.0.0/8')] as const;
const IN_GROUP =
  'resource "aws_instance" "i" {\n  associate_public_ip_address = true\n' +
  '  vpc_security_group_ids = [aws_security_group.g.id]\n}\n';

/** Locals that lead to each other, and two resources of which one asks for the last of them, the other for the first. */
const locals = (definitions: string, last: string, port: number) =>
  `locals {\n${definitions}}\nresource "aws_db_instance" "a" {\n  storage_encrypted = local.${last} == "y" ? true : false\n` +
  `  identifier = local.${last}\n}\nresource "aws_db_instance" "b" {\n` +
  `  storage_encrypted = local.a == "n" ? true : false\n  identifier = local.a\n  port = ${port}\n}\n`;
const IN_A_ROW = '  a = "y"\n  b = "${local.a}"\n  c = "${local.b}"\n  d = "${local.c}"\n';
const IN_A_CIRCLE = '  a = "x${local.b}"\n  b = "y${local.a}"\n';

/** A map that is asked for by an expression too long to be its own name. */
const longKey = (port: number) =>
  'Mappings:\n  M:\n    a:\n      k: true\n    b:\n      k: false\nResources:\n  D:\n    Type: AWS::RDS::DBInstance\n' +
  `    Properties:\n      Port: ${port}\n` +
  `      PubliclyAccessible: !FindInMap [M, !Join ['', [${'name'.repeat(80)}, !Ref AWS::StackName]], k]\n`;

const declaredAs = (kind: string) =>
  `{\n  "${kind}": {\n    "aws_dms_replication_instance": {\n      "i": {\n      }\n    }\n  }\n}\n`;

export const TRAPS: Readonly<Record<string, readonly Step[]>> = {
  'blocks that change places': chain('main.tf', [OUTPUTS + OTHERS, OTHERS + OUTPUTS]),
  'the first of two blocks of one name': chain('main.tf', [
    OUTPUTS + OUTPUTS,
    OUTPUTS.replace('1', '12') + OUTPUTS,
    OTHERS + OUTPUTS,
  ]),
  'a variable in two files': ['true', 'null'].map((value) => ({
    sources: [
      { uri: 'a.tf', text: `variable "x" {\n  default = ${value}\n}\n` },
      { uri: 'b.tf', text: 'variable "x" {\n}\n' },
    ],
    settings: ALL_RULES,
    look: LOOK,
  })),
  'secrets that are used in another file than the one at hand': [
    { sources: MODULE, settings: ALL_RULES, look: LOOK },
    { sources: MODULE, settings: ALL_RULES, look: LOOK },
    { sources: MODULE, settings: ALL_RULES, look: LOOK, givesUp: true },
    { sources: MODULE, settings: ALL_RULES, look: LOOK },
  ],
  'findings that several resources share': chain('t.yaml', [ANCHORS_YAML, ANCHORS_YAML], { givesUp: true }),
  'problems of a policy that moves': chain('t.yaml', there(BROKEN_YAML, 'Value: x', 'Value: xyz')),
  'problems of a policy that moves, judged by other rules': withSettings(
    chain('t.yaml', there(BROKEN_YAML, 'Value: x', 'Value: xyz')),
  ),
  'problems of a policy that moves in HCL': withSettings(chain('main.tf', there(BROKEN_TF, '"x"', '"xyz"'))),
  'a region that a provider has by a local': chain('main.tf', [regional('eu-west-1'), regional('us-east-1')]),
  'a default that speaks of a local': chain('main.tf', [byDefault(true), byDefault(false)]),
  'two of one address that change places': chain('main.tf', [
    GROUPS[0] + GROUPS[1] + IN_GROUP,
    GROUPS[1] + GROUPS[0] + IN_GROUP,
  ]),
  'another one of an address before it': chain('main.tf', [GROUPS[0] + IN_GROUP, GROUPS[1] + GROUPS[0] + IN_GROUP]),
  'locals in a row': chain('main.tf', [locals(IN_A_ROW, 'd', 1), locals(IN_A_ROW, 'd', 2)]),
  'locals in a circle': withSettings(
    chain('main.tf', [locals(IN_A_CIRCLE, 'b', 1), locals(IN_A_CIRCLE, 'b', 2), locals(IN_A_CIRCLE, 'b', 3)]),
  ),
  'a key that is a long expression': chain('t.yaml', [longKey(1), longKey(2)]),
  'a resource that becomes a data source': chain('main.tf.json', [declaredAs('resource'), declaredAs('data')]),
  'a default that all else hangs on': chain('main.tf', there(SMALL_TF, 'default = true', 'default = false')),
};
