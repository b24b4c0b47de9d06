/** Policies made to be expensive: many statements, actions, resources, conditions, roles. */

import { type Attack, attacksOn, many, times } from './hostile-texts.ts';

const document = (statements: string): string => `{"Version":"2012-10-17","Statement":[${statements}]}`;
const statement = (action: string, resource = '"*"', more = ''): string =>
  `{"Effect":"Allow","Action":${action},"Resource":${resource}${more}}`;

/** A run of `*a` that matches late if at all. */
const stars = (i: number, length = 20): string => `s3:${times(length, (j) => `*${'abcdefghij'[(i + j) % 10]}`)}*`;
const list = (count: number, make: (i: number) => string): string => `[${times(count, (i) => `"${make(i)}"`, ',')}]`;

export const POLICIES: readonly Attack[] = attacksOn('hostile-policy.json', {
  '50,000 statements': () =>
    document(times(many(50_000), (i) => statement(`"s3:GetObject"`, `"arn:aws:s3:::b${i}/*"`), ',')),
  '2,500 statements that allow all': () => document(times(2_500, () => statement('"*"'), ',')),
  '2,000 statements, each other than the last': () =>
    document(times(many(2_000), (i) => statement(`"s3:Get*"`, `"arn:aws:s3:::b${i}*/*"`, `,"Sid":"S${i}"`), ',')),
  '2,000 statements with the same Sid': () =>
    document(times(many(2_000), () => statement('"iam:*"', '"*"', ',"Sid":"a"'), ',')),
  '60,000 actions with wildcards': () => document(statement(list(many(60_000), (i) => `${stars(i)}${i}`))),
  '4,000 actions with wildcards': () => document(statement(list(many(4_000), (i) => `${stars(i)}${i}`))),
  '4,000 actions with wildcards in the service': () =>
    document(statement(list(many(4_000), (i) => `*${i}:*${i}*a*b*`))),
  'actions of 500 stars': () => document(statement(list(500, (i) => `iam:${'*a'.repeat(240)}${i}`))),
  'an action of 1 MB of stars': () => document(statement(`"iam:${'*a'.repeat(many(500_000))}"`)),
  'an action of 1 MB of question marks': () => document(statement(`"iam:${'?'.repeat(many(1_000_000))}"`)),
  'all actions one by one, 20 times': () =>
    document(times(20, (k) => statement(list(many(500), (i) => `ec2:Describe${i}${k}`)), ',')),
  'NotAction of 4,000 wildcards': () =>
    document(
      `{"Effect":"Allow","NotAction":${list(many(4_000), (i) => stars(i, 6))},"NotResource":${list(many(2_000), (i) => `arn:aws:s3:::*a*b*${i}*`)}}`,
    ),
  '100 NotActions and 100 denials': () =>
    document(
      `${times(100, (i) => `{"Effect":"Allow","NotAction":"a${i}:*","Resource":"*"}`, ',')},${times(100, (i) => `{"Effect":"Deny","NotAction":${list(20, (j) => `*${i}:${j}*`)},"Resource":"*"}`, ',')}`,
    ),
  '5,000 allows and 5,000 denials': () =>
    document(
      `${times(900, (i) => statement(`"s3:Put*${i}"`), ',')},${times(900, (i) => `{"Effect":"Deny","Action":"s3:*${i}*","Resource":"arn:aws:s3:::*${i}*/*a*"}`, ',')}`,
    ),
  'an ARN of thousands of colons': () => document(statement('"s3:GetObject"', `"arn:${':'.repeat(many(100_000))}"`)),
  'an ARN of 1 MB': () => document(statement('"s3:GetObject"', `"arn:aws:s3:::${'b*'.repeat(many(500_000))}"`)),
  '5,000 ARNs of stars': () =>
    document(
      statement(
        '"s3:GetObject"',
        list(many(4_900), (i) => `arn:aws:s3:::${'*a?'.repeat(30)}${i}`),
      ),
    ),
  '300 ARNs of 4,000 stars': () =>
    document(
      statement(
        '"s3:GetObject"',
        list(300, (i) => `arn:aws:s3:::${'*a'.repeat(many(2_000))}${i}`),
      ),
    ),
  '100,000 ARNs': () =>
    document(
      statement(
        '"s3:GetObject"',
        list(many(100_000), (i) => `arn:aws:s3:::b${i}`),
      ),
    ),
  '4,000 ARNs for 500 actions': () =>
    document(
      statement(
        list(500, (i) => `ec2:Run${i}*`),
        list(many(4_000), (i) => `arn:aws:ec2:*:*:instance/i-${i}*`),
      ),
    ),
  'policy variables without end': () =>
    document(statement('"s3:*"', `"arn:aws:s3:::\${aws:username}${'${aws:'.repeat(many(100_000))}"`)),
  '100,000 policy variables': () =>
    document(statement('"s3:*"', `"arn:aws:s3:::${times(many(100_000), () => '${aws:username}')}"`)),
  'conditions of 10,000 operators': () =>
    document(
      statement(
        '"s3:*"',
        '"*"',
        `,"Condition":{${times(many(10_000), (i) => `"StringEquals${i}":{"aws:x":"y"}`, ',')}}`,
      ),
    ),
  'a condition of 10,000 keys': () =>
    document(
      statement(
        '"s3:*"',
        '"*"',
        `,"Condition":{"StringLike":{${times(many(10_000), (i) => `"aws:RequestTag/k${i}":"*"`, ',')}}}`,
      ),
    ),
  'a condition of 100,000 values': () =>
    document(
      statement(
        '"s3:*"',
        '"*"',
        `,"Condition":{"StringLike":{"aws:PrincipalArn":${list(many(100_000, 6_000), (i) => `arn:*a*b*${i}*`)}}}`,
      ),
    ),
  'a condition of 4,000 addresses': () =>
    document(
      statement(
        '"s3:*"',
        '"*"',
        `,"Condition":{"IpAddress":{"aws:SourceIp":${list(many(4_000), (i) => `${i % 256}.${i >> 8}.0.0/${i % 33}`)}}}`,
      ),
    ),
  'condition prefixes without end': () =>
    document(
      statement(
        '"s3:*"',
        '"*"',
        `,"Condition":{"${'ForAllValues:'.repeat(many(50_000))}StringLikeIfExists":{"a":"b"}}`,
      ),
    ),
  'a key of 1 MB': () =>
    document(
      statement('"s3:*"', '"*"', `,"Condition":{"StringLike":{"aws:RequestTag/${'a/'.repeat(many(400_000))}":"b"}}`),
    ),
  '10,000 principals': () =>
    document(
      `{"Effect":"Allow","Principal":{"AWS":${list(many(10_000), (i) => `arn:aws:iam::${100000000000 + i}:root`)},"Service":${list(many(10_000), (i) => `s${i}.amazonaws.com`)},"Federated":${list(many(4_000), (i) => `arn:aws:iam::1:oidc-provider/x${i}`)}},"Action":"sts:AssumeRole"}`,
    ),
  'statements nested in statements': () =>
    `{"Version":"2012-10-17","Statement":${'{"Statement":['.repeat(many(5_000))}`,
  'actions nested in lists': () => document(statement(`${'['.repeat(200)}"*"${']'.repeat(200)}`)),
  'members written 10,000 times': () =>
    document(`{"Effect":"Allow",${'"Action":"*",'.repeat(many(10_000))}"Resource":"*"}`),
  'names of the prototype': () =>
    `{"Version":"2012-10-17","__proto__":{},"Statement":[{"__proto__":1,"Effect":"constructor","Action":["__proto__","constructor:toString","__proto__:*"],"Resource":["__proto__","arn:__proto__:constructor:::"],"Principal":{"__proto__":"*","constructor":["a"],"AWS":"toString"},"Condition":{"__proto__":{"__proto__":"x"},"constructor":"y","StringLike":{"hasOwnProperty":"*","constructor:__proto__":"*"}}}]}`,
  'lone surrogates and controls': () =>
    document(statement('["s3:\ud800*","\\u0000:\\u202e","s3:Get\u001b[31m"]', '"arn:aws:s3:::\udc00*"')),
  '3,000 near misses of names': () =>
    document(statement(list(many(3_000), (i) => `ec2:Describ${String.fromCharCode(97 + (i % 26))}Instancs${i}`))),
  '3,000 unknown services': () => document(statement(list(many(3_000), (i) => `s${i}x:Get`))),
});

const role = (i: number, statements: string): string =>
  `  P${i}:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: p${i}\n      Roles: [!Ref R]\n      PolicyDocument:\n        Statement:\n${statements}`;
const block = (action: string): string => `        - {Effect: Allow, Action: "${action}", Resource: "*"}\n`;

const ROLE = `  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}}\n`;

export const ROLES: readonly Attack[] = attacksOn('hostile-roles.yaml', {
  'a role of 40 policies of 100 statements': () =>
    `Resources:\n${ROLE}${times(40, (i) =>
      role(
        i,
        times(many(100), (j) => block(['iam:*', 's3:Put*', `ec2:*${j}`, '*'][j % 4] as string)),
      ),
    )}`,
  'a role of 60 policies of 30 statements of wildcards': () =>
    `Resources:\n${ROLE}${times(60, (i) =>
      role(
        i,
        times(many(30, 10), (j) => block(`*${'abcdefg'[(i + j) % 7]}*:*${j % 10}*a*`)),
      ),
    )}`,
  '1,000 roles with one policy': () =>
    `Resources:\n${times(many(1_000), (i) =>
      ROLE.replace('R:', `R${i}:`),
    )}  P:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: p\n      Roles: [${times(many(1_000), (i) => `!Ref R${i}`, ', ')}]\n      PolicyDocument:\n        Statement:\n${times(100, (j) => block(`iam:*${j}*`))}`,
  'a role of 1,000 policies of 1,000 statements': () =>
    `x: &s\n${times(many(1_000), (j) => block(`iam:Pass${j}*`))}Resources:\n${ROLE}${times(
      many(1_000),
      (i) =>
        `  P${i}: {Type: AWS::IAM::Policy, Properties: {PolicyName: p, Roles: [!Ref R], PolicyDocument: {Statement: *s}}}\n`,
    )}`,
  '1,000 inline policies': () =>
    `Resources:\n${ROLE}      Policies:\n${times(
      many(1_000),
      (i) =>
        `      - {PolicyName: p${i}, PolicyDocument: {Statement: {Effect: Allow, Action: ["iam:Create*", "iam:Put*${i}", "lambda:*"], Resource: "*"}}}\n`,
    )}`,
  '1,000 roles that assume each other': () =>
    `Resources:\n${times(
      many(1_000),
      (i) =>
        `  R${i}:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: !GetAtt R${(i + 1) % many(1_000)}.Arn}, Action: sts:AssumeRole}}\n      Policies: [{PolicyName: a, PolicyDocument: {Statement: {Effect: Allow, Action: ["sts:AssumeRole", "iam:PassRole"], Resource: !GetAtt R${(i + 7) % many(1_000)}.Arn}}}]\n`,
    )}`,
  'statements under 12 conditions': () =>
    `Conditions:\n${times(12, (i) => `  C${i}: !Equals [!Ref P${i}, x]\n`)}Resources:\n${ROLE}  P:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: p\n      Roles: [!Ref R]\n      PolicyDocument:\n        Statement:\n${times(
      200,
      (i) =>
        `        - !If [C${i % 12}, {Effect: !If [C${(i + 1) % 12}, Allow, Deny], Action: [!If [C${(i + 2) % 12}, "iam:*", "s3:*"], !If [C${(i + 3) % 12}, "*", "ec2:*"]], Resource: !If [C${(i + 4) % 12}, "*", "arn:aws:s3:::b"]}, {Effect: Allow, Action: "*", Resource: "*"}]\n`,
    )}`,
});
