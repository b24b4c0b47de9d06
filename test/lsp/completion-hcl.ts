/** Completion in HCL: blocks of a data source, calls of jsonencode, JSON in heredocs. */

import type { Case } from './completion-texts.ts';

const BUCKET = 'resource "aws_s3_bucket" "files" {\n  bucket = "files"\n}\n\n';
const ME = 'data "aws_caller_identity" "me" {}\n\n';

/** A data source; lines of its body are indented by two. */
const source = (body: string) =>
  `${BUCKET}data "aws_iam_policy_document" "rights" {\n${body}\n}\n\nresource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.rights.json\n}\n`;
/** A statement of a data source; lines of its body are indented by four. */
const statement = (body: string) => source(`  statement {\n${body}\n  }`);
/** A data source that a role trusts by. */
const trust = (body: string) =>
  `data "aws_iam_policy_document" "trust" {\n  statement {\n${body}\n  }\n}\n\nresource "aws_iam_role" "r" {\n  assume_role_policy = data.aws_iam_policy_document.trust.json\n}\n`;
/** A policy by jsonencode; lines of its statement are indented by eight. */
const encoded = (members: string, type = 'aws_iam_policy') =>
  `${BUCKET}resource "${type}" "p" {\n  policy = jsonencode({\n    Version = "2012-10-17"\n    Statement = [\n      {\n        Effect = "Allow"\n${members}\n      },\n    ]\n  })\n}\n`;
/** A policy in a heredoc; lines of its statement are indented by eight. */
const heredoc = (members: string, type = 'aws_iam_policy') =>
  `${BUCKET}resource "${type}" "p" {\n  name   = "p"\n  policy = <<-EOT\n    {\n      "Version": "2012-10-17",\n      "Statement": [{\n        "Effect": "Allow",\n${members}\n      }]\n    }\n  EOT\n}\n\nresource "aws_sqs_queue" "q" {\n}\n`;

/** Whole texts, to complete in anywhere. */
export const hclTexts: readonly string[] = [
  statement('    actions   = ["s3:GetObject", "sqs:*"] # all\n    resources = ["${aws_s3_bucket.files.arn}/*"]'),
  encoded('        Action   = ["s3:GetObject"]\n        Resource = "*"'),
  heredoc('        "Action": ["s3:GetObject"],\n        "Resource": "${aws_s3_bucket.files.arn}/*"'),
];

export const HCL: readonly Case[] = [
  // ---- blocks of a data source
  {
    name: 'a statement as a block of its own',
    text: source('  stat|>'),
    first: ['statement'],
    choose: ['statement', '  statement {\n    actions   = ["$1"]\n    resources = ["$2"]\n  }'],
  },
  {
    name: 'a further statement',
    text: source('  statement {\n    actions = ["s3:*"]\n  }\n\n  |>'),
    has: ['statement', 'source_policy_documents'],
  },
  {
    name: 'a statement of a trust policy, with a block in it',
    text: trust('').replace('  statement {\n\n  }', '  |>'),
    choose: [
      'statement',
      '  statement {\n    principals {\n      type        = "$1"\n      identifiers = ["$2"]\n    }\n    actions = ["$3"]\n  }',
    ],
  },
  {
    name: 'arguments of a statement',
    text: statement('    actions = ["s3:GetObject"]\n    |>'),
    has: ['effect', 'resources', 'condition', 'sid'],
    lacks: ['actions', 'Resource', 'Action'],
    choose: ['resources', '    resources = ["$1"]'],
  },
  {
    name: 'a half-typed argument, its equals sign there',
    text: statement('    act|> = ["s3:GetObject"]'),
    choose: ['not_actions', '    not_actions = ["s3:GetObject"]'],
  },
  {
    name: 'a nested block, also a second one',
    text: trust(
      '    actions = ["sts:AssumeRole"]\n    condition {\n      test = "Bool"\n      variable = "aws:SecureTransport"\n      values = ["true"]\n    }\n    con|>',
    ),
    choose: [
      'condition',
      '    condition {\n      test     = "$1"\n      variable = "$2"\n      values   = ["$3"]\n    }',
    ],
  },
  {
    name: 'the keyword of a block that is there',
    text: trust('    princ|> {\n      type = "Service"\n    }'),
    choose: ['principals', '    principals {'],
  },
  {
    name: 'services and actions',
    text: statement('    actions = ["|>"]'),
    has: ['s3:', 'sqs:', '*'],
    choose: ['s3:', '    actions = ["s3:"]'],
  },
  {
    name: 'an action',
    text: statement('    actions = ["s3:PutObject", "s3:GetObj|>"]'),
    first: ['s3:GetObject'],
    choose: ['s3:GetObject', '    actions = ["s3:PutObject", "s3:GetObject"]'],
  },
  {
    name: 'an action in a list over several lines',
    text: statement('    actions = [\n      "s3:PutObject",\n      "s3:GetObj|>"\n    ]'),
    choose: ['s3:GetObject', '      "s3:GetObject"'],
  },
  {
    name: 'an action without quotes',
    text: statement('    actions = [|>]'),
    choose: ['s3:', '    actions = ["s3:$1"]'],
  },
  {
    name: 'an action, neither quote nor bracket closed',
    text: statement('    actions = ["s3:GetObj|>'),
    first: ['s3:GetObject'],
    choose: ['s3:GetObject', '    actions = ["s3:GetObject"'],
  },
  {
    name: 'an action, the bracket not closed and an argument behind it',
    text: statement('    actions = ["s3:GetObj|>"\n    resources = ["*"]'),
    choose: ['s3:GetObject', '    actions = ["s3:GetObject"]'],
  },
  {
    name: 'an action, neither quote nor bracket closed and an argument behind it',
    text: statement('    actions = ["s3:GetObj|>\n    resources = ["*"]'),
    choose: ['s3:GetObject', '    actions = ["s3:GetObject"]'],
  },
  {
    name: 'an action in a block that a loop over what is not known makes',
    text: source(
      '  dynamic "statement" {\n    for_each = toset(var.buckets)\n    content {\n      actions = ["s3:GetObj|>"]\n    }\n  }',
    ),
    first: ['s3:GetObject'],
  },
  {
    name: 'an argument in a block that a loop over what is not known makes',
    text: statement(
      '    dynamic "condition" {\n      for_each = var.keys\n      content {\n        test = "|>"\n      }\n    }',
    ),
    has: ['StringEquals', 'Bool'],
  },
  {
    name: 'an action, everything open up to the end of the file',
    text: 'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = [\n      "s3:GetObj|>',
    first: ['s3:GetObject'],
  },
  {
    name: 'an action behind a heredoc and comments',
    text: source(
      '  source_policy_documents = [<<-EOT\n    { "Statement": [ "{{{ \n    EOT\n  ]\n  # { [ "\n  statement {\n    actions = ["s3:GetObj|>"]\n  }',
    ),
    first: ['s3:GetObject'],
  },
  {
    name: 'a bucket of the module, in place of the quotes',
    text: statement('    actions = ["s3:ListBucket"]\n    resources = ["|>"]'),
    first: ['aws_s3_bucket.files.arn'],
    choose: ['aws_s3_bucket.files.arn', '    resources = [aws_s3_bucket.files.arn]'],
  },
  {
    name: 'a bucket of the module, half-typed in an open quote',
    text: statement('    actions = ["s3:ListBucket"]\n    resources = ["aws_s3|>'),
    choose: ['aws_s3_bucket.files.arn', '    resources = [aws_s3_bucket.files.arn'],
  },
  {
    name: 'a bucket of the module, without quotes',
    text: statement('    actions = ["s3:ListBucket"]\n    resources = [aws|>]'),
    choose: ['aws_s3_bucket.files.arn', '    resources = [aws_s3_bucket.files.arn]'],
  },
  {
    name: 'objects of a bucket of the module, within the quotes',
    text: statement('    actions = ["s3:GetObject"]\n    resources = ["|>"]'),
    first: ['${aws_s3_bucket.files.arn}/*'],
    choose: ['${aws_s3_bucket.files.arn}/*', '    resources = ["${aws_s3_bucket.files.arn}/*"]'],
  },
  {
    name: 'objects of a bucket of the module, without quotes',
    text: statement('    actions = ["s3:GetObject"]\n    resources = [|>]'),
    choose: ['"${aws_s3_bucket.files.arn}/*"', '    resources = ["${aws_s3_bucket.files.arn}/*"]'],
  },
  {
    name: 'an ARN to fill in',
    text: statement('    actions = ["s3:GetObject"]\n    resources = ["arn|>"]'),
    choose: [
      'arn:aws:s3:::<BucketName>/<ObjectName>',
      '    resources = ["arn:aws:s3:::${1:BucketName}/${2:ObjectName}"]',
    ],
  },
  { name: 'effect', text: statement('    effect = "|>"'), first: ['Allow', 'Deny'] },
  {
    name: 'effect, the quote open',
    text: statement('    effect = "De|>\n    actions = ["*"]'),
    choose: ['Deny', '    effect = "Deny"'],
  },
  {
    name: 'principals of the type that is there',
    text: trust('    principals {\n      type = "Service"\n      identifiers = ["ec|>"]\n    }'),
    first: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com'],
    choose: ['ec2.amazonaws.com', '      identifiers = ["ec2.amazonaws.com"]'],
  },
  {
    name: 'the type of principals',
    text: trust('    principals {\n      type = "|>"\n    }'),
    has: ['AWS', 'Service', 'Federated'],
  },
  {
    name: 'arguments of a nested block',
    text: trust('    principals {\n      |>\n    }'),
    first: ['type', 'identifiers'],
    choose: ['identifiers', '      identifiers = ["$1"]'],
  },
  {
    name: 'the operator for its key',
    text: trust('    condition {\n      test = "|>"\n      variable = "aws:MultiFactorAuthPresent"\n    }'),
    first: ['Bool'],
  },
  {
    name: 'the key for its operator',
    text: trust(
      '    condition {\n      test     = "StringEquals"\n      variable = "aws:Source|>"\n      values   = []\n    }',
    ),
    has: ['aws:SourceAccount', 'aws:SourceVpc'],
  },
  {
    name: 'the own account in place of the quotes',
    text:
      ME +
      trust(
        '    condition {\n      test     = "StringEquals"\n      variable = "aws:SourceAccount"\n      values   = ["|>"]\n    }',
      ),
    first: ['data.aws_caller_identity.me.account_id'],
    choose: ['data.aws_caller_identity.me.account_id', '      values   = [data.aws_caller_identity.me.account_id]'],
  },
  { name: 'by who uses it', text: trust('    actions = ["|>"]'), first: ['sts:AssumeRole'], lacks: ['s3:'] },

  // ---- jsonencode
  {
    name: 'jsonencode: a key, bare',
    text: encoded('        Act|>'),
    has: ['Action', 'NotAction'],
    choose: ['Action', '        Action = ["$1"]'],
  },
  {
    name: 'jsonencode: a key on the line of others',
    text: encoded('').replace('        Effect = "Allow"\n', '        Effect = "Allow", Res|>'),
    choose: ['Resource', '        Effect = "Allow", Resource = ["$1"]'],
  },
  {
    name: 'jsonencode: keys of the document',
    text: 'resource "aws_iam_policy" "p" {\n  policy = jsonencode({\n    Version = "2012-10-17"\n    |>\n  })\n}\n',
    first: ['Statement'],
    choose: [
      'Statement',
      '    Statement = [\n      {\n        Effect   = "${1|Allow,Deny|}"\n        Action   = ["$2"]\n        Resource = ["$3"]\n      }\n    ]',
    ],
  },
  {
    name: 'jsonencode: an effect',
    text: encoded('').replace('Effect = "Allow"', 'Effect = "|>"'),
    first: ['Allow', 'Deny'],
  },
  {
    name: 'jsonencode: an action',
    text: encoded('        Action = "s3:GetObj|>"'),
    first: ['s3:GetObject'],
    choose: ['s3:GetObject', '        Action = "s3:GetObject"'],
  },
  {
    name: 'jsonencode: an action, neither quote nor bracket closed',
    text: encoded('        Action = ["s3:GetObj|>'),
    first: ['s3:GetObject'],
  },
  {
    name: 'jsonencode: an action, the quote open and a key behind it',
    text: encoded('        Action = "s3:GetObj|>\n        Resource = "*"'),
    choose: ['s3:GetObject', '        Action = "s3:GetObject"'],
  },
  {
    name: 'jsonencode: an action, everything open up to the end of the file',
    text: 'resource "aws_iam_policy" "p" {\n  policy = jsonencode({\n    Statement = [{\n      Effect = "Allow"\n      Action = ["s3:GetObj|>',
    first: ['s3:GetObject'],
  },
  {
    name: 'jsonencode: everything open, and other blocks behind it',
    text: `resource "aws_iam_policy" "p" {\n  policy = jsonencode({\n    Statement = [{\n      Effect = "Allow"\n      Action = "s3:GetObj|>\n\n${BUCKET}`,
    first: ['s3:GetObject'],
  },
  {
    name: 'jsonencode: a bucket of the module behind the equals sign',
    text: encoded('        Action = "s3:ListBucket"\n        Resource = |>'),
    first: ['aws_s3_bucket.files.arn'],
    choose: ['aws_s3_bucket.files.arn', '        Resource = aws_s3_bucket.files.arn'],
  },
  {
    name: 'jsonencode: objects of a bucket of the module',
    text: encoded('        Action = "s3:GetObject"\n        Resource = "|>"'),
    choose: ['${aws_s3_bucket.files.arn}/*', '        Resource = "${aws_s3_bucket.files.arn}/*"'],
  },
  {
    name: 'jsonencode: a condition',
    text: encoded('        Action = "s3:GetObject"\n        Condition = { |> }'),
    has: ['StringEquals', 'ForAnyValue:StringLike'],
    choose: ['StringEquals', '        Condition = { StringEquals = { $1 } }'],
  },
  {
    name: 'jsonencode: an operator that needs quotes',
    text: encoded('        Condition = { For|> }'),
    choose: ['ForAnyValue:StringLike', '        Condition = { "ForAnyValue:StringLike" = { $1 } }'],
  },
  {
    name: 'jsonencode: a condition key gets its closing quote',
    text: encoded('        Condition = { StringEquals = { "aws:PrincipalOrgI|> } }'),
    choose: ['aws:PrincipalOrgID', '        Condition = { StringEquals = { "aws:PrincipalOrgID" = "$1" } }'],
  },
  {
    name: 'jsonencode: a principal',
    text: encoded('        Principal = { Service = "ec2|>" }', 'aws_sqs_queue_policy'),
    first: ['ec2.amazonaws.com'],
  },
  {
    name: 'jsonencode: a new statement',
    text: 'resource "aws_iam_policy" "p" {\n  policy = jsonencode({\n    Statement = [\n      |>\n    ]\n  })\n}\n',
    choose: [
      'Statement',
      '      {\n        Effect   = "${1|Allow,Deny|}"\n        Action   = ["$2"]\n        Resource = ["$3"]\n      }',
    ],
  },

  // ---- heredocs
  {
    name: 'a heredoc: a key',
    text: heredoc('        "Action": "s3:GetObject",\n        |>'),
    has: ['Resource', 'Condition'],
    lacks: ['Action'],
    choose: ['Resource', '        "Resource": ["$1"]'],
  },
  {
    name: 'a heredoc: keys of the document',
    text: 'resource "aws_iam_policy" "p" {\n  policy = <<EOT\n{\n  "Version": "2012-10-17",\n  "|>"\n}\nEOT\n}\n',
    has: ['Statement'],
  },
  {
    name: 'a heredoc: an action',
    text: heredoc('        "Action": ["s3:GetObj|>"],\n        "Resource": "*"'),
    first: ['s3:GetObject'],
    choose: ['s3:GetObject', '        "Action": ["s3:GetObject"],'],
  },
  {
    name: 'a heredoc: an action, neither quote nor bracket closed',
    text: heredoc('        "Action": ["s3:GetObj|>\n        "Resource": "*"'),
    choose: ['s3:GetObject', '        "Action": ["s3:GetObject"],'],
  },
  {
    name: 'a heredoc: behind interpolations',
    text: heredoc('        "Resource": "${aws_s3_bucket.files.arn}/*",\n        "Action": "s3:GetObj|>"'),
    first: ['s3:GetObject'],
  },
  {
    name: 'a heredoc: a bucket of the module',
    text: heredoc('        "Action": "s3:ListBucket",\n        "Resource": "|>"'),
    first: ['${aws_s3_bucket.files.arn}'],
    choose: ['${aws_s3_bucket.files.arn}', '        "Resource": "${aws_s3_bucket.files.arn}"'],
  },
  {
    name: 'a heredoc: principals of a resource policy',
    text: heredoc('        "Principal": { "Service": "|>" }', 'aws_sqs_queue_policy'),
    has: ['s3.amazonaws.com', 'sns.amazonaws.com'],
  },
  {
    name: 'a heredoc that is not closed',
    text: 'resource "aws_iam_policy" "p" {\n  policy = <<EOT\n{\n  "Statement": [{\n    "Effect": "Allow",\n    "Action": "s3:GetObj|>',
    first: ['s3:GetObject'],
  },
  {
    name: 'JSON in quotes',
    text: 'resource "aws_iam_policy" "p" {\n  policy = "{\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Action\\":\\"s3:GetObj|>\\"}]}"\n}\n',
    first: ['s3:GetObject'],
    choose: [
      's3:GetObject',
      '  policy = "{\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Action\\":\\"s3:GetObject\\"}]}"',
    ],
  },
  {
    name: 'what no policy takes yet',
    text: 'locals {\n  policy = jsonencode({\n    Statement = [{\n      Effect = "Allow"\n      Action = ["s3:GetObj|>"]\n    }]\n  })\n}\n',
    first: ['s3:GetObject'],
    choose: ['s3:GetObject', '      Action = ["s3:GetObject"]'],
  },
  {
    name: 'an argument of a module',
    text: 'module "role" {\n  source = "a/b/aws"\n  policy = jsonencode({\n    Version = "2012-10-17"\n    Statement = [{\n      Effect = "Allow"\n      |>\n    }]\n  })\n}\n',
    has: ['Action', 'Principal', 'Condition'],
    lacks: ['Effect'],
  },
  {
    name: 'a local that a policy takes',
    text: 'locals {\n  statements = [{\n    Effect = "Allow"\n    Action = "s3:GetObj|>"\n  }]\n}\n\nresource "aws_iam_policy" "p" {\n  policy = jsonencode({ Statement = local.statements })\n}\n',
    first: ['s3:GetObject'],
  },

  // ---- where nothing is to be offered
  { name: 'not in a comment', text: statement('    # actions = ["s3:|>"]'), none: true },
  { name: 'not in another argument', text: statement('').replace('bucket = "files"', 'bucket = "|>"'), none: true },
  { name: 'not in an interpolation', text: statement('    resources = ["${aws_s3|>}"]'), none: true },
  { name: 'not behind a value', text: statement('    effect = "Allow" |>'), none: true },
  { name: 'not in a header', text: statement('').replace('"aws_iam_policy" "p"', '"aws_iam_policy" "|>"'), none: true },
  { name: 'not between blocks', text: `${statement('')}|>`, none: true },
];
