/** CloudFormation templates of a wanted size, in YAML and in JSON, the same in every run. */

/** A template as JSON has it. */
type Template = Record<string, unknown>;

const PARAMETERS = {
  Prefix: { Type: 'String', Default: 'shop' },
  Stage: { Type: 'String', AllowedValues: ['test', 'production'], Default: 'test' },
  Vpc: { Type: 'AWS::EC2::VPC::Id' },
  Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' },
  DatabaseUser: { Type: 'String', Default: 'app' },
};

const CONDITIONS = { Production: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] } };

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const sub = (text: string) => ({ 'Fn::Sub': text });
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** @param weight how many tags, statements, variables: 1 is as people write by hand */
const KINDS: readonly ((i: number, weight: number) => readonly [id: string, type: string, properties: object])[] = [
  (i, weight) => [
    `Bucket${i}`,
    'AWS::S3::Bucket',
    {
      BucketName: sub(`\${Prefix}-bucket-${i}`),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: i % 70 !== 0,
      },
      VersioningConfiguration: { Status: { 'Fn::If': ['Production', 'Enabled', 'Suspended'] } },
      LifecycleConfiguration: {
        Rules: times(weight, (n) => ({
          Id: `expire-${n}`,
          Prefix: `logs/${n}/`,
          Status: 'Enabled',
          ExpirationInDays: 30 + n,
        })),
      },
      Tags: tags(i, weight),
    },
  ],
  (i, weight) => [
    `Role${i}`,
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: `work-${i}`,
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: times(weight, (n) => ({
              Sid: `Read${n}`,
              Effect: 'Allow',
              Action: ['s3:GetObject', 's3:ListBucket'],
              Resource: [arnOf(`Bucket${i - 1}`), sub(`arn:\${AWS::Partition}:s3:::\${Prefix}-part-${n}/*`)],
            })),
          },
        },
      ],
      Tags: tags(i, weight),
    },
  ],
  (i, weight) => [
    `SecurityGroup${i}`,
    'AWS::EC2::SecurityGroup',
    {
      GroupDescription: `Group ${i}`,
      VpcId: { Ref: 'Vpc' },
      SecurityGroupIngress: times(weight, (n) => ({
        IpProtocol: 'tcp',
        FromPort: 443 + n,
        ToPort: 443 + n,
        CidrIp: i % 40 === 2 ? '0.0.0.0/0' : '10.0.0.0/8',
      })),
      Tags: tags(i, weight),
    },
  ],
  (i, weight) => [
    `Function${i}`,
    'AWS::Lambda::Function',
    {
      FunctionName: sub(`\${Prefix}-function-${i}`),
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: arnOf(`Role${i - 2}`),
      Code: { S3Bucket: { Ref: `Bucket${i - 3}` }, S3Key: `code/${i}.zip` },
      VpcConfig: {
        SecurityGroupIds: [{ 'Fn::GetAtt': [`SecurityGroup${i - 1}`, 'GroupId'] }],
        SubnetIds: { Ref: 'Subnets' },
      },
      Environment: {
        Variables: Object.fromEntries(times(weight * 2, (n) => [`SETTING_${n}`, `value-${i}-${n}`])),
      },
      Tags: tags(i, weight),
    },
  ],
  (i, weight) => [
    `Queue${i}`,
    'AWS::SQS::Queue',
    {
      QueueName: sub(`\${Prefix}-queue-${i}`),
      VisibilityTimeout: 60,
      SqsManagedSseEnabled: true,
      Tags: tags(i, weight * 2),
    },
  ],
  (i, weight) => [
    `Database${i}`,
    'AWS::RDS::DBInstance',
    {
      Engine: 'postgres',
      DBInstanceClass: 'db.t4g.micro',
      AllocatedStorage: '20',
      StorageEncrypted: i % 3 !== 0,
      PubliclyAccessible: false,
      MasterUsername: { Ref: 'DatabaseUser' },
      ManageMasterUserPassword: true,
      VPCSecurityGroups: [{ 'Fn::GetAtt': [`SecurityGroup${i - 3}`, 'GroupId'] }],
      Tags: tags(i, weight * 2),
    },
  ],
  (i, weight) => [
    `Table${i}`,
    'AWS::DynamoDB::Table',
    {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      SSESpecification: { SSEEnabled: true },
      Tags: tags(i, weight * 2),
    },
  ],
  (i, weight) => [
    `LogGroup${i}`,
    'AWS::Logs::LogGroup',
    { LogGroupName: `/shop/${i}`, RetentionInDays: 30, Tags: tags(i, weight * 2) },
  ],
];

function tags(i: number, count: number): object[] {
  return times(count, (n) => ({ Key: `cost-centre-${n}`, Value: `value-${i}-${n}` }));
}

/** A template of so many resources, and what stands in its middle: the index of a kind's resource there. */
export function template(resources: number, weight: number): Template {
  const entries = times(resources, (i) => {
    const kind = KINDS[i % KINDS.length] as (typeof KINDS)[number];
    const [id, Type, Properties] = kind(i, weight);
    return [id, { Type, Properties }] as const;
  });
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'A shop',
    Parameters: PARAMETERS,
    Conditions: CONDITIONS,
    Resources: Object.fromEntries(entries),
  };
}

/** The index of the resource of a kind (by its place in a group of eight) that is nearest the middle. */
export function inTheMiddle(resources: number, kind: 'Role' | 'Queue' | 'Database'): number {
  const at = { Role: 1, Queue: 4, Database: 5 }[kind];
  const group = Math.max(0, Math.floor((resources - 1 - at) / KINDS.length / 2));
  return group * KINDS.length + at;
}

/** YAML as people write it: short forms of the functions, no quotes where none are needed. */
export function yamlOf(value: unknown, indent = ''): string {
  return Object.entries(value as object)
    .map(([key, one]) => `${indent}${key}:${yamlValue(one, indent)}`)
    .join('');
}

function yamlValue(value: unknown, indent: string): string {
  const short = shortForm(value);
  if (short !== undefined) return ` ${short}\n`;
  if (Array.isArray(value)) {
    if (!value.length) return ' []\n';
    const items = value.map((item) => {
      if (shortForm(item) !== undefined || typeof item !== 'object') return `${indent}  -${yamlValue(item, indent)}`;
      return `${indent}  - ${yamlOf(item, `${indent}    `).slice(indent.length + 4)}`;
    });
    return `\n${items.join('')}`;
  }
  return `\n${yamlOf(value, `${indent}  `)}`;
}

/** What fits one line: a scalar or an intrinsic function. */
function shortForm(value: unknown): string | undefined {
  if (typeof value === 'string') return /^[\w/][\w./:-]*$/.test(value) && !/^\d/.test(value) ? value : `'${value}'`;
  if (typeof value !== 'object') return String(value);
  if (value === null || Array.isArray(value)) return undefined;
  const [name, argument] = Object.entries(value)[0] ?? [];
  if (name === 'Ref') return `!Ref ${argument}`;
  if (name === 'Fn::GetAtt') return `!GetAtt ${(argument as string[]).join('.')}`;
  if (name === 'Fn::Sub') return `!Sub '${argument}'`;
  if (name === 'Fn::If' || name === 'Fn::Equals')
    return `!${name.slice(4)} [${(argument as unknown[]).map(shortForm).join(', ')}]`;
  return undefined;
}
