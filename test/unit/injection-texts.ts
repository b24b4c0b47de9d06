/** Names and values that try to be more than text. Each holds the mark, so that it is found again wherever it ends up. */

export const MARK = 'zqx';

const RTL = '\u202e';
const ISOLATE = '\u2066';
const ESCAPE = '\u001b';

export const HOSTILE: readonly string[] = [
  '[zqx](https://evil.example)',
  '[zqx](command:workbench.action.quit)',
  '[zqx](vscode://evil/x)',
  '[zqx](javascript:alert(1))',
  '[zqx](<command:demarc.explainRule?%5B%22x%22%5D> "t")',
  '[zqx][1]\n\n[1]: https://evil.example',
  '![zqx](https://evil.example/a.png)',
  '[![zqx](https://evil.example/a.png)](https://evil.example)',
  '](https://evil.example) zqx [',
  '<https://evil.example/zqx>',
  '<zqx@evil.example>',
  'https://evil.example/zqx',
  'http://zqx.example/?a=b&c=d',
  'ftp://zqx.example',
  'www.zqx.example',
  'zqx.example',
  'zqx@evil.example',
  'mailto:zqx@evil.example',
  'command:zqx vscode:zqx file:///zqx',
  '<img src=x onerror=zqx>',
  '<script>zqx</script>',
  '<a href="https://evil.example">zqx</a>',
  '<span style="position:fixed">zqx</span>',
  '</details><details open><summary>zqx</summary>',
  '<!-- zqx',
  '--> zqx <!--',
  '<![CDATA[zqx]]><?zqx?>',
  '&lt;b&gt;zqx&#60;&amp;&zwj;',
  '$(trash) zqx $(sync~spin)',
  '\\$(trash) zqx \\\\$(alert)',
  '`zqx`',
  '``` zqx ```` `',
  '`` $(trash) zqx',
  '| zqx | b |\n|---|---|\n| c | d |',
  'zqx\n# heading\n\n- item\n\n> quote',
  'zqx\r\n\r\n```js\r\nalert(1)\r\n```',
  'zqx\r## heading\rText',
  'zqx\n===\n\nzqx\n---',
  '~~~\nzqx\n~~~',
  '```mermaid\ngraph TD; zqx-->b; click b "https://evil.example"\n```',
  `${RTL}zqx${ISOLATE}evil\u2069`,
  'z\u200bq\u200dx zqx\u2060\ufeff\u00ad\u{e0041}',
  `${ESCAPE}[2J${ESCAPE}]8;;https://evil.example\u0007zqx${ESCAPE}]8;;\u0007`,
  'zqx\u0000\u0008\u009b31m\u2028\u2029\u0085',
  '@zqx @org/team \\@zqx',
  '#123 GH-12 zqx org/repo#1 !45 deadbeefcafe &3 ~label %milestone',
  '::error file=zqx,line=1::owned',
  'zqx\n::set-output name=x::y\n::stop-commands::t',
  '##[error]zqx ##vso[task.setvariable variable=x]y ##teamcity[zqx]',
  '%0A::error::zqx%0D%0A%2C',
  '*zqx* **zqx** _zqx_ __zqx__ ~~zqx~~ ***',
  '[^1] zqx\n\n[^1]: note',
  '$zqx$ $$\\frac{1}{2}$$ $`zqx`$',
  ':smile: zqx :+1: [ ] - [x] zqx',
  '\n/close\n/merge zqx',
  '1. zqx\n2) zqx',
  '\\',
  'zqx\\',
  `zqx ${'https://evil.example/ '.repeat(300)}`,
  '"zqx\' {{7*7}} ${7*7} {0} %s',
].map((text) => (text.includes(MARK) ? text : `${text}${MARK}`));

type Tree = { readonly [key: string]: unknown };

/** Documents with a hostile text wherever a text can be: what they are named, and what they say. */
export function documents(text: string): readonly { readonly name: string; readonly text: string }[] {
  const statement: Tree = {
    Sid: text,
    Effect: 'Allow',
    Principal: { AWS: ['*', text] },
    Action: ['s3:*', text, `s3:${text}`],
    Resource: ['*', text, `arn:aws:s3:::${text}`],
    Condition: { StringEquals: { [text]: text, 'aws:PrincipalTag/x': text }, [text]: { 'aws:SourceIp': text } },
  };
  const policy: Tree = { Version: '2012-10-17', Id: text, Statement: [statement, { ...statement, Effect: text }] };
  const template: Tree = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: text,
    Parameters: { [text]: { Type: 'String', Default: text, Description: text } },
    Conditions: { [text]: { 'Fn::Equals': [{ Ref: text }, text] } },
    Resources: {
      [text]: {
        Type: 'AWS::SQS::Queue',
        Metadata: {
          Demarc: {
            Ignore: [
              { Rule: 'sqs-dlq', Reason: text },
              { Rule: text, Reason: text },
            ],
          },
        },
        Properties: {
          QueueName: text,
          SqsManagedSseEnabled: { 'Fn::If': [text, false, true] },
          Tags: [{ Key: text, Value: text }],
        },
      },
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: text,
          SecurityGroupIngress: [
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0', Description: text },
            { IpProtocol: text, FromPort: text, ToPort: text, CidrIp: text },
          ],
        },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: policy,
          ManagedPolicyArns: [text, 'arn:aws:iam::aws:policy/AdministratorAccess'],
          Policies: [{ PolicyName: text, PolicyDocument: { Version: '2012-10-17', Statement: [statement] } }],
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: text,
          Handler: text,
          Role: { 'Fn::GetAtt': [text, 'Arn'] },
          Environment: { Variables: { [text]: text, DB_PASSWORD: text } },
        },
      },
      Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: text }], PolicyDocument: policy } },
      Odd: { Type: text, Properties: { [text]: text } },
    },
    Outputs: { [text]: { Description: text, Value: { Ref: text } } },
  };
  const terraform: Tree = {
    variable: { [text]: { default: text, description: text }, off: { default: false, description: text } },
    resource: {
      aws_sqs_queue: {
        [text]: { name: text, sqs_managed_sse_enabled: '${var.off}', tags: { [text]: text } },
        other: { '//': `demarc-ignore sqs-encryption-disabled: ${text}`, sqs_managed_sse_enabled: false },
      },
      aws_iam_role: { role: { name: text, assume_role_policy: JSON.stringify(policy) } },
      aws_s3_bucket_policy: { open: { bucket: text, policy: JSON.stringify(policy) } },
      aws_security_group: {
        [text]: {
          description: text,
          ingress: [{ from_port: 22, to_port: 22, protocol: text, cidr_blocks: ['0.0.0.0/0', text] }],
        },
      },
    },
  };
  return [
    { name: 'a.json', text: JSON.stringify(template, null, 1) },
    { name: 'b.yaml', text: yaml(template).replace(/"0\.0\.0\.0\/0"/, (cidr) => `${cidr} ${comment(text)}`) },
    { name: 'c.tf.json', text: JSON.stringify(terraform, null, 1) },
    { name: 'd.json', text: JSON.stringify(policy, null, 1) },
  ];
}

function comment(text: string): string {
  // A line break would end the comment: what follows it is then YAML, and no reason.
  return `# demarc-ignore sg-ingress-ssh-world: ${text.replace(/[\r\n\u0000-\u0008\u0085\u2028\u2029]+/g, ' ')}`;
}

/** Block style, every scalar in double quotes, with a suppression by comment at a place of its own. */
function yaml(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return value.map((one) => `\n${indent}- ${yaml(one, `${indent}  `).trimStart()}`).join('');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, one]) => `\n${indent}${/^\w+$/.test(key) ? key : JSON.stringify(key)}: ${yaml(one, `${indent}  `)}`)
      .join('');
  return JSON.stringify(value);
}
