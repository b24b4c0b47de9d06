/** Suppressions in HCL: ours and the peers', at the places where a comment may stand. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { suppressionEdit } from '../../server/src/analysis/suppressions.ts';
import { applyTextEdits } from '../../server/src/syntax/edit.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();

const SQS = 'sqs-encryption-disabled';
const SSH = 'sg-ingress-ssh-world';
const RDP = 'sg-ingress-rdp-world';
const STAR = 'iam-admin-star';

function run(text: string, today?: string): Analysis {
  const analysis = analyze([{ uri: 'main.tf', text }], DEFAULT_SETTINGS, {
    today,
    onError: (_, error) => {
      throw error;
    },
  });
  assert.ok(analysis, 'is recognised');
  return analysis;
}

/** Where the findings of a rule stay, and by which form and reason the others are suppressed. */
function outcome(text: string, id = SQS, today?: string) {
  const analysis = run(text, today);
  return {
    kept: analysis.findings
      .filter(({ finding }) => finding.rule.id === id)
      .map(({ finding }) => finding.resource.address),
    suppressed: analysis.suppressed
      .filter(({ finding }) => finding.rule.id === id)
      .map(({ finding, suppression }) => [finding.resource.address, suppression.form, suppression.reason]),
    problems: analysis.suppressionProblems.map(({ kind, start, end }) => [kind, text.slice(start, end)]),
  };
}

/** A queue without encryption, behind another one that no comment speaks of. */
const two = (queue: string) => `resource "aws_sqs_queue" "other" {
  sqs_managed_sse_enabled = false
}

${queue}
`;
const OTHER = 'aws_sqs_queue.other';
const QUEUE = 'aws_sqs_queue.queue';
const HEADER = 'resource "aws_sqs_queue" "queue" {';
const OFF = 'sqs_managed_sse_enabled = false';

const GROUP = `resource "aws_security_group" "open" {
  description = "open"

  ingress { # RDP
    description = "a"
    from_port   = 3389
    to_port     = 3389
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress { # SSH
    description = "b"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`;

describe('demarc-ignore in HCL', () => {
  const own = `demarc-ignore ${SQS}: why`;
  const covered: readonly (readonly [string, string])[] = [
    ['at the end of the line', `${HEADER}\n  ${OFF} # ${own}\n}`],
    ['with slashes', `${HEADER}\n  ${OFF} // ${own}\n}`],
    ['in a block comment', `${HEADER}\n  ${OFF} /* ${own} */\n}`],
    ['on the line above', `${HEADER}\n  # ${own}\n  ${OFF}\n}`],
    ['on the line above, between attributes', `${HEADER}\n  name = "q"\n  // ${own}\n  ${OFF}\n}`],
    ['in a block comment of several lines', `${HEADER}\n  /*\n    ${own}\n  */\n  ${OFF}\n}`],
    ['above the resource', `# ${own}\n${HEADER}\n  name = "q"\n  ${OFF}\n}`],
    ['above the resource and other comments', `# ${own}\n# jobs of the shop\n${HEADER}\n  ${OFF}\n}`],
    ['behind a block in one line', `${HEADER} ${OFF} } # ${own}`],
    ['above a block in one line', `# ${own}\n${HEADER} ${OFF} }`],
    ['with CRLF', `${HEADER}\r\n  # ${own}\r\n  ${OFF}\r\n}\r\n`],
  ];
  for (const [name, text] of covered) {
    it(`counts ${name}`, () => {
      assert.deepEqual(outcome(two(text)), { kept: [OTHER], suppressed: [[QUEUE, 'comment', 'why']], problems: [] });
    });
  }

  const useless: readonly (readonly [string, string])[] = [
    ['two lines above', `${HEADER}\n  # ${own}\n\n  ${OFF}\n}`],
    ['above the resource with a blank line between', `# ${own}\n\n${HEADER}\n  ${OFF}\n}`],
    ['above another attribute', `${HEADER}\n  # ${own}\n  name = "q"\n  ${OFF}\n}`],
    ['behind the resource', `${HEADER}\n  ${OFF}\n}\n# ${own}`],
  ];
  for (const [name, text] of useless) {
    it(`covers nothing ${name}, and says so`, () => {
      assert.deepEqual(outcome(two(text)), { kept: [OTHER, QUEUE], suppressed: [], problems: [['unused', SQS]] });
    });
  }

  it('is no comment in a text or a heredoc', () => {
    for (const text of [`name = "# ${own}"`, `name = <<EOT\n# ${own}\nEOT`]) {
      assert.deepEqual(outcome(two(`${HEADER}\n  ${text}\n  ${OFF}\n}`)), {
        kept: [OTHER, QUEUE],
        suppressed: [],
        problems: [],
      });
    }
  });

  it('covers the whole file at its top, below a licence', () => {
    const text = `# licence\n\n# demarc-ignore-file ${SQS}: a sandbox\n\n${two(`${HEADER}\n  ${OFF}\n}`)}`;
    assert.deepEqual(outcome(text), {
      kept: [],
      suppressed: [
        [OTHER, 'comment', 'a sandbox'],
        [QUEUE, 'comment', 'a sandbox'],
      ],
      problems: [],
    });
    const late = two(`# demarc-ignore-file ${SQS}: a sandbox\n${HEADER}\n  ${OFF}\n}`);
    assert.deepEqual(outcome(late).kept, [OTHER, QUEUE]);
    assert.deepEqual(outcome(late).problems, [['misplaced', `demarc-ignore-file ${SQS}: a sandbox`]]);
  });

  it('reports what names no rule and what gives no reason', () => {
    const text = two(`# demarc-ignore sqs-encryption-disable: why\n# demarc-ignore ${SQS}\n${HEADER}\n  ${OFF}\n}`);
    assert.deepEqual(outcome(text), {
      kept: [OTHER],
      suppressed: [[QUEUE, 'comment', undefined]],
      problems: [
        ['unknown', 'sqs-encryption-disable'],
        ['reason', `demarc-ignore ${SQS}`],
      ],
    });
  });

  it('covers a nested block from the line above it, whether there is one of its name or several', () => {
    const above = (id: string) => `# demarc-ignore ${id}: why\n  ingress { # `;
    const ssh = GROUP.replace('ingress { # SSH', `${above(SSH)}SSH`);
    assert.deepEqual(outcome(ssh, SSH).suppressed, [['aws_security_group.open', 'comment', 'why']]);
    assert.deepEqual(outcome(ssh, SSH).problems, []);
    const one = ssh.replace(/ {2}ingress \{ # RDP[^}]*\}\n/, '');
    assert.deepEqual(outcome(one, SSH).suppressed, [['aws_security_group.open', 'comment', 'why']]);
    // Above the first block it does not speak of the second.
    const first = GROUP.replace('ingress { # RDP', `${above(SSH)}RDP`);
    assert.deepEqual(outcome(first, SSH).kept, ['aws_security_group.open']);
    assert.deepEqual(outcome(first, SSH).problems, [['unused', SSH]]);
  });

  it('covers a policy in a heredoc from the line above the argument or at its end', () => {
    const policy = (before: string, behind: string) =>
      `resource "aws_iam_policy" "p" {\n  name = "p"${before}\n  policy = <<-EOT${behind}
    {
      "Statement": [{ "Effect": "Allow",
        "Action": "*",
        "Resource": "*" }]
    }
  EOT
}
`;
    const text = policy(`\n  # demarc-ignore ${STAR}: break glass`, '');
    assert.deepEqual(outcome(text, STAR), {
      kept: [],
      suppressed: [['aws_iam_policy.p', 'comment', 'break glass']],
      problems: [],
    });
    assert.deepEqual(outcome(policy('', ''), STAR).kept, ['aws_iam_policy.p']);
  });

  it('stands inside jsonencode, and in a block of a data source', () => {
    const encoded = `resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Statement = [
      # demarc-ignore ${STAR}: break glass
      {
        Effect   = "Allow"
        Action   = "*"
        Resource = "*"
      },
    ]
  })
}
`;
    assert.deepEqual(outcome(encoded, STAR), {
      kept: [],
      suppressed: [['aws_iam_policy.p', 'comment', 'break glass']],
      problems: [],
    });
    const data = `data "aws_iam_policy_document" "d" {
  # demarc-ignore ${STAR}: break glass
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.d.json
}
`;
    assert.deepEqual(outcome(data, STAR), {
      kept: [],
      suppressed: [['data.aws_iam_policy_document.d', 'comment', 'break glass']],
      problems: [],
    });
  });
});

describe("the peers' comments in HCL", () => {
  const sqs = (comment: string, today?: string) => outcome(two(comment), SQS, today);

  it('checkov: anywhere in the resource', () => {
    const places = [
      `${HEADER} #checkov:skip=CKV_AWS_27:why\n  ${OFF}\n}`,
      `${HEADER}\n  #checkov:skip=CKV_AWS_27:why\n  name = "q"\n  ${OFF}\n}`,
      `${HEADER}\n  ${OFF}\n  tags = {\n    # checkov:skip=CKV_AWS_27: why\n    a = 1\n  }\n}`,
      `${HEADER}\n  ${OFF}\n\n  // bridgecrew:skip=CKV_AWS_27: why\n}`,
    ];
    for (const text of places) {
      assert.deepEqual(sqs(text), { kept: [OTHER], suppressed: [[QUEUE, 'checkov', 'why']], problems: [] }, text);
    }
  });

  it('checkov: not behind the resource, however it is indented', () => {
    assert.deepEqual(sqs(`${HEADER}\n  ${OFF}\n}\n  #checkov:skip=CKV_AWS_27:why`).kept, [OTHER, QUEUE]);
  });

  it('tfsec and trivy: on the line, above it, above the resource, at the end of its header', () => {
    for (const form of ['#tfsec:ignore:AVD-AWS-0096', '# trivy:ignore:AWS-0096', '//trivy:ignore:avd-aws-0096']) {
      for (const text of [
        `${HEADER}\n  ${OFF} ${form}\n}`,
        `${HEADER}\n  ${form}\n  ${OFF}\n}`,
        `${form}\n${HEADER}\n  name = "q"\n  ${OFF}\n}`,
        `${HEADER} ${form}\n  name = "q"\n  ${OFF}\n}`,
      ]) {
        assert.deepEqual(sqs(text), { kept: [OTHER], suppressed: [[QUEUE, 'trivy', undefined]], problems: [] }, text);
      }
      for (const text of [
        `${form}\n\n${HEADER}\n  ${OFF}\n}`,
        `${HEADER}\n  ${form}\n  name = "q"\n  ${OFF}\n}`,
        `${HEADER}\n  ${OFF}\n} ${form}`,
      ]) {
        assert.deepEqual(sqs(text).kept, [OTHER, QUEUE], text);
      }
    }
  });

  it("tfsec: a check's name, and the number it had first", () => {
    for (const form of ['tfsec:ignore:aws-sqs-enable-queue-encryption', 'tfsec:ignore:AWS015:exp:2026-01-02']) {
      const text = `#${form}\n${HEADER}\n  ${OFF}\n}`;
      assert.deepEqual(sqs(text, '2026-01-01'), {
        kept: [OTHER],
        suppressed: [[QUEUE, 'trivy', undefined]],
        problems: [],
      });
    }
    assert.deepEqual(sqs(`#tfsec:ignore:aws-sns-enable-topic-encryption\n${HEADER}\n  ${OFF}\n}`).kept, [OTHER, QUEUE]);
    const bucket = 'resource "aws_s3_bucket" "b" { #tfsec:ignore:aws-s3-enable-versioning\n}\n';
    assert.equal(outcome(bucket, 's3-versioning').suppressed.length, 1);
    assert.equal(outcome(bucket, 's3-access-logging').suppressed.length, 0);
  });

  it('tfsec: several on a line, and none that has expired', () => {
    const text = (until: string) =>
      `#tfsec:ignore:AVD-AWS-0135 tfsec:ignore:AVD-AWS-0096:exp:${until}\n${HEADER}\n  ${OFF}\n}`;
    assert.deepEqual(sqs(text('2026-01-02'), '2026-01-02').kept, [OTHER]);
    assert.deepEqual(sqs(text('2026-01-02'), '2026-01-03').kept, [OTHER, QUEUE]);
  });

  it('trivy: a nested block from the line above it or from its header, and only that block', () => {
    const id = 'trivy:ignore:AVD-AWS-0107';
    for (const [from, to] of [
      ['# SSH', `#${id}`],
      ['  ingress { # SSH', `  #${id}\n  ingress {`],
    ] as const) {
      const text = GROUP.replace(from, to);
      assert.deepEqual(outcome(text, SSH).suppressed, [['aws_security_group.open', 'trivy', undefined]]);
      assert.deepEqual(outcome(text, RDP).kept, ['aws_security_group.open']);
    }
    const first = GROUP.replace('# RDP', `#${id}`);
    assert.deepEqual(outcome(first, RDP).kept, []);
    assert.deepEqual(outcome(first, SSH).kept, ['aws_security_group.open']);
  });

  it('trivy: all of a policy that jsonencode writes, from above the argument', () => {
    const text = `resource "aws_iam_policy" "p" {
  #trivy:ignore:AVD-AWS-0057
  policy = jsonencode({
    Statement = [{ Effect = "Allow",
      Action = "*", Resource = "*" }]
  })
}
`;
    assert.deepEqual(outcome(text, STAR).suppressed, [['aws_iam_policy.p', 'trivy', undefined]]);
  });
});

describe('the edit that suppresses a finding in HCL', () => {
  const suppressed = (text: string, id: string, scope: 'here' | 'file' = 'here') => {
    const { findings } = run(text);
    const found = findings.find(({ finding }) => finding.rule.id === id);
    assert.ok(found, findings.map(({ finding }) => finding.rule.id).join());
    const edits = suppressionEdit(found.finding, scope, 'accepted', 'terraform');
    assert.ok(edits);
    const after = applyTextEdits(text, edits);
    const analysis = run(after);
    assert.deepEqual(
      analysis.documents.flatMap(({ problems }) => problems),
      [],
    );
    assert.deepEqual(analysis.suppressionProblems, []);
    const left = analysis.findings.filter(({ finding }) => finding.rule.id === id).length;
    assert.equal(left, findings.filter(({ finding }) => finding.rule.id === id).length - 1);
    return after;
  };

  it('stands above the argument, as deep as that', () => {
    const text = `${HEADER}\n  name = "q"\n  ${OFF}\n}\n`;
    assert.equal(suppressed(text, SQS), `${HEADER}\n  name = "q"\n  # demarc-ignore ${SQS}: accepted\n  ${OFF}\n}\n`);
  });

  it('stands above the resource where something is missing, and where all is on one line', () => {
    const bucket = 'resource "aws_s3_bucket" "b" {\n}\n';
    assert.equal(suppressed(bucket, 's3-versioning'), `# demarc-ignore s3-versioning: accepted\n${bucket}`);
    const line = `${HEADER} ${OFF} }\n`;
    assert.equal(suppressed(line, SQS), `# demarc-ignore ${SQS}: accepted\n${line}`);
  });

  it('stands in a nested block', () => {
    const after = suppressed(GROUP, SSH);
    assert.match(
      after,
      /to_port {5}= 22\n {4}protocol {4}= "tcp"\n {4}# demarc-ignore sg-ingress-ssh-world: accepted\n/,
    );
  });

  it('stands above a heredoc, never in it', () => {
    const text = (action: string) =>
      `resource "aws_iam_policy" "p" {\n\tpolicy = <<-EOT\n\t{ "Statement": [{ "Effect": "Allow",\n\t\t"Action": ${action},\n\t\t"Resource": "*" }] }\n\tEOT\n}\n`;
    for (const action of ['"*"', '["*"]', '${jsonencode(["*"])}', '"${"*"}"']) {
      const after = suppressed(text(action), STAR);
      assert.ok(after.includes(`{\n\t# demarc-ignore ${STAR}: accepted\n\tpolicy = <<-EOT\n\t{`), after);
    }
  });

  it('stands in a call of jsonencode', () => {
    const text = `resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "*"
      Resource = "*"
    }]
  })
}
`;
    assert.ok(suppressed(text, STAR).includes(`"Allow"\n      # demarc-ignore ${STAR}: accepted\n      Action`));
  });

  it('joins a comment that speaks of the place already', () => {
    const text = `# demarc-ignore s3-access-logging: a log bucket\nresource "aws_s3_bucket" "b" {\n}\n`;
    assert.equal(
      suppressed(text, 's3-versioning'),
      text.replace('s3-access-logging: a log bucket', 's3-access-logging, s3-versioning: a log bucket; accepted'),
    );
  });

  it('is the first line of the file for all of it', () => {
    const text = `\r\n# licence\r\n${HEADER}\r\n  ${OFF}\r\n}\r\n`;
    assert.equal(suppressed(text, SQS, 'file'), `# demarc-ignore-file ${SQS}: accepted\r\n${text}`);
  });
});

describe('a comment above the call of a local module', () => {
  const MODULE = { uri: 'jobs/main.tf', folder: 'jobs', text: `resource "aws_sqs_queue" "queue" {\n  ${OFF}\n}\n` };
  const call = (name: string, before = '', behind = '') =>
    `${before}module "${name}" {${behind}\n  source = "./jobs"\n}\n`;
  const calls = (text: string) => {
    const analysis = analyze([{ uri: 'main.tf', text }, MODULE], DEFAULT_SETTINGS);
    assert.ok(analysis);
    const kept = analysis.findings.filter(({ finding }) => finding.rule.id === SQS).length;
    const suppressed = analysis.suppressed.filter(({ finding }) => finding.rule.id === SQS);
    return { kept, by: suppressed.map(({ suppression }) => [suppression.document.uri, suppression.form]) };
  };

  it('covers what the module makes', () => {
    assert.deepEqual(calls(call('a')), { kept: 1, by: [] });
    const own = calls(call('a', `# demarc-ignore ${SQS}: short lived\n`));
    assert.deepEqual(own, { kept: 0, by: [['main.tf', 'comment']] });
    for (const text of [call('a', '#tfsec:ignore:AVD-AWS-0096\n'), call('a', '', ' # trivy:ignore:AVD-AWS-0096')]) {
      assert.deepEqual(calls(text), { kept: 0, by: [['main.tf', 'trivy']] });
    }
    assert.equal(calls(call('a', '#tfsec:ignore:AVD-AWS-0086\n')).kept, 1);
  });

  it('does so where every call has one', () => {
    const comment = `# demarc-ignore ${SQS}: short lived\n`;
    assert.equal(calls(call('a', comment) + call('b')).kept, 1);
    assert.equal(calls(call('a') + call('b', comment)).kept, 1);
    assert.equal(calls(call('a', comment) + call('b', comment)).kept, 0);
  });
});
