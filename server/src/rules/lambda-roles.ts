/** AWS Lambda: the role that a function runs as. */

import type { Data } from '../syntax/edit.ts';
import { inSameModule } from '../template/module-path.ts';
import type { Template } from '../template/template.ts';
import { asPattern, type Leaf } from '../template/value.ts';
import { isRepeated, terraformReference } from './fixes.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Rule } from './rule.ts';

const HOLE = '\u0000';
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/;
/** Attributes of Terraform's role that are not its ARN: `id` is its name. */
const NAMES: ReadonlySet<string> = new Set(['id', 'name', 'unique_id']);

/** Whether a value refers to a role by its name: in CloudFormation `Ref` does. */
function isRoleName(value: Leaf, template: Template): boolean {
  if (value.kind !== 'reference' || value.to !== 'resource') return false;
  const type = template.resource(value.target)?.type;
  if (type === 'AWS::IAM::Role') return value.attribute === undefined || value.attribute === 'RoleId';
  return type === 'aws_iam_role' && value.attribute !== undefined && NAMES.has(value.attribute);
}

const isRoleArn: Predicate = (value, found) => {
  if (value.kind === 'reference') return isRoleName(value, found.resource.template) ? 'name' : undefined;
  const text = value.kind === 'known' || value.kind === 'text' ? asPattern(value) : undefined;
  if (text === undefined || text.startsWith('{{')) return undefined;
  const hole = text.indexOf(HOLE);
  if (hole < 0) return ROLE_ARN.test(text);
  const start = text.slice(0, hole);
  return 'arn:'.startsWith(start) || start.startsWith('arn:') ? undefined : false;
};

/** Refers to the ARN of the role instead. */
const referToArn: FixMaker = ({ value, resource, via }) => {
  const { template } = resource;
  if (value.kind !== 'reference' || via.length || !isRoleName(value, template)) return undefined;
  const cloudFormation = template.dialect === 'cloudformation';
  const role = template.resource(value.target);
  if (!role || isRepeated(role) || !inSameModule(role, resource)) return undefined;
  const data: Data = cloudFormation ? { 'Fn::GetAtt': [value.target, 'Arn'] } : terraformReference(role, 'arn');
  return {
    title: `Refer to the ARN of ${value.target}`,
    safe: true,
    edits: [{ kind: 'replace', node: value.node, data }],
  };
};

export const LAMBDA_ROLE_RULES: readonly Rule[] = [
  {
    id: 'lambda-role-not-arn',
    title: 'Role of the function is no ARN of a role',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Lambda assumes the role that you name, and refuses to create a function where that is no ARN of one.',
    },
    description:
      'Lambda asks for the ARN of the execution role. Its name, or a principal such as `lambda.amazonaws.com`, is refused when the function is deployed. In CloudFormation `Ref` of a role is its name: take `Fn::GetAtt` with `Arn`; in Terraform take the attribute `arn`.',
    aliases: [],
    variants: {
      name: { message: 'This is the name of the role, and Lambda asks for its ARN' },
    },
    references: [
      aws(
        'Defining Lambda function permissions with an execution role',
        'lambda/latest/dg/lambda-intro-execution-role.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Lambda::Function', path: 'Role' },
          { type: 'aws_lambda_function', path: 'role' },
        ],
        must: isRoleArn,
        absent: true,
        fix: referToArn,
      },
    ],
  },
];
