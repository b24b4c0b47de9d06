import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { readDirectives } from '../../server/src/analysis/suppression-comments.ts';
import { suppressionEdit } from '../../server/src/analysis/suppressions.ts';
import { applyTextEdits } from '../../server/src/syntax/edit.ts';

const SQS = 'sqs-encryption-disabled';

function run(uri: string, text: string, today?: string): Analysis {
  const analysis = analyze([{ uri, text }], DEFAULT_SETTINGS, {
    today,
    onError: (_, error) => {
      throw error;
    },
  });
  assert.ok(analysis, 'is recognised');
  return analysis;
}

/** `kept` and `suppressed` name the resources whose queue encryption is reported. */
function outcome(uri: string, text: string, today?: string) {
  const analysis = run(uri, text, today);
  const of = (id: string) => id === SQS;
  return {
    kept: analysis.findings.filter(({ finding }) => of(finding.rule.id)).map(({ finding }) => finding.resource.address),
    suppressed: analysis.suppressed
      .filter(({ finding }) => of(finding.rule.id))
      .map(({ finding, suppression }) => [finding.resource.address, suppression.form, suppression.reason]),
    problems: analysis.suppressionProblems.map(({ kind, start, end }) => [kind, text.slice(start, end)]),
  };
}

const yaml = (text: string, today?: string) => outcome('template.yaml', text, today);

const two = (first: string) => `AWSTemplateFormatVersion: '2010-09-09'
Resources:
${first}
  Other:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
`;

describe('a comment that names more rules than there are', () => {
  const names = Array.from({ length: 3_000 }, (_, i) => `rule-${i}`);

  it('is read in part, and that is said', () => {
    const [own] = readDirectives(`# demarc-ignore ${names.join(', ')}: why`, 0);
    assert.deepEqual(
      own?.names.map(({ id }) => id),
      names.slice(0, 2_000),
    );
    assert.equal(own?.problem, 'More than 2000 rules in one comment: those behind are not read.');
    const [whole] = readDirectives(`# demarc-ignore ${names.slice(0, 2_000).join(', ')}: why`, 0);
    assert.deepEqual([whole?.names.length, whole?.reason, whole?.problem], [2_000, 'why', undefined]);
    const [peer] = readDirectives(`# checkov:skip=${names.map((_, i) => `CKV_AWS_${i}`).join(',')}: why`, 0);
    assert.equal(peer?.names.length, 2_000);
  });
});

describe('demarc-ignore in YAML', () => {
  it('at the end of a line covers the line', () => {
    const text = two(`  Queue:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false # demarc-ignore ${SQS}: moves to KMS in March`);
    assert.deepEqual(yaml(text), {
      kept: ['Other'],
      suppressed: [['Queue', 'comment', 'moves to KMS in March']],
      problems: [],
    });
  });

  it('on the line above covers the line', () => {
    const text = two(`  Queue:
    Type: AWS::SQS::Queue
    Properties:
      # demarc-ignore ${SQS}: why
      SqsManagedSseEnabled: false`);
    assert.deepEqual(yaml(text), { kept: ['Other'], suppressed: [['Queue', 'comment', 'why']], problems: [] });
  });

  it('above the key covers a value on the next line', () => {
    const text = two(`  Queue:
    Type: AWS::SQS::Queue
    Properties:
      # demarc-ignore ${SQS}: why
      SqsManagedSseEnabled:
        false`);
    assert.deepEqual(yaml(text).kept, ['Other']);
  });

  it('above a resource covers the resource, also below other comments', () => {
    const text = two(`  # demarc-ignore ${SQS}: why
  # the queue of the shop
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false`);
    assert.deepEqual(yaml(text), { kept: ['Other'], suppressed: [['Queue', 'comment', 'why']], problems: [] });
  });

  it('above another line covers nothing else, and is reported as unused', () => {
    const text = two(`  Queue:
    Type: AWS::SQS::Queue
    # demarc-ignore ${SQS}: why
    Properties:
      SqsManagedSseEnabled: false`);
    assert.deepEqual(yaml(text), { kept: ['Queue', 'Other'], suppressed: [], problems: [['unused', SQS]] });
  });

  it('two lines above covers nothing', () => {
    const text = two(`  Queue:
    Type: AWS::SQS::Queue
    Properties:
      # demarc-ignore ${SQS}: why

      SqsManagedSseEnabled: false`);
    assert.deepEqual(yaml(text).kept, ['Queue', 'Other']);
  });

  it('for the whole file stands at its top', () => {
    const text = `# licence\n# demarc-ignore-file ${SQS}: a sandbox\n${two('')}`;
    assert.deepEqual(yaml(text), { kept: [], suppressed: [['Other', 'comment', 'a sandbox']], problems: [] });
    const late = two(`  # demarc-ignore-file ${SQS}: a sandbox`);
    assert.deepEqual(yaml(late).kept, ['Other']);
    assert.deepEqual(yaml(late).problems, [['misplaced', `demarc-ignore-file ${SQS}: a sandbox`]]);
  });

  it("takes another tool's id of the same check, with or without the tool's name", () => {
    for (const id of ['CKV_AWS_27', 'checkov:CKV_AWS_27', 'W48', 'AVD-AWS-0096', 'aws-0096']) {
      const text = two(
        `  # demarc-ignore ${id}: why\n  Queue: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } }`,
      );
      assert.deepEqual(yaml(text), { kept: ['Other'], suppressed: [['Queue', 'comment', 'why']], problems: [] }, id);
    }
  });

  it('reports what it does not know, does not allow, or what gives no reason', () => {
    const with_ = (comment: string) =>
      two(`  ${comment}\n  Queue: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } }`);
    assert.deepEqual(yaml(with_(`# demarc-ignore ${SQS}`)), {
      kept: ['Other'],
      suppressed: [['Queue', 'comment', undefined]],
      problems: [['reason', `demarc-ignore ${SQS}`]],
    });
    assert.deepEqual(yaml(with_('# demarc-ignore sqs-encryption-disable: x')).problems, [
      ['unknown', 'sqs-encryption-disable'],
    ]);
    assert.match(
      run('t.yaml', with_('# demarc-ignore sqs-encryption-disable: x')).suppressionProblems[0]?.message ?? '',
      /Did you mean "sqs-encryption-disabled"\?/,
    );
    for (const id of ['*', 'all']) {
      assert.deepEqual(yaml(with_(`# demarc-ignore ${id}: x`)), {
        kept: ['Queue', 'Other'],
        suppressed: [],
        problems: [['unknown', id]],
      });
    }
    assert.deepEqual(yaml(with_('# demarc-ignore: x')).problems, [['unknown', 'demarc-ignore: x']]);
    assert.deepEqual(yaml(with_(`# demarc-ignore-line ${SQS}: x`)).problems, [['unknown', 'demarc-ignore-line']]);
    assert.deepEqual(yaml(with_(`# demarc-ignore ${SQS}, nope-rule: x`)), {
      kept: ['Other'],
      suppressed: [['Queue', 'comment', 'x']],
      problems: [['unknown', 'nope-rule']],
    });
  });

  it('is not called unused while the text does not parse, or where its rule is off', () => {
    const text = two(`  # demarc-ignore ${SQS}: why\n  Queue: { Type: 'AWS::SQS::Queue' }`);
    assert.deepEqual(yaml(text).problems, [['unused', SQS]]);
    assert.deepEqual(yaml(`${text}  Broken: [`).problems, []);
    const off = analyze([{ uri: 't.yaml', text }], { ...DEFAULT_SETTINGS, rules: { [SQS]: 'off' } });
    assert.deepEqual(off?.suppressionProblems, []);
  });

  it('inside a string is text', () => {
    const text = two(`  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: "x # demarc-ignore ${SQS}: why"
      SqsManagedSseEnabled: false
      Tags:
        - Key: |
            # demarc-ignore-file ${SQS}: why
          Value: x`);
    assert.deepEqual(yaml(text), { kept: ['Queue', 'Other'], suppressed: [], problems: [] });
  });

  it('works with CRLF', () => {
    const text = two(`  Queue:
    Type: AWS::SQS::Queue
    Properties:
      # demarc-ignore ${SQS}: why
      SqsManagedSseEnabled: false`).replaceAll('\n', '\r\n');
    assert.deepEqual(yaml(text), { kept: ['Other'], suppressed: [['Queue', 'comment', 'why']], problems: [] });
  });
});

describe('the words of a comment', () => {
  const read = (text: string) =>
    readDirectives(text, 100).map(({ form, wholeFile, names, reason, until }) => ({
      form,
      wholeFile,
      names: names.map((name) => [name.id, text.slice(name.start - 100, name.end - 100)]),
      reason,
      until,
    }));
  const own = (text: string) => read(text).map(({ names, reason }) => [...names.map(([id]) => id), reason]);

  it('name rules, then the reason', () => {
    assert.deepEqual(own('# demarc-ignore a-b, c-d: because: x, y'), [['a-b', 'c-d', 'because: x, y']]);
    assert.deepEqual(own('#demarc-ignore a-b,c-d:because'), [['a-b', 'c-d', 'because']]);
    assert.deepEqual(own('// demarc-ignore a-b -- because'), [['a-b', 'because']]);
    assert.deepEqual(own('# demarc-ignore a-b because of it'), [['a-b', 'because of it']]);
    assert.deepEqual(own(`# demarc-ignore a-b ${SQS}: x`), [['a-b', SQS, 'x']]);
    assert.deepEqual(own('/* demarc-ignore a-b: x */'), [['a-b', 'x']]);
    assert.deepEqual(own('/*\n * demarc-ignore a-b: x\n * demarc-ignore c-d: y\n */'), [
      ['a-b', 'x'],
      ['c-d', 'y'],
    ]);
    assert.deepEqual(own('# demarc-ignore checkov:CKV_AWS_27: x'), [['checkov:CKV_AWS_27', 'x']]);
    assert.deepEqual(own('# demarc-ignore a-b:'), [['a-b', undefined]]);
    assert.deepEqual(own('# see demarc-ignore a-b: x'), []);
    assert.deepEqual(own('# text # demarc-ignore a-b: x'), [['a-b', 'x']]);
  });

  it('know where each name stands', () => {
    for (const text of [
      '/*\r\n   demarc-ignore a-b ,  c-d: x\r\n*/',
      '# checkov:skip=CKV_AWS_1, CKV_AWS_2:x',
      '# tfsec:ignore:aws-x trivy:ignore:AVD-AWS-0001',
    ]) {
      const names = read(text).flatMap((one) => one.names);
      assert.equal(names.length, 2, text);
      for (const [id, there] of names) assert.equal(there, id);
    }
  });

  it("of other tools are read in the tools' own way", () => {
    assert.deepEqual(read('#checkov:skip=CKV_AWS_20:The bucket is public'), [
      {
        form: 'checkov',
        wholeFile: false,
        names: [['CKV_AWS_20', 'CKV_AWS_20']],
        reason: 'The bucket is public',
        until: undefined,
      },
    ]);
    assert.deepEqual(read('# bridgecrew:skip=CKV_AWS_20')[0]?.reason, undefined);
    assert.deepEqual(read('#trivy:ignore:AVD-AWS-0096:exp:2026-01-31')[0]?.until, '2026-01-31');
    assert.deepEqual(read('#trivy:ignore:AVD-AWS-0096:exp:soon'), []);
    assert.deepEqual(read('#trivy:ignore:AVD-AWS-0096:ws:dev'), []);
    assert.deepEqual(read('#trivy:ignore:AVD-AWS-0096[name=x]'), []);
  });

  it('never cost much', () => {
    const from = performance.now();
    for (const text of [
      `checkov:skip=${'A ,'.repeat(50_000)}`,
      `# demarc-ignore ${'a '.repeat(50_000)}`,
      'trivy:ignore:'.repeat(20_000),
      `checkov:skip=A${' '.repeat(100_000)}`,
    ]) {
      readDirectives(text, 0);
    }
    assert.ok(performance.now() - from < 2000);
  });
});

describe("CloudFormation's Metadata", () => {
  const resource = (metadata: object) =>
    JSON.stringify(
      {
        AWSTemplateFormatVersion: '2010-09-09',
        Resources: {
          Queue: { Type: 'AWS::SQS::Queue', Metadata: metadata, Properties: { SqsManagedSseEnabled: false } },
          Other: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } },
        },
      },
      undefined,
      2,
    );
  const json = (text: string) => outcome('template.json', text);

  it('of a resource covers the resource', () => {
    assert.deepEqual(json(resource({ Demarc: { Ignore: [{ Rule: SQS, Reason: 'why' }] } })), {
      kept: ['Other'],
      suppressed: [['Queue', 'metadata', 'why']],
      problems: [],
    });
  });

  it('of the template covers all of it', () => {
    const text = `AWSTemplateFormatVersion: '2010-09-09'
Metadata:
  Demarc:
    Ignore:
      - Rule: ${SQS}
        Reason: a sandbox
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
`;
    assert.deepEqual(yaml(text), { kept: [], suppressed: [['Queue', 'metadata', 'a sandbox']], problems: [] });
  });

  it('is reported where it names no rule, gives no reason or has nothing to suppress', () => {
    const of = (ignore: unknown) => json(resource({ Demarc: { Ignore: ignore } })).problems;
    assert.deepEqual(
      of([{ Rule: SQS }]).map(([kind]) => kind),
      ['reason'],
    );
    assert.deepEqual(of([{ Rule: 'sqs-nope', Reason: 'x' }]), [['unknown', '"sqs-nope"']]);
    assert.deepEqual(
      of([{ Reason: 'x' }]).map(([kind]) => kind),
      ['unknown'],
    );
    assert.deepEqual(
      of([{ Rule: '*', Reason: 'x' }]).map(([kind]) => kind),
      ['unknown'],
    );
    assert.deepEqual(
      of(3).map(([kind]) => kind),
      ['unknown'],
    );
    assert.deepEqual(of([]), []);
    const clean = resource({ Demarc: { Ignore: [{ Rule: SQS, Reason: 'x' }] } }).replace(
      '"SqsManagedSseEnabled": false',
      '"SqsManagedSseEnabled": true',
    );
    assert.deepEqual(json(clean).problems, [['unused', `"${SQS}"`]]);
  });

  it('of other tools counts for the finding that carries the id, and is never reported', () => {
    for (const [form, good, bad] of [
      [
        'checkov',
        { checkov: { skip: [{ id: 'CKV_AWS_27', comment: 'why' }] } },
        { checkov: { skip: [{ id: 'CKV_AWS_9999' }] } },
      ],
      [
        'cfn_nag',
        { cfn_nag: { rules_to_suppress: [{ id: 'W48', reason: 'why' }] } },
        { cfn_nag: { rules_to_suppress: [{ id: 'CKV_AWS_27' }] } },
      ],
      [
        'cdk_nag',
        { cdk_nag: { rules_to_suppress: [{ id: 'AwsSolutions-SQS2', reason: 'why' }] } },
        { cdk_nag: { rules_to_suppress: [{ id: 'AwsSolutions-SQS2', applies_to: ['Resource::*'] }] } },
      ],
      [
        'guard',
        { guard: { SuppressedRules: ['SQS_QUEUE_KMS_MASTER_KEY_ID_RULE'] } },
        { guard: { SuppressedRules: 'W48' } },
      ],
    ] as const) {
      const reason = form === 'guard' ? undefined : 'why';
      assert.deepEqual(json(resource(good)), { kept: ['Other'], suppressed: [['Queue', form, reason]], problems: [] });
      assert.deepEqual(json(resource(bad)), { kept: ['Queue', 'Other'], suppressed: [], problems: [] });
    }
  });

  it('shared by a YAML anchor is used if any of its resources uses it', () => {
    const text = `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Metadata: &accepted
      Demarc: { Ignore: [{ Rule: ${SQS}, Reason: why }] }
    Properties: { SqsManagedSseEnabled: false }
  Fine:
    Type: AWS::SQS::Queue
    Metadata: *accepted
`;
    assert.deepEqual(yaml(text), { kept: [], suppressed: [['Queue', 'metadata', 'why']], problems: [] });
  });

  it('of any shape does not throw', () => {
    for (const value of [
      null,
      1,
      'x',
      [],
      [null],
      {},
      { Ignore: null },
      { Ignore: 'x' },
      { Ignore: [[1]] },
      { Ignore: [{ Rule: {} }] },
    ]) {
      json(resource({ Demarc: value, checkov: value, cfn_nag: value, guard: value, cdk_nag: value }));
    }
  });
});

describe("other tools' comments", () => {
  it('of checkov count inside and above the resource', () => {
    for (const queue of [
      `  # checkov:skip=CKV_AWS_27:why\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false`,
      `  Queue:\n    # checkov:skip=CKV_AWS_27:why\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false`,
      `  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false # checkov:skip=CKV_AWS_27:why`,
      `  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false\n\n      # checkov:skip=CKV_AWS_27:why`,
    ]) {
      assert.deepEqual(
        yaml(two(queue)),
        { kept: ['Other'], suppressed: [['Queue', 'checkov', 'why']], problems: [] },
        queue,
      );
    }
  });

  it('of an id that no finding carries change nothing and are not reported', () => {
    const text = two(
      `  # checkov:skip=CKV_AWS_1:why\n  Queue: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } }`,
    );
    assert.deepEqual(yaml(text), { kept: ['Queue', 'Other'], suppressed: [], problems: [] });
  });

  it('of trivy and tfsec count on the line, above it, and above a block', () => {
    for (const [queue, kept] of [
      [
        `  #trivy:ignore:AVD-AWS-0096\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false`,
        ['Other'],
      ],
      [
        `  Queue:\n    Type: AWS::SQS::Queue\n    #trivy:ignore:aws-0096\n    Properties:\n      SqsManagedSseEnabled: false`,
        ['Other'],
      ],
      [
        `  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false #tfsec:ignore:AVD-AWS-0096`,
        ['Other'],
      ],
      [
        `  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false #trivy:ignore:*`,
        ['Other'],
      ],
      [
        `  Queue:\n    #trivy:ignore:AVD-AWS-0096\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false`,
        ['Queue', 'Other'],
      ],
    ] as const) {
      assert.deepEqual(yaml(two(queue)).kept, kept, queue);
    }
  });

  it('of trivy count until they expire', () => {
    const text = two(
      `  #trivy:ignore:AVD-AWS-0096:exp:2026-01-31\n  Queue: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: false } }`,
    );
    assert.deepEqual(yaml(text, '2026-01-31').kept, ['Other']);
    assert.deepEqual(yaml(text, '2026-02-01').kept, ['Queue', 'Other']);
    assert.deepEqual(yaml(text).kept, ['Other']);
  });
});

describe('Terraform JSON', () => {
  const tf = (body: object, root: object = {}) =>
    JSON.stringify(
      {
        ...root,
        resource: {
          aws_sqs_queue: { a: { ...body, sqs_managed_sse_enabled: false }, b: { sqs_managed_sse_enabled: false } },
        },
      },
      undefined,
      2,
    );
  const json = (text: string) => outcome('main.tf.json', text);

  it('takes "//" in the resource, as a text or a list of them', () => {
    for (const value of [`demarc-ignore ${SQS}: why`, ['a queue', `demarc-ignore ${SQS}: why`]]) {
      assert.deepEqual(json(tf({ '//': value })), {
        kept: ['aws_sqs_queue.b'],
        suppressed: [['aws_sqs_queue.a', '//', 'why']],
        problems: [],
      });
    }
  });

  it('takes "//" at the root for the file', () => {
    assert.deepEqual(json(tf({}, { '//': `demarc-ignore-file ${SQS}: why` })).kept, []);
    assert.deepEqual(
      json(tf({}, { '//': `demarc-ignore ${SQS}: why` })).problems.map(([kind]) => kind),
      ['misplaced'],
    );
    assert.deepEqual(
      json(tf({ '//': `demarc-ignore-file ${SQS}: why` })).problems.map(([kind]) => kind),
      ['misplaced'],
    );
  });

  it('reports unknown rules at their place', () => {
    assert.deepEqual(json(tf({ '//': 'demarc-ignore sqs-nope: why' })).problems, [['unknown', 'sqs-nope']]);
  });

  it('takes comments, also of checkov in "//"', () => {
    const text = tf({}).replace('"a": {', `// demarc-ignore ${SQS}: why\n"a": {`);
    assert.deepEqual(json(text), {
      kept: ['aws_sqs_queue.b'],
      suppressed: [['aws_sqs_queue.a', 'comment', 'why']],
      problems: [],
    });
    assert.deepEqual(json(tf({ '//': 'checkov:skip=CKV_AWS_27:why' })).suppressed, [
      ['aws_sqs_queue.a', 'checkov', 'why'],
    ]);
  });
});

describe('writing a suppression', () => {
  function suppress(
    uri: string,
    text: string,
    scope: 'here' | 'file',
    reason = 'why',
    index = 0,
    languageId?: string,
  ): string | undefined {
    const finding = run(uri, text).findings.filter((one) => one.finding.rule.id === SQS)[index]?.finding;
    assert.ok(finding);
    const edits = suppressionEdit(finding, scope, reason, languageId);
    if (!edits) return undefined;
    const after = applyTextEdits(text, edits);
    const { kept, problems } = outcome(uri, after);
    assert.ok(!kept.includes(finding.resource.address) || edits.length === 0, after);
    // W35 stands for a rule that finds nothing here.
    assert.deepEqual(
      problems.filter(([kind, at]) => kind !== 'reason' && !at?.includes('W35')),
      [],
    );
    return after;
  }

  const queue = `Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false
`;

  it('in YAML is a comment above the line, indented as the line', () => {
    assert.equal(
      suppress('t.yaml', queue, 'here'),
      queue.replace('      SqsManaged', `      # demarc-ignore ${SQS}: why\n      SqsManaged`),
    );
    assert.equal(suppress('t.yaml', queue, 'file'), `# demarc-ignore-file ${SQS}: why\n${queue}`);
    const crlf = queue.replaceAll('\n', '\r\n');
    assert.equal(suppress('t.yaml', crlf, 'file'), `# demarc-ignore-file ${SQS}: why\r\n${crlf}`);
    assert.equal(suppress('t.yaml', `\ufeff${queue}`, 'file'), `\ufeff# demarc-ignore-file ${SQS}: why\n${queue}`);
  });

  it('in YAML joins a comment that is there', () => {
    const at = (comment: string) => queue.replace('      SqsManaged', `      ${comment}\n      SqsManaged`);
    assert.equal(
      suppress('t.yaml', at('# demarc-ignore W35: old'), 'here')?.includes(`# demarc-ignore W35, ${SQS}: old; why\n`),
      true,
    );
    assert.equal(
      suppress('t.yaml', at('# demarc-ignore W35: why'), 'here')?.includes(`# demarc-ignore W35, ${SQS}: why\n`),
      true,
    );
    assert.equal(
      suppress('t.yaml', at('# demarc-ignore W35'), 'here')?.includes(`# demarc-ignore W35, ${SQS}: why\n`),
      true,
    );
    const behind = queue.replace('false', 'false # demarc-ignore W35: old');
    assert.equal(suppress('t.yaml', behind, 'here')?.includes(`false # demarc-ignore W35, ${SQS}: old; why\n`), true);
    const file = `# demarc-ignore-file W35: old\n${queue}`;
    assert.equal(suppress('t.yaml', file, 'file'), `# demarc-ignore-file W35, ${SQS}: old; why\n${queue}`);
  });

  it('has room for the reason where none is given, and stays on one line', () => {
    assert.match(suppress('t.yaml', queue, 'here', '') ?? '', new RegExp(`# demarc-ignore ${SQS}: \n`));
    assert.match(
      suppress('t.yaml', queue, 'here', 'one\n  two') ?? '',
      new RegExp(`# demarc-ignore ${SQS}: one two\n`),
    );
  });

  const json = `{
  "Resources": {
    "Queue": {
      "Type": "AWS::SQS::Queue",
      "Properties": { "SqsManagedSseEnabled": false }
    },
    "Other": { "Type": "AWS::SQS::Queue", "Properties": { "SqsManagedSseEnabled": false } }
  }
}
`;

  it('in CloudFormation JSON is Metadata, in a list that grows', () => {
    const once = suppress('t.json', json, 'here') as string;
    assert.deepEqual(JSON.parse(once).Resources.Queue.Metadata, { Demarc: { Ignore: [{ Rule: SQS, Reason: 'why' }] } });
    const other = once.replace(`"${SQS}"`, '"W35"');
    const twice = suppress('t.json', other, 'here') as string;
    assert.deepEqual(
      JSON.parse(twice).Resources.Queue.Metadata.Demarc.Ignore.map((one: { Rule: string }) => one.Rule),
      ['W35', SQS],
    );
    const file = suppress('t.json', json, 'file') as string;
    assert.deepEqual(JSON.parse(file).Metadata, { Demarc: { Ignore: [{ Rule: SQS, Reason: 'why' }] } });
    assert.deepEqual(outcome('t.json', file).kept, []);
  });

  it('in JSON with comments is a comment', () => {
    assert.match(
      suppress('t.jsonc', json, 'here') ?? '',
      new RegExp(`\n      // demarc-ignore ${SQS}: why\n      "Properties"`),
    );
    assert.match(
      suppress('t.json', json, 'file', 'why', 0, 'jsonc') ?? '',
      new RegExp(`^// demarc-ignore-file ${SQS}: why\n`),
    );
  });

  it('in Terraform JSON is a "//" key', () => {
    const text = JSON.stringify(
      { resource: { aws_sqs_queue: { a: { sqs_managed_sse_enabled: false } } } },
      undefined,
      2,
    );
    const once = suppress('main.tf.json', text, 'here') as string;
    assert.equal(JSON.parse(once).resource.aws_sqs_queue.a['//'], `demarc-ignore ${SQS}: why`);
    const noted = text.replace('"sqs_managed', '"//": "the queue", "sqs_managed');
    assert.deepEqual(JSON.parse(suppress('main.tf.json', noted, 'here') as string).resource.aws_sqs_queue.a['//'], [
      'the queue',
      `demarc-ignore ${SQS}: why`,
    ]);
    assert.equal(JSON.parse(suppress('main.tf.json', text, 'file') as string)['//'], `demarc-ignore-file ${SQS}: why`);
  });
});

describe('problems of suppressions', () => {
  const ignored = (count: number, rule: string) =>
    Array.from(
      { length: count },
      (_, i) => `  # demarc-ignore ${rule}: number ${i}\n  N${i}: { Type: AWS::SNS::Topic }\n`,
    );
  const told = (analysis: Analysis) => [
    analysis.suppressionProblems.length,
    analysis.leftOut.map(({ message, document, start, end }) => [message, document.text.slice(start, end)]),
  ];

  it('are told up to a number, behind which that is said once', () => {
    for (const [rule, text] of [
      [SQS, SQS],
      ['sqs-encryption-disable', 'sqs-encryption-disable'],
    ] as const) {
      const few = run('t.yaml', `Resources:\n${ignored(200, rule).join('')}`);
      assert.deepEqual(told(few), [200, []]);
      const lines = ignored(500, rule);
      const many = run('t.yaml', `Resources:\n${lines.join('')}`);
      assert.deepEqual(told(many), [
        200,
        [['Problems of suppressions are not told from here on: more than 200', text]],
      ]);
      const [place] = many.leftOut;
      assert.equal(place?.document.lines.lineAt(place.start), 1 + 200 * 2);
    }
  });

  it('are counted for each file of a module', () => {
    const file = (uri: string, count: number) => ({
      uri,
      text: Array.from({ length: count }, () => '# demarc-ignore no-such-rule: x\nlocals {}\n').join(''),
    });
    const analysis = analyze([file('a.tf', 150), file('b.tf', 150), file('c.tf', 250)], DEFAULT_SETTINGS);
    assert.equal(analysis?.suppressionProblems.length, 500);
    assert.deepEqual(
      analysis?.leftOut.map(({ document }) => document.uri),
      ['c.tf'],
    );
  });

  it('are none where what is suppressed may not have been judged', () => {
    const unused = `  # demarc-ignore ${SQS}: accepted\n  Topic: { Type: AWS::SNS::Topic }\n`;
    const queue = `  # demarc-ignore ${SQS}: accepted\n  Queue: { Type: AWS::SQS::Queue, Properties: { SqsManagedSseEnabled: false } }\n`;
    const handles = (count: number) =>
      Array.from({ length: count }, (_, i) => `  W${i}: { Type: 'AWS::CloudFormation::WaitConditionHandle' }\n`).join(
        '',
      );
    const kinds = (text: string) => run('t.yaml', text).suppressionProblems.map(({ kind }) => kind);
    assert.deepEqual(kinds(`Resources:\n${unused}${handles(4_998)}${queue}`), ['unused']);
    assert.deepEqual(kinds(`Resources:\n${unused}${handles(5_000)}${queue}`), []);
    // A policy of which only the first statements are judged.
    const statement = '{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}';
    const policy = (count: number) =>
      `Resources:\n  # demarc-ignore iam-admin-star: accepted\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {"Version":"2012-10-17","Statement":[${Array(count).fill(statement).join(',')}]}\n`;
    assert.deepEqual(kinds(policy(3)), ['unused']);
    assert.deepEqual(kinds(policy(2_001)), []);
  });
});
